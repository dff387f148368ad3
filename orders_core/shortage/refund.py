"""Units that are short go off their order, and their money goes back."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders.move import move_one
from orders_core.orders.moves import Reason
from orders_core.orders.order import Fulfilment, OrderStatus
from orders_core.shortage import line_store, store
from orders_core.shortage.choice import Chosen
from orders_core.shortage.cut import take_off
from orders_core.shortage.rewrite import by_sku, let_go, rewrite
from orders_core.shortage.short import Act, State
from orders_core.shortage.store import Shortage
from orders_core.tx import Tx


def refund(tx: Tx, order_id: OrderId, owed: Sequence[Shortage], *, change: Change) -> Chosen:
    """Take locked shortages off their (locked) order; all that was left of it is cancelled."""
    values = {"chosen_by": change.by, "chosen_at": change.at, "settled_at": change.at}
    for one in owed:
        store.settle(tx, one, one.quantity, {"state": State.REFUNDED, **values})
    units = by_sku(owed)
    present, rows = line_store.facts(tx, order_id), line_store.lines(tx, order_id)
    refund_id: UUID | None = None
    if present.fulfilment is Fulfilment.UNFULFILLED and units == line_store.summed(rows):
        called_off = replace(change, why=Reason.OUT_OF_STOCK)
        move_one(tx, order_id, OrderStatus.CANCELLED, change=called_off)
        back = present.paid_minor - present.refund_minor
    else:
        let_go(tx, owed, change=change)
        back, refund_id = rewrite(tx, owed, take_off(rows, units), present, change=change)
    return Chosen(
        order_id=order_id,
        act=Act.REFUND,
        units=sum(units.values()),
        refunded_minor=back,
        refund_id=refund_id,
    )
