"""The steps of an order, each with its time, as far as anybody said. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.story.facts import Facts
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import ParcelStatus

WAY = (OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED)


class Stand(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"  #: the last one that is done
    PART = "part"  #: done for some of it
    UNTOLD = "untold"  #: passed by, and nobody said when or whether
    AHEAD = "ahead"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; `at` is absent where it lies ahead or nobody said when it was."""

    name: OrderStatus
    stand: Stand
    at: datetime | None = None


def steps(facts: Facts) -> tuple[Step, ...]:
    """Return placed, paid, shipped, delivered; an order that was cancelled ends with that."""
    reached = _reached(facts)
    times = _times(facts)
    if facts.order.status is OrderStatus.CANCELLED:
        done = [name for name in WAY[:2] if name is OrderStatus.PLACED or facts.is_paid]
        return (
            *(Step(name=name, stand=Stand.DONE, at=times[name]) for name in done),
            Step(name=OrderStatus.CANCELLED, stand=Stand.NOW, at=facts.order.cancelled_at),
        )
    return tuple(
        Step(name=name, stand=_stand(facts, name, reached), at=times[name]) for name in WAY
    )


def _reached(facts: Facts) -> int:
    """Say how far the order is: by its own word, or by its carrier's where that is further."""
    own = WAY.index(facts.order.status) if facts.order.status in WAY else 0
    if facts.has_arrived:
        return len(WAY) - 1
    if facts.is_parted:
        return WAY.index(OrderStatus.PAID)
    return max(own, WAY.index(OrderStatus.SHIPPED)) if facts.has_moved else own


def _stand(facts: Facts, name: OrderStatus, reached: int) -> Stand:
    place = WAY.index(name)
    if name is OrderStatus.SHIPPED and facts.is_parted:
        return Stand.PART
    if place > reached:
        return Stand.AHEAD
    if place == reached:
        return Stand.NOW
    if name is OrderStatus.PAID and not facts.is_paid:
        return Stand.UNTOLD
    return Stand.DONE


def _times(facts: Facts) -> dict[OrderStatus, datetime | None]:
    order = facts.order
    return {
        OrderStatus.PLACED: order.placed_at,
        OrderStatus.PAID: order.paid_at,
        OrderStatus.SHIPPED: order.shipped_at or _first_moved(facts),
        OrderStatus.DELIVERED: order.delivered_at or _last_arrived(facts),
    }


def _first_moved(facts: Facts) -> datetime | None:
    seen = [
        said.at
        for all_said in facts.checkpoints.values()
        for said in all_said
        if said.code is not ParcelStatus.ANNOUNCED
    ]
    return min(seen, default=None)


def _last_arrived(facts: Facts) -> datetime | None:
    if not facts.has_arrived:
        return None
    return _latest([parcel.last_scan_at for parcel in facts.parcels])


def _latest(times: Sequence[datetime | None]) -> datetime | None:
    return max((at for at in times if at), default=None)
