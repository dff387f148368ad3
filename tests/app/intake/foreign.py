"""Snapshots of a foreign shop, as its events carry them, and a house that can ring."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.house import House
from app.intake.take import Terms
from app.messages.capture import InboxRecord
from app.settings import Settings
from channels.fake.channel import Fake
from channels.inapp.channel import InApp
from orders_core.events import Ring
from tests.shop import Shop

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROAD = ("placed", "paid", "shipped", "delivered")


def order(version: int, status: str, reference: str = "A1", **more: Any) -> dict[str, Any]:
    """Return the data of one `order.snapshot`, seen `version` hours before the shop's Monday."""
    body: dict[str, Any] = {
        "reference": reference,
        "version": version,
        "status": status,
        "occurred_at": (MONDAY - 9 * HOUR + version * HOUR).isoformat(),
        "customer": {
            "reference": "c-1",
            "name": "林小雨",
            "email": "xiaoyu@mail.example",
            "locale": "zh-CN",
            "zone": "Asia/Shanghai",
        },
        "total": {"amount_minor": 9800, "currency": "CNY"},
        "lines": [
            {
                "code": "MUG",
                "title": "马克杯",
                "quantity": 2,
                "unit": {"amount_minor": 4900, "currency": "CNY"},
            }
        ],
    }
    return body | more


def event(data: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a CloudEvent around it; its id is the order's reference and version."""
    envelope = {
        "specversion": "1.0",
        "id": f"{data.get('reference')}-{data.get('version')}",
        "source": "taoli",
        "type": "order.snapshot",
        "time": MONDAY.isoformat(),
        "data": data,
    }
    return envelope | more


def terms(ring: Ring = Ring.NEVER) -> Terms:
    """Return terms of an intake on Monday."""
    return Terms(by="test", ring=lambda _: ring, now=MONDAY, locale="zh", zone="Asia/Shanghai")


def house_of(shop: Shop) -> House:
    """Return the house over a shop whose messages leave for nowhere but the inbox."""
    left: list[Any] = []
    inbox = InApp("inapp", InboxRecord(shop.engine, shop.clock))
    bells = {name: Fake(name, left.append) for name in ("email", "sms", "push")}
    return House(
        settings=Settings(mode="test"),
        engine=shop.engine,
        clock=shop.clock,
        channels={"inapp": inbox, **bells},
    )
