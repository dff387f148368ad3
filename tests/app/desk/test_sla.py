"""The first-response clock, on business time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.desk.case import Case, State
from app.desk.sla import TARGET_MINUTES, Pace, Standing, due_at, standing
from tests.app.desk.test_case import OPEN
from tests.shop import MORNING

MINUTE = timedelta(minutes=1)


def of_priority(priority: int) -> Case:
    due = due_at(priority, asked_at=MORNING)
    return replace(OPEN, priority=priority, first_response_due_at=due)


def test_the_more_urgent_the_sooner():
    assert [TARGET_MINUTES[one] for one in (1, 2, 3, 4)] == [15, 30, 120, 480]
    assert due_at(1, asked_at=MORNING) == MORNING + 15 * MINUTE


@pytest.mark.parametrize(
    ("minutes", "pace", "seconds"),
    [
        (0, Pace.CALM, 900),
        (11, Pace.CALM, 240),
        (12, Pace.SOON, 180),
        (15, Pace.SOON, 0),
        (16, Pace.OVERDUE, 60),
        (60 * 24, Pace.OVERDUE, 85_500),
    ],
)
def test_an_urgent_case_grows_due_and_overdue(minutes: int, pace: Pace, seconds: float):
    assert standing(of_priority(1), now=MORNING + minutes * MINUTE) == Standing(pace, seconds)


def test_an_answer_stops_the_clock_at_what_it_took():
    answered = replace(of_priority(1), first_responded_at=MORNING + 4 * MINUTE)

    assert standing(answered, now=MORNING + 90 * MINUTE) == Standing(Pace.STOPPED, 240)


def test_a_case_closed_without_an_answer_is_not_overdue():
    closed = replace(of_priority(1), state=State.RESOLVED, resolved_at=MORNING)

    assert standing(closed, now=MORNING + 90 * MINUTE) == Standing(Pace.STOPPED)
