"""News that takes the place of what still waits to say something else of the same matter."""

from collections.abc import Sequence
from datetime import datetime

from app.hub import release_store as store
from app.hub.decision import Decision
from app.hub.release_store import Then
from app.hub.verdict import Because
from orders_core.tx import Tx


def overtake(tx: Tx, decisions: Sequence[Decision], *, now: datetime) -> int:
    """Cancel the bells still queued that newer news of their order replaces; return how many.

    Whether that news itself may ring does not matter: the older is not true any more. What a worker
    holds at this moment leaves.
    """
    newest = {
        made.wish.order_id: made
        for made in decisions
        if made.wish.order_id is not None and made.wish.what.replaces
    }
    if not newest:
        return 0
    held = store.take_of_orders(tx, newest, but={made.id for made in newest.values()})
    old = [
        one
        for one in held
        if one.order_id is not None and one.notice in newest[one.order_id].wish.what.replaces
    ]
    store.write(tx, [(one, Then.cancelled(one, Because.SUPERSEDED)) for one in old], now=now)
    return len(old)
