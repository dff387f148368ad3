"""What somebody heard lately holds back what comes next, and news of an order never."""

from datetime import timedelta

from app.hub.bounds import Bounds, Cap
from app.hub.catalogue import (
    ANNOUNCEMENT,
    ORDER_PAID,
)
from app.hub.pressure import heard
from app.hub.verdict import Because, Skip
from tests.app.hub.deciding import MORNING, NIGHT, NOON, heard_lately, told
from tests.cast import CHIYO


def test_the_fourth_marketing_message_of_a_day_is_one_too_many():
    lately = heard_lately(*(NOON - timedelta(hours=hours) for hours in (1, 2, 3)))

    verdict = told(ANNOUNCEMENT, pressure=lately)

    assert verdict.answer == Skip(Because.CAP_REACHED)
    assert verdict.trace[-1].inputs["caps"] == [["marketing", "everything", "rolling_day", 3, 3]]


def test_the_third_is_not():
    lately = heard_lately(*(NOON - timedelta(hours=hours) for hours in (1, 2)))

    assert told(ANNOUNCEMENT, pressure=lately).because is None


def test_what_was_heard_more_than_a_day_ago_does_not_count():
    yesterday = NOON - timedelta(days=1, seconds=1)

    assert told(ANNOUNCEMENT, pressure=heard_lately(*[yesterday] * 3)).because is None


def test_the_cap_never_holds_back_news_of_an_order():
    assert told(ORDER_PAID, pressure=heard_lately(*[NOON] * 9)).because is None


def test_a_cap_of_nothing_lets_no_marketing_through():
    verdict = told(ANNOUNCEMENT, bounds=Bounds(cap=Cap(0)))

    assert verdict.answer == Skip(Because.CAP_REACHED)


def test_three_announcements_held_for_one_morning_leave_no_room_for_a_fourth():
    pressure: tuple[int, ...] = ()
    answers = []
    for minutes in range(4):
        at = NIGHT + timedelta(minutes=minutes)
        verdict = told(ANNOUNCEMENT, at=at, pressure=pressure)
        pressure = (*pressure, *heard(verdict.answer, ANNOUNCEMENT, at))
        answers.append(verdict.because)

    assert answers == [Because.QUIET_HOURS] * 3 + [Because.CAP_REACHED]


def test_what_waits_for_the_morning_counts_against_what_comes_before_it():
    held = told(ANNOUNCEMENT, at=NIGHT).answer
    waiting = sorted(entry for entry in heard(held, ANNOUNCEMENT, NIGHT)) * 3

    verdict = told(ANNOUNCEMENT, CHIYO, at=MORNING - timedelta(minutes=30), pressure=waiting)

    assert verdict.answer == Skip(Because.CAP_REACHED)
