"""Mail may wait until tomorrow: work that piles up, is done in its order, and has a time to be due.

A fluid model: contacts of a slot come at its beginning, whoever is on duty works through the oldest
first, and one contact takes its mean handle time. At the hundreds of letters that make a backlog
the chance in single letters averages out; for live contacts it does not, and Erlang is right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.staffing.erlang import ImpossibleTarget

MOST_PEOPLE = 100_000
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Mail:
    """How mail is answered: seconds of work a letter takes, and slots within which it is due."""

    handle_seconds: float
    slot_seconds: float
    due_slots: int  #: 1 is: by the end of the slot it came in

    def __post_init__(self) -> None:
        if min(self.handle_seconds, self.slot_seconds) <= 0 or self.due_slots < 1:
            raise ImpossibleTarget("times are above 0, and nothing is due before its slot ends")

    def capacity(self, people: float) -> float:
        """Return how many letters so many people answer in a slot."""
        return people * self.slot_seconds / self.handle_seconds


@dataclass(frozen=True, kw_only=True)
class Worked:
    """What became of the letters: open ones as each slot ends, and late ones by when they came."""

    open: Floats
    late: Floats  #: of each slot's letters, those not answered when they were due
    due: float  #: letters whose time ran out within the slots

    @property
    def in_time_share(self) -> float:
        """Share of the letters whose time ran out within the slots that was answered by then."""
        return 1.0 - float(self.late.sum() / self.due) if self.due else 1.0


def work_off(
    letters: Sequence[float], people: Sequence[float], mail: Mail, *, open_before: float = 0.0
) -> Worked:
    """Say how a backlog goes: letters that come and people on duty, slot by slot.

    `open_before` letters lie there already and are answered first; of them nothing is due.

    Raises:
        ImpossibleTarget: If the two are not equally long, or a number is below 0.
    """
    if len(letters) != len(people) or min([*letters, *people, open_before], default=0) < 0:
        raise ImpossibleTarget("letters and people have as many slots, and none is below 0")
    came = open_before + np.cumsum(np.asarray(letters, dtype=np.float64))
    can = np.asarray([mail.capacity(one) for one in people], dtype=np.float64)
    done = np.empty_like(came)
    answered = 0.0
    for slot, until in enumerate(came):
        answered = done[slot] = min(until, answered + can[slot])
    by_due = done[mail.due_slots - 1 :]  # of the slots whose letters are due within sight
    before = np.concatenate(([open_before], came[:-1]))[: len(by_due)]
    late = np.zeros_like(came)
    late[: len(by_due)] = np.maximum(came[: len(by_due)] - np.maximum(by_due, before), 0)
    return Worked(open=came - done, late=late, due=float(sum(letters[: len(by_due)])))


def people_for_mail(
    letters: Sequence[float], on_duty: Sequence[bool], mail: Mail, *, share: float
) -> int:
    """Return the smallest team, all there in each slot on duty, that answers a share in time.

    Raises:
        ImpossibleTarget: If the share is not above 0 and at most 1, or no team can: when mail is
            due before anybody is on duty.
    """
    if not 0 < share <= 1:
        raise ImpossibleTarget("the share lies above 0, and is at most 1")

    def keeps(people: int) -> bool:
        there = [people * is_there for is_there in on_duty]
        return work_off(letters, there, mail).in_time_share >= share

    least, most = -1, max(1, math.ceil(sum(letters) * mail.handle_seconds / mail.slot_seconds))
    if not keeps(most):
        raise ImpossibleTarget("some mail is due before anybody is on duty")
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if keeps(middle) else (middle, most)
    return most
