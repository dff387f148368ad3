"""One decision asked for in a line, and the times and bounds that tests of decisions share."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.hub.bell_rules import Bells
from app.hub.bounds import Bounds
from app.hub.catalogue import (
    ANNOUNCEMENT,
    ORDER_SHIPPED,
    Notice,
)
from app.hub.decide import decide
from app.hub.pressure import heard
from app.hub.question import Standing
from app.hub.verdict import Send, Verdict
from app.people.choices import Category
from app.people.recipient import Recipient
from tests.cast import ANA

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, 13:00 in Tokyo
NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
MORNING = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai the next day
BOUNDS = Bounds()
MUTED = replace(ANA, mutes_order=True)
PAUSED = replace(ANA, paused_until=NOON + timedelta(days=1))
SMS_ALONE = replace(ORDER_SHIPPED, channels=("sms",))  # type: ignore[arg-type]
STILL = Bounds(bells=Bells(still={"order_shipped": ("email", "inapp", "sms")}))


def told(
    notice: Notice,
    person: Recipient = ANA,
    *,
    at: datetime = NOON,
    bounds: Bounds = BOUNDS,
    pressure: Sequence[int] = (),
    standing: Standing | None = None,
) -> Verdict:
    return decide(notice, person, pressure, bounds, at, standing=standing)


def without(person: Recipient, category: Category, *channels: str) -> Recipient:
    return replace(person, preferences={(category, channel): False for channel in channels})


def heard_lately(*times: datetime) -> list[int]:
    answer = Send(("inapp", "email", "push"))
    return sorted(entry for at in times for entry in heard(answer, ANNOUNCEMENT, at))
