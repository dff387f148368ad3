"""What gives way where a shelf turns out to hold less than is promised."""

from app.orders.short_rule import make_room_by_table
from orders_core.events import Change
from orders_core.stock.level import MakeWay
from orders_core.tx import Tx


def way_maker(tx: Tx, *, change: Change) -> MakeWay:
    """Return what a count or a scrap asks first: orders that cannot ship turn short, by table."""

    def make_way(code: str, warehouse: str, on_hand: int) -> None:
        make_room_by_table(tx, code, warehouse, on_hand=on_hand, change=change)

    return make_way
