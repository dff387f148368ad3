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
    ORDER_UPDATED = "order.updated"
    PARCEL_ANNOUNCED = "parcel.announced"
    PARCEL_PICKED_UP = "parcel.picked_up"
    PARCEL_IN_TRANSIT = "parcel.in_transit"
    PARCEL_AT_STATION = "parcel.at_station"
    PARCEL_OUT_FOR_DELIVERY = "parcel.out_for_delivery"
    PARCEL_ATTEMPT_FAILED = "parcel.attempt_failed"
    PARCEL_DELIVERED = "parcel.delivered"
    PARCEL_EXCEPTION = "parcel.exception"
    PARCEL_RESCHEDULED = "parcel.rescheduled"
    PARCEL_UPDATED = "parcel.updated"


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
