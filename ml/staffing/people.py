"""How many people it takes to answer in time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ml.staffing.erlang import ImpossibleTarget, Work, erlang_a

MOST_PEOPLE = 100_000


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a shop promises those who write, and how its people and shoppers are; in seconds."""

    handle_seconds: float  #: one person spends so long on one contact, on average
    patience_seconds: float  #: who waits gives up after so long, on average
    within_seconds: float
    share: float  #: of all who write, above 0 and below 1, is answered within that time

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ImpossibleTarget("the share lies between 0 and 1, both excluded")
        if min(self.handle_seconds, self.patience_seconds) <= 0 or self.within_seconds < 0:
            raise ImpossibleTarget(
                "handle time and patience are above 0, the target time not below"
            )


def people_needed(rates: Sequence[float], target: Target) -> int:
    """Return the smallest team that keeps the target over these equally likely rates.

    Erlang A. The share is averaged over the rates, weighed by how many write at each: on the mean
    rate alone a team looks better than it will be, for waiting grows faster than load.

    Args:
        rates: Contacts an hour, each as likely as the other; none or all 0 needs nobody.
        target: What is promised.

    Raises:
        ImpossibleTarget: If a rate is below 0, or it would take more than 100,000 people.
    """
    contacts = sum(rates)
    if contacts == 0:
        return 0

    def keeps(people: int) -> bool:
        met = sum(rate * level(rate, people, target) for rate in rates if rate > 0)
        return met >= target.share * contacts

    return _smallest(keeps)


def level(rate: float, people: int, target: Target) -> float:
    """Return the share that is answered in time by so many, at a rate of contacts an hour."""
    work = Work(contacts=rate, interval_seconds=3600, handle_seconds=target.handle_seconds)
    service = erlang_a(
        work,
        people=people,
        within_seconds=target.within_seconds,
        patience_seconds=target.patience_seconds,
    )
    return service.service_level


def _smallest(keeps: Callable[[int], bool]) -> int:
    """Return the smallest number that keeps; more never keep less."""
    most = 1
    while not keeps(most):
        most *= 2
        if most > MOST_PEOPLE:
            raise ImpossibleTarget(f"no team of {MOST_PEOPLE:,} keeps this target")
    least = most // 2 + 1 if most > 1 else 1
    while least < most:
        middle = (least + most) // 2
        if keeps(middle):
            most = middle
        else:
            least = middle + 1
    return most
