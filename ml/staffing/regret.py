"""What a plan cost beside one that had known: hours too many, and slots with too few people."""

from collections.abc import Sequence
from dataclasses import dataclass

from ml.staffing.erlang import ImpossibleTarget
from ml.staffing.people import Target, level, people_needed


@dataclass(frozen=True, kw_only=True)
class Regret:
    """A plan against the oracle, which knew every rate; hours are of people on duty."""

    planned_hours: float
    oracle_hours: float
    kept_share: float  #: of the slots in which anybody wrote, those that kept the target

    @property
    def extra_share(self) -> float:
        """How many more hours than the oracle's, as a share of its; below 0 where fewer."""
        return self.planned_hours / self.oracle_hours - 1 if self.oracle_hours else 0.0


def regret(
    people: Sequence[int], rates: Sequence[float], target: Target, *, slot_hours: float
) -> Regret:
    """Hold a plan against the rates that came true, slot by slot.

    Args:
        people: As planned.
        rates: Contacts an hour as they came.
        target: What was promised; a slot keeps it if Erlang A says so of its rate and its people.
        slot_hours: The length of a slot.

    Raises:
        ImpossibleTarget: If the two are not equally long.
    """
    if len(people) != len(rates):
        raise ImpossibleTarget("people and rates have as many slots as each other")
    oracle = [people_needed([rate], target) for rate in rates]
    busy = [(rate, there) for rate, there in zip(rates, people, strict=True) if rate > 0]
    kept = sum(level(rate, there, target) >= target.share for rate, there in busy)
    return Regret(
        planned_hours=sum(people) * slot_hours,
        oracle_hours=sum(oracle) * slot_hours,
        kept_share=kept / len(busy) if busy else 1.0,
    )
