"""The statements that lock orders and change them; each has its guard in its WHERE."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Select, case, select, update

from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders.moves import Move
from orders_core.orders.order import Order, OrderStatus, Payment, Standing
from orders_core.orders.refund_store import about
from orders_core.orders.store import COLUMNS, order_of
from orders_core.orders.tables import orders
from orders_core.tx import Tx

FACTS = [field.name for field in fields(Order) if field.name not in {"id", "version", "lines"}]


def lock(tx: Tx, ids: Sequence[OrderId]) -> dict[OrderId, Order]:
    """Lock the orders in id order and read how each stands, without its lines."""
    return _read(tx, _in_order(ids).with_for_update())


def lock_free(tx: Tx, ids: Sequence[OrderId]) -> dict[OrderId, Order]:
    """Lock those of the orders that nobody else holds, in id order; the rest are left out."""
    return _read(tx, _in_order(ids).with_for_update(skip_locked=True))


def peek(tx: Tx, order_id: OrderId) -> Order | None:
    """Read how an order stands, without its lines and without a lock."""
    return _read(tx, _in_order([order_id])).get(order_id)


def _in_order(ids: Sequence[OrderId]) -> Select[Any]:
    return select(*COLUMNS).where(orders.c.id.in_(ids)).order_by(orders.c.id)


def _read(tx: Tx, query: Select[Any]) -> dict[OrderId, Order]:
    return {OrderId(row.id): order_of(row) for row in tx.execute(query)}


def move(tx: Tx, ids: Sequence[OrderId], to: OrderStatus, along: Move, *, change: Change) -> None:
    """Move several orders along one move whose target the status `to` says alone."""
    tx.execute(
        update(orders)
        .where(orders.c.id.in_(ids), orders.c[along.axis].in_(along.sources))
        .values(
            {
                "status": to,
                along.axis: along.target,
                f"{to}_at": change.at,
                "skipped": [],
                **(_money_back() if along.target is Standing.CANCELLED else {}),
                **about(change),
            }
        )
    )


def _money_back() -> Mapping[str, Any]:
    """What came in and was not asked back goes back with the order; nothing is owed any more."""
    owes = orders.c.paid_minor > orders.c.refund_minor
    return {
        "payment": case((owes, Payment.REFUND_DUE), else_=orders.c.payment),
        "refund_minor": orders.c.paid_minor,
        "short_units": 0,
    }


def write(tx: Tx, before: Order, after: Order, *, change: Change) -> None:
    """Write what differs between a locked order and what becomes of it, in one UPDATE.

    Raises:
        LookupError: If the order is not as `before` says: it was not locked.
    """
    differs = {
        name: getattr(after, name)
        for name in FACTS
        if getattr(after, name) != getattr(before, name)
    }
    written = tx.execute(
        update(orders)
        .where(orders.c.id == before.id, orders.c.version == before.version)
        .values({**differs, "skipped": [], **about(change)})
    )
    if written.rowcount != 1:
        raise LookupError(f"order {before.id} moved on from version {before.version} unlocked")
