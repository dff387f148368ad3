"""An order without the units it is short of: its reservations, its lines, its money, one UPDATE."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from orders_core.events import Change
from orders_core.ids import OrderId, SkuId
from orders_core.orders.order import NOT_YET_PAID, Cause, Fulfilment
from orders_core.orders.refund import write
from orders_core.shortage import line_store
from orders_core.shortage.cut import Cut
from orders_core.shortage.line_store import ALL_SENT, Facts
from orders_core.shortage.store import Shortage
from orders_core.stock import settle
from orders_core.stock.settle import Ending, Units
from orders_core.tx import Tx


def by_sku(owed: Sequence[Shortage]) -> Mapping[SkuId, int]:
    """Sum what is owed by SKU."""
    units: Counter[SkuId] = Counter()
    for one in owed:
        units[one.sku_id] += one.quantity
    return units


def let_go(tx: Tx, owed: Sequence[Shortage], *, change: Change) -> None:
    """Release the short units of shortages that were settled; their levels are locked."""
    units = [Units(one.order_id, one.sku_id, one.quantity, warehouse=one.warehouse) for one in owed]
    settle.end_units(tx, units, Ending.RELEASED, change=change)


def rewrite(
    tx: Tx, owed: Sequence[Shortage], cut: Cut, present: Facts, *, change: Change
) -> tuple[int, UUID | None]:
    """Write a locked order without what was settled; return what is asked back, and the refund."""
    order_id = owed[0].order_id
    line_store.write_lines(tx, order_id, cut, version=present.version)
    back = asked_back(present, cut.less_minor)
    refund_id = write(
        tx,
        order_id,
        money=(back, present.currency),
        cause=Cause.SHORT,
        cause_id=owed[0].id,
        change=change,
    )
    values: dict[str, Any] = {
        "short_units": present.short_units - sum(by_sku(owed).values()),
        "lines_version": present.version + 1,
    }
    if is_last(tx, order_id, present):
        values |= {**ALL_SENT, "shipped_at": change.at}
    line_store.change_order(
        tx,
        order_id,
        less_minor=cut.less_minor,
        refund_minor=back if refund_id else 0,
        values=values,
        change=change,
    )
    return back if refund_id else 0, refund_id


def asked_back(present: Facts, less_minor: int) -> int:
    """Say how much money must go back when an order is worth so much less: none that never came."""
    here = present.paid_minor - present.refund_minor
    if present.payment in NOT_YET_PAID:
        return max(0, here - (present.total_minor - less_minor))
    return max(0, min(less_minor, here))


def is_last(tx: Tx, order_id: OrderId, present: Facts) -> bool:
    """Say whether a partly shipped order has nothing more to send."""
    return present.fulfilment is Fulfilment.PARTLY_SHIPPED and not settle.live(tx, [order_id])
