"""What is reserved for nobody who has bought goes before any order does: buckets, then bookings."""

from orders_core.events import Change
from orders_core.shortage import claim_store, find_store
from orders_core.shortage.claim_store import RELEASED
from orders_core.stock import bucket, bucket_store, shelf_store
from orders_core.stock.shelf_store import Key
from orders_core.tx import Tx


def give_up(tx: Tx, key: Key, units: int, *, change: Change) -> int:
    """Let go of at most so many units of a locked level that no order holds; return how many.

    First what bookings hold past their time, then what lies in buckets, then what live bookings
    hold, the latest first: these claim it anew when they are confirmed, or are told it is gone.
    """
    if units <= 0:
        return 0
    freed = shelf_store.let_go(tx, [key], now=change.at).get(key, 0)
    taken = bucket.gather(bucket_store.lock_all(tx, key), max(units - freed, 0))
    if taken:
        bucket_store.take_from_many(tx, key, taken)
    free = sum(taken.values())
    booked = find_store.held_by_bookings(tx, key)
    left = max(units - freed - free, 0)
    let_go = claim_store.turn(tx, booked, left, into=RELEASED, ended_at=change.at)
    shelf_store.promise(tx, {key: -(free + let_go)}, change=change)
    return freed + free + let_go
