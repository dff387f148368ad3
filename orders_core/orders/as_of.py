"""How an order stood at a past time: its history says it, and the versions of its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from orders_core.ids import OrderId
from orders_core.orders import as_of_store as store
from orders_core.orders import line_store as lines
from orders_core.orders.order import (
    Fulfilment,
    Order,
    OrderStatus,
    Payment,
    Standing,
    axes_of,
)
from orders_core.tx import Tx

WORDS = {
    "status": OrderStatus,
    "standing": Standing,
    "payment": Payment,
    "fulfilment": Fulfilment,
}
IDS = frozenset({"person_id", "ship_to", "invoice"})
NOT_TRACKED = frozenset({"id", "version", "lines"})


@dataclass(frozen=True, kw_only=True)
class Past:
    """An order as it stood, and the change that had made it so."""

    order: Order
    by: str
    why: str
    since: datetime  #: business time
    recorded_at: datetime  #: when the shop's books learnt of it


def order_as_of(
    tx: Tx, order_id: OrderId, at: datetime, *, known_at: datetime | None = None
) -> Past | None:
    """Return the order as it stood at business time `at`; None: there was none yet.

    What was found out later counts, for it was so: an unpaid order that ended at noon had ended by
    one, whenever that was written. `known_at` (machine time) leaves out what the books had not
    learnt by then.
    """
    stood = store.stood(tx, order_id, at, known_at=known_at)
    if stood is None:
        return None
    own = lines.at_version(tx, order_id, stood.version)
    order = _order(order_id, stood.version, stood.columns)
    return Past(
        order=order.moved(lines=tuple(line.line for line in own)),
        by=stood.by,
        why=stood.why,
        since=stood.since,
        recorded_at=stood.recorded_at,
    )


def _order(order_id: OrderId, version: int, columns: Mapping[str, Any]) -> Order:
    """Read an order of the columns a trigger wrote; what was not tracked then the rest tells."""
    known = dict(columns)
    if "standing" not in known:
        status = OrderStatus(known["status"])
        axes = axes_of(status, was_paid=known.get("paid_at") is not None)
        known |= {
            "standing": axes.standing,
            "payment": axes.payment,
            "fulfilment": axes.fulfilment,
        }
    facts = {
        field.name: _value(field.name, known[field.name])
        for field in fields(Order)
        if field.name not in NOT_TRACKED and field.name in known
    }
    return Order(id=order_id, version=version, **facts)


def _value(name: str, stored: Any) -> Any:
    if stored is None:
        return None
    if word := WORDS.get(name):
        return word(stored)
    if name in IDS:
        return UUID(stored)
    if name.endswith(("_at", "_until", "_from")):
        return datetime.fromisoformat(stored)
    return stored
