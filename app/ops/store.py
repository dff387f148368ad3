"""What the operator's pages look up. Every query is bounded; none locks."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select

from app.hub.tables import verdict
from app.messages.tables import message
from app.people.tables import contact, person
from orders_core.orders.tables import orders
from orders_core.outbox.tables import handled, history, outbox
from orders_core.parcels.tables import checkpoint, parcel
from orders_core.stock.tables import reservation
from orders_core.tx import Tx

MOST = 200
LONGEST_NUMBER = 18  # digits of a bigint
Rows = Sequence[Row[*tuple[Any, ...]]]


def orders_named(tx: Tx, text: str) -> Rows:
    """Find orders by our number or by the reference of the shop they mirror."""
    named = orders.c.reference == text
    number = (
        int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
    )
    where = or_(named, orders.c.number == number) if number is not None else named
    return tx.execute(select(orders).where(where).limit(MOST)).all()


def orders_in_parcel(tx: Tx, number: str) -> Rows:
    """Find the orders that ship under a parcel number."""
    return tx.execute(
        select(orders)
        .join(parcel, parcel.c.order_id == orders.c.id)
        .where(parcel.c.number == number)
        .limit(MOST)
    ).all()


def people_at(tx: Tx, address: str) -> Rows:
    """Find people by a whole address, as it is stored."""
    return tx.execute(
        select(person).where(
            person.c.id.in_(select(contact.c.person_id).where(contact.c.address == address))
        )
    ).all()


def people_by_phone_tail(tx: Tx, digits: str) -> Rows:
    """Find people by the last digits of their phone number."""
    ends = contact.c.address.endswith(digits, autoescape=True)
    tails = select(contact.c.person_id).where(contact.c.channel == "sms", ends)
    return tx.execute(select(person).where(person.c.id.in_(tails)).limit(MOST)).all()


def people_named(tx: Tx, reference: str) -> Rows:
    """Find a person by the shop's own id of them."""
    return tx.execute(select(person).where(person.c.reference == reference)).all()


def order(tx: Tx, order_id: UUID) -> Row[Any] | None:
    """Return one order's row."""
    return tx.execute(select(orders).where(orders.c.id == order_id)).one_or_none()


def one_person(tx: Tx, person_id: UUID) -> Row[Any] | None:
    """Return one person's row."""
    return tx.execute(select(person).where(person.c.id == person_id)).one_or_none()


def contacts(tx: Tx, person_id: UUID) -> Rows:
    """Return a person's addresses."""
    return tx.execute(
        select(contact).where(contact.c.person_id == person_id).order_by(contact.c.channel)
    ).all()


def latest_orders(tx: Tx, person_id: UUID) -> Rows:
    """Return a person's newest orders, newest first."""
    return tx.execute(
        select(orders)
        .where(orders.c.person_id == person_id)
        .order_by(orders.c.placed_at.desc())
        .limit(MOST)
    ).all()


def one_message(tx: Tx, message_id: UUID) -> Row[Any] | None:
    """Return one message's row."""
    return tx.execute(select(message).where(message.c.id == message_id)).one_or_none()


def verdicts_of_order(tx: Tx, order_id: UUID) -> Rows:
    """Return what was decided about an order's news, oldest first."""
    return tx.execute(
        select(verdict).where(verdict.c.order_id == order_id).order_by(verdict.c.id).limit(MOST)
    ).all()


def verdicts_of_person(tx: Tx, person_id: UUID) -> Rows:
    """Return what was decided about one person, newest first."""
    return tx.execute(
        select(verdict)
        .where(verdict.c.person_id == person_id)
        .order_by(verdict.c.id.desc())
        .limit(MOST)
    ).all()


def messages_of(tx: Tx, verdict_ids: Sequence[UUID]) -> Rows:
    """Return the messages of these verdicts."""
    if not verdict_ids:
        return []
    return tx.execute(
        select(message).where(message.c.verdict_id.in_(verdict_ids)).order_by(message.c.id)
    ).all()


def messages_of_order(tx: Tx, order_id: UUID) -> Rows:
    """Return every message about an order, oldest first."""
    return tx.execute(
        select(message).where(message.c.order_id == order_id).order_by(message.c.id).limit(MOST)
    ).all()


def parcels_of(tx: Tx, order_id: UUID) -> Rows:
    """Return the parcels an order ships in."""
    return tx.execute(select(parcel).where(parcel.c.order_id == order_id)).all()


def checkpoints_of(tx: Tx, parcel_ids: Sequence[UUID]) -> Rows:
    """Return what carriers said of these parcels, in the order it was written here."""
    if not parcel_ids:
        return []
    return tx.execute(
        select(checkpoint).where(checkpoint.c.parcel_id.in_(parcel_ids)).order_by(checkpoint.c.id)
    ).all()


def reservations_of(tx: Tx, order_id: UUID) -> Rows:
    """Return the stock an order claims or claimed."""
    return tx.execute(select(reservation).where(reservation.c.order_id == order_id)).all()


def events_of(tx: Tx, entity_ids: Sequence[UUID]) -> Rows:
    """Return the changes of these entities with how far the telling of each has come."""
    return tx.execute(
        select(
            history,
            outbox.c.state,
            outbox.c.attempts,
            outbox.c.error,
            outbox.c.closed_by,
            outbox.c.close_reason,
        )
        .join(outbox, outbox.c.id == history.c.id, isouter=True)
        .where(history.c.entity_id.in_(entity_ids))
        .order_by(history.c.id)
        .limit(MOST * 5)
    ).all()


def handlers_of(tx: Tx, event_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """Return who handled each of these events."""
    found: dict[UUID, list[str]] = {}
    if event_ids:
        rows = tx.execute(
            select(handled.c.event_id, handled.c.consumer)
            .where(handled.c.event_id.in_(event_ids))
            .order_by(handled.c.consumer)
        )
        for event_id, consumer in rows:
            found.setdefault(event_id, []).append(consumer)
    return found


def verdicts_by_id(tx: Tx, verdict_ids: Sequence[UUID]) -> Rows:
    """Return these verdicts."""
    return tx.execute(select(verdict).where(verdict.c.id.in_(verdict_ids))).all()
