"""How the shop's weeks go: what each hour weighs, and the two promotions. Pure.

Times are aware; hours are read on the clock of Shanghai, where the shop is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.goods import BELL, BLANKET, SET, TEA, UMBRELLA

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = 60
HOUR = timedelta(hours=1)
OF_THE_DAY = (
    *(6, 3, 2, 1, 1, 2, 5, 12, 24, 36, 44, 42),
    *(40, 34, 30, 32, 36, 38, 40, 52, 66, 70, 52, 24),
)
OF_THE_WEEK = (0.92, 0.90, 0.94, 0.98, 1.06, 1.18, 1.12)  # Monday first
SALE_ORDERS, SALE_CONTACTS = 5.0, 2.4
SHIFTS = ((0, 1), (8, 3), (9, 4), (12, 3), (14, 4), (18, 4), (22, 2))  # from this hour, so many
DOORS_HOUR = 20


@dataclass(frozen=True)
class Promotion:
    """A sale with a beginning and an end, as the API takes it."""

    reference: str
    name_zh: str
    name_en: str
    starts_at: datetime
    ends_at: datetime
    skus: Sequence[str]

    def body(self) -> dict[str, Any]:
        """Return it without its reference."""
        return {
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "skus": list(self.skus),
        }

    def holds(self, at: datetime) -> bool:
        """Say whether it is on."""
        return self.starts_at <= at < self.ends_at


def tonight(anchor: datetime) -> Promotion:
    """Return the promotion whose doors open next: at eight, for four hours."""
    local = anchor.astimezone(SHANGHAI)
    opens = local.replace(hour=DOORS_HOUR, minute=0, second=0, microsecond=0)
    if opens < local:
        opens += timedelta(days=1)
    return Promotion(
        reference="eve-of-double-eleven",
        name_zh="双十一前夜",
        name_en="Eve of Double Eleven",
        starts_at=opens,
        ends_at=opens + 4 * HOUR,
        skus=(UMBRELLA, TEA, BLANKET, SET, BELL),
    )


def autumn(anchor: datetime) -> Promotion:
    """Return the promotion of 24 days ago: a Saturday, from ten to midnight."""
    day = anchor.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    opens = day.replace(hour=10) - timedelta(days=24)
    return Promotion(
        reference="autumn-sale",
        name_zh="秋日小集",
        name_en="Autumn sale",
        starts_at=opens,
        ends_at=opens + 14 * HOUR,
        skus=(TEA, BLANKET, BELL),
    )


def hours(anchor: datetime) -> Sequence[datetime]:
    """Return the full hours of the sixty days before, the oldest first."""
    last = anchor.replace(minute=0, second=0, microsecond=0)
    return [last - HOUR * back for back in range(DAYS * 24, 0, -1)]


def order_weight(at: datetime, sale: Promotion) -> float:
    """Say what an hour weighs in orders."""
    local = at.astimezone(SHANGHAI)
    usual = OF_THE_DAY[local.hour] * OF_THE_WEEK[local.weekday()]
    return usual * (SALE_ORDERS if sale.holds(at) else 1.0)


def roster(anchor: datetime) -> Sequence[dict[str, Any]]:
    """Return who is planned to work: as every week, tonight too, from yesterday for four days."""
    first = anchor.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [first + HOUR * ahead for ahead in range(-24, 96)]
    return [{"hour": at.isoformat(), "people": _on_shift(at.hour)} for at in days]


def _on_shift(hour: int) -> int:
    return [people for since, people in SHIFTS if hour >= since][-1]
