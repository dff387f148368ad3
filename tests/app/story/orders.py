"""Orders and parcels of the tests, as they stand: pure, in Shanghai, on a Tuesday afternoon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.people.recipient import Recipient
from app.story.facts import Facts
from orders_core.ids import OrderId, ParcelId, PersonId, new_id
from orders_core.orders.order import Line, Order, OrderStatus
from orders_core.parcels.parcel import Checkpoint, Parcel, ParcelStatus

SHANGHAI = "Asia/Shanghai"
NOW = datetime(2026, 11, 10, 6, 0, tzinfo=UTC)  # Tuesday 14:00 in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEA = Line(code="TEA", title="Longjing tea", title_zh="龙井茶", quantity=2, unit_minor=8400)
LIN = Recipient(
    person_id=PersonId(new_id()),
    name="林小满",
    locale="zh",
    zone=SHANGHAI,
    addresses={
        "inapp": ("x",),
        "sms": ("+8613812345678",),
        "email": ("lin@mail.example",),
    },
)
TIMES = ("placed_at", "paid_at", "shipped_at", "delivered_at")


def order(status: str, **given: Any) -> Order:
    """An order that came this far, an hour and a half ago and half an hour a step."""
    way = [OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED]
    place = way.index(OrderStatus(status)) if status in way else 0
    facts: dict[str, Any] = dict.fromkeys(TIMES)
    facts |= {
        name: NOW - 2 * HOUR + step * timedelta(minutes=30)
        for step, name in enumerate(TIMES[: place + 1])
    }
    facts["cancelled_at"] = NOW - HOUR if status == "cancelled" else None
    return Order(
        **{
            "id": OrderId(new_id()),
            "number": 100482,
            "source": "shop",
            "reference": None,
            "mirrored": False,
            "person_id": LIN.person_id,
            "status": OrderStatus(status),
            "currency": "CNY",
            "total_minor": 16800,
            "payment_reference": None,
            "version": 1,
            "lines": (TEA,),
            **facts,
            **given,
        }
    )


def parcel(status: str, **given: Any) -> Parcel:
    """A parcel last scanned six hours ago in Hangzhou."""
    facts: dict[str, Any] = {
        "id": ParcelId(new_id()),
        "carrier": "快燕速运",
        "number": "KY1390482217654",
        "status": ParcelStatus(status),
        "last_scan_at": NOW - 6 * HOUR,
        "last_place": "杭州",
    }
    if status == "announced":
        facts |= {"last_scan_at": None, "last_place": None}
    return Parcel(**facts | given)


def facts(of: Order, *parcels: Parcel, **given: Any) -> Facts:
    """All that is known of an order."""
    return replace(Facts(order=of, person=LIN, parcels=parcels), **given)


def checkpoint(status: str, hours_ago: float, place: str = "", **given: Any) -> Checkpoint:
    """One thing the carrier said."""
    at = NOW - timedelta(hours=hours_ago)
    return Checkpoint(at=at, code=ParcelStatus(status), place=place, **given)
