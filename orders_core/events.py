"""Every domain event the core can emit, and whether a change may ring anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from orders_core.ids import EventId


class Ring(StrEnum):
    """Whether a change may reach people, and at what time that is decided."""

    NOW = "now"  #: decided at the present business time: live orders
    THEN = "then"  #: decided as of the change's own time: replay and seeding
    NEVER = "never"  #: history only: back-fills, stale snapshots


class EventType(StrEnum):
    """What happened to an entity. Append only: stored history is read for years."""

    ORDER_PLACED = "order.placed"
    ORDER_PAID = "order.paid"
    ORDER_SHIPPED = "order.shipped"
    ORDER_DELIVERED = "order.delivered"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_PARTLY_SHIPPED = "order.partly_shipped"
    ORDER_RETURNED = "order.returned"
    ORDER_DEPOSIT_PAID = "order.deposit_paid"
    ORDER_BALANCE_DUE = "order.balance_due"
    ORDER_REFUND_DUE = "order.refund_due"
    ORDER_REFUNDED = "order.refunded"
    ORDER_UNPAID = "order.unpaid"
    ORDER_UNFULFILLED = "order.unfulfilled"
    ORDER_SHORT = "order.short"
    ORDER_SHORT_SETTLED = "order.short_settled"
    ORDER_ADDRESS_CHANGED = "order.address_changed"
    ORDER_INVOICE_ASKED = "order.invoice_asked"
    ORDER_EDITED = "order.edited"
    ORDER_UPDATED = "order.updated"
    REFUND_ASKED = "refund.asked"
    REFUND_MADE = "refund.made"
    REFUND_UPDATED = "refund.updated"
    RETURN_REQUESTED = "return.requested"
    RETURN_APPROVED = "return.approved"
    RETURN_REJECTED = "return.rejected"
    RETURN_RECEIVED = "return.received"
    RETURN_CLOSED = "return.closed"
    RETURN_UPDATED = "return.updated"
    STOCK_OPENED = "stock.opened"
    STOCK_LOW = "stock.low"
    STOCK_OUT = "stock.out"
    STOCK_BACK = "stock.back"
    STOCK_PLENTY = "stock.plenty"
    STOCK_UPDATED = "stock.updated"
    PRICE_CHANGED = "price.changed"
    PARCEL_ANNOUNCED = "parcel.announced"
    PARCEL_PICKED_UP = "parcel.picked_up"
    PARCEL_IN_TRANSIT = "parcel.in_transit"
    PARCEL_AT_STATION = "parcel.at_station"
    PARCEL_OUT_FOR_DELIVERY = "parcel.out_for_delivery"
    PARCEL_ATTEMPT_FAILED = "parcel.attempt_failed"
    PARCEL_DELIVERED = "parcel.delivered"
    PARCEL_EXCEPTION = "parcel.exception"
    PARCEL_RETURNING = "parcel.returning"
    PARCEL_RETURNED = "parcel.returned"
    PARCEL_RELABELLED = "parcel.relabelled"
    PARCEL_RESCHEDULED = "parcel.rescheduled"
    PARCEL_UPDATED = "parcel.updated"
    PERSON_ERASED = "person.erased"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One change of one tracked row, as its trigger wrote it.

    `old` and `new` hold the row's tracked columns (old is None for an insert); times in them are
    ISO 8601 text. `version` counts the entity's changes from 1 without gaps.
    """

    id: EventId
    type: EventType
    entity: str
    entity_id: Any
    version: int
    old: Mapping[str, Any] | None
    new: Mapping[str, Any]
    ring: Ring
    by: str
    why: str
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True)
class Change:
    """Who changes something, why, at what business time, and whether that may ring anybody."""

    by: str
    why: str
    at: datetime
    ring: Ring = Ring.NOW
