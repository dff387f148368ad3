"""The first-response clock: how long each priority may wait, and how a case stands to it. Pure.

It runs on the business clock from the person's last unanswered words until an answer is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.desk.case import Case, State

TARGET_MINUTES: Mapping[int, int] = {1: 15, 2: 30, 3: 120, 4: 480}
SOON_SHARE = 0.25  # with less of its time left than this a case is due soon


class Pace(StrEnum):
    """How a case stands to its clock."""

    CALM = "calm"  #: time enough
    SOON = "soon"  #: little of it left
    OVERDUE = "overdue"
    STOPPED = "stopped"  #: answered, or nobody waits


@dataclass(frozen=True)
class Standing:
    """How a case stands: seconds left (or over, where overdue; or it took, where answered)."""

    pace: Pace
    seconds: float = 0.0


def due_at(priority: int, *, asked_at: datetime) -> datetime:
    """Return when something asked then must be answered."""
    return asked_at + timedelta(minutes=TARGET_MINUTES[priority])


def standing(case: Case, *, now: datetime) -> Standing:
    """Say how a case stands to its clock."""
    if case.first_responded_at is not None:
        return Standing(Pace.STOPPED, (case.first_responded_at - case.asked_at).total_seconds())
    if case.state is not State.OPEN:
        return Standing(Pace.STOPPED)
    left = (case.first_response_due_at - now).total_seconds()
    if left < 0:
        return Standing(Pace.OVERDUE, -left)
    whole = TARGET_MINUTES[case.priority] * 60
    return Standing(Pace.SOON if left < whole * SOON_SHARE else Pace.CALM, left)
