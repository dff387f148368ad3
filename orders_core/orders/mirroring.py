"""Take snapshots of foreign orders, hundreds at once, and keep their mirrors up to date."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from orders_core.events import Change, Ring
from orders_core.ids import OrderId, new_id
from orders_core.orders import mirror_store as store
from orders_core.orders.mirror import Came, Snapshot, came, merge
from orders_core.orders.mirror_store import Held, Name, Writing
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx

RingAt = Callable[[datetime], Ring]


@dataclass(frozen=True, kw_only=True)
class Mirrored:
    """What became of one snapshot: how it came, and its order as it stands after the batch."""

    came: Came
    order_id: OrderId
    status: OrderStatus


def mirror(tx: Tx, snapshots: Sequence[Snapshot], *, by: str, ring: RingAt) -> list[Mirrored]:
    """Fold each snapshot into its order's mirror; say of each, in the order given, how it came.

    Snapshots of one order are taken from oldest to newest, each as a change of its own, so every
    move has its event. `ring` says for the time of a snapshot whether it may reach anybody; one
    that came late or whose time is guessed never does. No stock is claimed and none released.
    Locks: orders by (source, reference).
    """
    queues = _oldest_first(snapshots)
    oldest = {name: snapshots[queue[0]] for name, queue in queues.items()}
    held = _open(tx, oldest, by=by, ring=ring)
    how = {queue[0]: Came.NEWS for name, queue in queues.items() if held[name].is_new}
    rest = [queue[1:] if held[name].is_new else queue for name, queue in queues.items()]
    for step in zip_longest(*rest):
        writings: dict[Name, Writing] = {}
        for place in (place for place in step if place is not None):
            snapshot = snapshots[place]
            before = held[snapshot.name]
            how[place] = came(before.mirror, snapshot)
            after = merge(before.mirror, snapshot)
            if after != before.mirror:
                change = _about(snapshot, how[place], by=by, ring=ring)
                writings[snapshot.name] = Writing(
                    before.order_id, before.mirror, after, change, before.version
                )
        versions = store.write(tx, list(writings.values()))
        for name, one in writings.items():
            held[name] = Held(one.order_id, one.after, versions[one.order_id])
    return [_outcome(how[place], held[s.name]) for place, s in enumerate(snapshots)]


def _outcome(how: Came, held: Held) -> Mirrored:
    return Mirrored(came=how, order_id=held.order_id, status=held.mirror.status)


def _oldest_first(snapshots: Sequence[Snapshot]) -> dict[Name, list[int]]:
    """Queue for each order the places of its snapshots in the batch, the oldest first."""
    queues: dict[Name, list[int]] = {}
    by_age = sorted(enumerate(snapshots), key=lambda pair: (pair[1].name, pair[1].age))
    for place, snapshot in by_age:
        queues.setdefault(snapshot.name, []).append(place)
    return queues


def _open(tx: Tx, oldest: Mapping[Name, Snapshot], *, by: str, ring: RingAt) -> dict[Name, Held]:
    """Make the orders that are not known yet from their oldest snapshot; lock all others."""
    known = store.names_known(tx, list(oldest))
    fresh = {
        name: Writing(
            OrderId(new_id()),
            None,
            snapshot.alone(),
            _about(snapshot, Came.NEWS, by=by, ring=ring),
        )
        for name, snapshot in oldest.items()
        if name not in known
    }
    added = store.add(tx, fresh)
    others = store.lock(tx, [name for name in oldest if name not in added])
    made = {name: Held(fresh[name].order_id, fresh[name].after, is_new=True) for name in added}
    return {**others, **made}


def _about(snapshot: Snapshot, how: Came, *, by: str, ring: RingAt) -> Change:
    is_silent = how is not Came.NEWS or snapshot.is_guessed
    return Change(
        by=by,
        why=f"{'late ' if how is Came.LATE else ''}snapshot {snapshot.source_version}",
        at=snapshot.occurred_at,
        ring=Ring.NEVER if is_silent else ring(snapshot.occurred_at),
    )
