"""Orders that are short, made the way they come about: bought, paid, and then counted away."""

from datetime import datetime, timedelta

from sqlalchemy import text

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders.place import WAREHOUSE
from orders_core.shortage.find import make_room
from orders_core.shortage.short import Rank, paid_first
from orders_core.stock import level as counting
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, paid
from tests.shop import MORNING

NEXT_WEEK = MORNING + timedelta(days=7)


def counted(
    tx: Tx, on_hand: int, *, code: str = MUG, rank: Rank = paid_first, at: datetime = MORNING
) -> list[OrderId]:
    """Count a shelf, making room before; return the orders that lost by it."""
    by = Change(by="clerk", why="counted", at=at)
    lost = make_room(tx, code, WAREHOUSE, on_hand=on_hand, rank=rank, change=by)
    counting.count(tx, code, WAREHOUSE, on_hand=on_hand, oversell_limit=None, change=by)
    return list(lost)


def short(tx: Tx, *lines: tuple[str, int], left: int = 0) -> OrderId:
    """Make one paid order short of all but `left` of the first goods it bought."""
    code, _ = lines[0]
    fill(tx, dict(lines))
    order_id = paid(tx, bought(tx, *lines))
    counted(tx, left, code=code)
    return order_id


def shopper(at: datetime = MORNING) -> Change:
    """The shopper chooses something."""
    return change("shopper", why="asked_by_shopper", at=at)


def states(tx: Tx, order_id: OrderId) -> list[tuple[str, int]]:
    """Return the states of an order's shortages with their units, first found first."""
    rows = tx.execute(
        text("SELECT state, quantity FROM shortage WHERE order_id = :o ORDER BY found_at, id"),
        {"o": order_id},
    )
    return [(row.state, row.quantity) for row in rows]
