"""Sixty days of orders before the story begins, thrown by seeded dice. Pure.

Each order is told once, as it stands when the story begins; what has not happened by then is left
out. The newest come first, so that whoever looks early sees yesterday.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from app.demo.crowd import locale_of, reference
from app.demo.goods import EVERYDAY, Good
from app.demo.journey import CARRIERS, PLACES
from app.demo.rhythm import HOUR, autumn, hours, order_weight

ORDERS = 25_000
BATCH = 500
SOURCE = "xiaoman"
UNPAID, CALLED_OFF, LATE = 0.04, 0.03, 0.08
REGULARS = 1.6  # above 1: some people come more often than others
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
POPULAR = tuple(accumulate(1 + 6 / (1 + rank) for rank in range(len(EVERYDAY))))


@dataclass(frozen=True)
class Told:
    """One order as it is told: its snapshot, and what a carrier saw of its parcel."""

    customer: str
    reference: str
    event: Mapping[str, Any]
    parcel: tuple[str, str] | None = None  # carrier, number
    scans: Sequence[Mapping[str, Any]] = ()


def orders(anchor: datetime, *, seed: int, count: int, people: int) -> Sequence[Told]:
    """Return about `count` orders of the first `people` of the crowd, the newest first."""
    sale = autumn(anchor)
    weights = [(at, order_weight(at, sale)) for at in hours(anchor)]
    scale = count / sum(weight for _, weight in weights)
    told: list[Told] = []
    carried = 0.0
    for at, weight in weights:
        dice = Random(f"{seed}-{at.isoformat()}")  # noqa: S311 - no secret
        carried += weight * scale * dice.uniform(0.8, 1.2)
        here, carried = int(carried), carried - int(carried)
        told += _of_hour(at, here, dice, anchor=anchor, people=people)
    return told[::-1]


def _of_hour(
    at: datetime, count: int, dice: Random, *, anchor: datetime, people: int
) -> Iterator[Told]:
    moments = sorted(at + HOUR * dice.random() for _ in range(count))
    for number, placed_at in enumerate(moments, start=1):
        place = int(people * dice.random() ** REGULARS)
        yield _order(f"XM-{at:%y%m%d%H}-{number:03}", place, placed_at, dice, anchor)


def _order(name: str, place: int, placed_at: datetime, dice: Random, anchor: datetime) -> Told:
    [good] = dice.choices(EVERYDAY, cum_weights=POPULAR)
    steps = _steps(placed_at, dice)
    known = {status: when for status, when in steps.items() if when <= anchor}
    status = list(known)[-1]
    shown: dict[str, Any] = {
        "reference": name,
        "status": status,
        "occurred_at": known[status].isoformat(),
        "customer": {"reference": reference(place)},
        **_bought(good, dice.choice((1, 1, 1, 2, 3)), locale_of(place)),
        **{f"{step}_at": when.isoformat() for step, when in known.items()},
    }
    parcel: tuple[str, str] | None = None
    scans: tuple[dict[str, Any], ...] = ()
    if status == "shipped":
        parcel = (dice.choice(CARRIERS), name.replace("XM-", "XM").replace("-", ""))
        promised_at = steps["shipped"] + 3 * DAY
        shown["parcels"] = [
            {"carrier": parcel[0], "number": parcel[1], "promised_at": promised_at.isoformat()}
        ]
        scans = tuple(_scans(steps["shipped"], promised_at, dice, anchor))
    return Told(reference(place), name, event(name, shown), parcel, scans)


def event(name: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Put a snapshot into its envelope."""
    return {
        "specversion": "1.0",
        "id": name,
        "source": SOURCE,
        "type": "order.snapshot",
        "data": {"version": 1, **shown},
    }


def _bought(good: Good, quantity: int, locale: str) -> dict[str, Any]:
    unit = {"amount_minor": good.price_minor, "currency": good.currency}
    title = good.title_zh if locale == "zh" else good.title_en
    line = {"code": good.code, "title": title, "quantity": quantity, "unit": unit}
    total = {"amount_minor": good.price_minor * quantity, "currency": good.currency}
    return {"total": total, "lines": [line]}


def _steps(placed_at: datetime, dice: Random) -> dict[str, datetime]:
    """Throw what happens to an order and when: most arrive, some late, a few never leave."""
    end = dice.random()
    if end < UNPAID:
        return {"placed": placed_at, "cancelled": placed_at + 30 * MINUTE}
    paid_at = placed_at + MINUTE * dice.uniform(0.3, 9)
    if end < UNPAID + CALLED_OFF:
        called_off_at = paid_at + HOUR * dice.uniform(0.2, 5)
        return {"placed": placed_at, "paid": paid_at, "cancelled": called_off_at}
    shipped_at = paid_at + HOUR * dice.uniform(5, 30)
    days = dice.uniform(1.2, 3.0) + (dice.uniform(1.5, 4.0) if dice.random() < LATE else 0)
    return {
        "placed": placed_at,
        "paid": paid_at,
        "shipped": shipped_at,
        "delivered": shipped_at + DAY * days,
    }


def _scans(
    shipped_at: datetime, promised_at: datetime, dice: Random, anchor: datetime
) -> Iterator[dict[str, Any]]:
    """Yield what the carrier saw so far; one that will not come in time says so."""
    first = min(shipped_at + HOUR * dice.uniform(1, 6), anchor - MINUTE)
    yield {"at": first.isoformat(), "code": "picked_up", "place": dice.choice(PLACES)}
    last = first + (anchor - first) * dice.uniform(0.3, 0.95)
    seen: dict[str, Any] = {
        "at": last.isoformat(),
        "code": "in_transit",
        "place": dice.choice(PLACES),
    }
    if promised_at < anchor + DAY / 2:
        seen["expected_at"] = (max(promised_at, anchor) + DAY).isoformat()
    yield seen
