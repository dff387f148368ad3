"""What happens to one order, thrown by dice: pure, so that the same seed tells the same story."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

CARRIERS = ("kuaiyan", "tuoling", "heron")
PLACES = (
    "杭州转运中心",
    "上海浦东集散点",
    "Nanjing hub",
    "嘉兴网点",
    "Suzhou depot",
    "宁波分拨中心",
)
CALM = (4.0, 12.0)  # machine seconds between two steps


class Act(StrEnum):
    """What is done to the order."""

    PAY = "pay"
    SHIP = "ship"
    SCAN = "scan"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Step:
    """One thing that happens, so many machine seconds after the one before.

    `facts` are the body; a name that ends in `_days` counts from the day of the order.
    """

    after_seconds: float
    act: Act
    facts: dict[str, Any] = field(default_factory=dict)


def journey(dice: Random) -> Sequence[Step]:
    """Throw the steps of one order: most arrive, some late or at a station, a few never leave."""
    if dice.random() < 0.06:  # noqa: PLR2004 - one in sixteen
        return [_step(dice, Act.CANCEL, reason="asked_by_shopper")]
    promised_days = dice.randint(2, 4)
    return [
        _step(dice, Act.PAY),
        _step(dice, Act.SHIP, carrier=dice.choice(CARRIERS), promised_days=promised_days),
        _scan(dice, "picked_up"),
        *_on_the_way(dice, promised_days),
        *dice.choice((_to_the_door, _to_the_door, _second_try, _to_a_station))(dice),
        _scan(dice, "delivered"),
    ]


def _on_the_way(dice: Random, promised_days: int) -> list[Step]:
    seen = [_scan(dice, "in_transit") for _ in range(dice.randint(1, 2))]
    if dice.random() < 0.15:  # noqa: PLR2004 - one in seven is late
        seen.append(_scan(dice, "in_transit", expected_days=promised_days + dice.randint(1, 2)))
    return seen


def _to_the_door(dice: Random) -> list[Step]:
    return [_scan(dice, "out_for_delivery")]


def _second_try(dice: Random) -> list[Step]:
    return [
        _scan(dice, code) for code in ("out_for_delivery", "attempt_failed", "out_for_delivery")
    ]


def _to_a_station(dice: Random) -> list[Step]:
    code = f"{dice.randint(1, 9)}-{dice.randint(1, 9)}-{dice.randint(100, 999)}"
    return [_scan(dice, "at_station", pickup_code=code)]


def _scan(dice: Random, code: str, **facts: Any) -> Step:
    return _step(dice, Act.SCAN, code=code, place=dice.choice(PLACES), **facts)


def _step(dice: Random, act: Act, **facts: Any) -> Step:
    return Step(dice.uniform(*CALM), act, facts)
