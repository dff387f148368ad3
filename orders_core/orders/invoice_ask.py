"""Asks for the invoice of an order: one is in force, and the last word counts."""

from datetime import timedelta
from uuid import UUID

from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, new_id, show
from orders_core.orders import invoice_store as store
from orders_core.orders.invoice import Invoice, InvoiceClosed, closed
from orders_core.tx import Tx

WINDOW = timedelta(days=30)  # after the delivery, where no table says otherwise


def ask_invoice(
    tx: Tx, order_id: OrderId, wanted: Invoice, *, change: Change, window: timedelta = WINDOW
) -> UUID:
    """Ask for an invoice, which must be `checked`; return the id of the one in force.

    The one before stays readable; the same one twice changes nothing. Locks: the order.

    Args:
        window: How long after the delivery it may be asked for or changed.

    Raises:
        NotFound: If there is no such order.
        InvoiceClosed: If it is too late, or nothing was bought in the end.
    """
    order = store.lock(tx, order_id)
    if order is None:
        raise NotFound("order", show("ord", order_id))
    if order.invoice is not None and store.read(tx, order_id) == wanted:
        return order.invoice
    if because := closed(order, window=window, at=change.at):
        raise InvoiceClosed(order_id, because)
    invoice_id = new_id()
    store.add(tx, order_id, invoice_id, wanted, change=change)
    store.point_at(tx, order_id, invoice_id, change=change)
    return invoice_id


def invoice_of(tx: Tx, order_id: OrderId) -> Invoice | None:
    """Read the invoice that is in force, if one was asked for."""
    return store.read(tx, order_id)
