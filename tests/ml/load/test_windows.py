"""Promotions as times: learnt from those before, and from nothing later."""

from datetime import timedelta

import numpy as np
import pytest

from ml.load.events import Event
from ml.load.series import Series
from ml.load.uplift import Learnt
from ml.load.windows import Lessons, Window, lessons
from tests.ml.load.past import after, some_weeks

WEEKS = 9
GUESS = Learnt([]).of(Event(starts_at=after(0), ends_at=after(1))).mean


def window(week: int, *, hours: float = 24) -> Window:
    start = after(week, days=2)
    return Window(reference=f"w{week}", starts_at=start, ends_at=start + timedelta(hours=hours))


def held_shop(*weeks: int, times: float = 3.0) -> Series:
    """Return nine weeks of a desk that is always open; promotions multiply their Wednesdays."""
    found = some_weeks(WEEKS, level=(50.0,))
    contacts = np.where(np.isnan(found.contacts), 5.0, found.contacts)
    for week in weeks:
        first = (week * 7 + 2) * 48
        contacts[first : first + 48] *= times
    return Series(starts_at=found.starts_at, zone=found.zone, groups=("all",), contacts=contacts)


def learnt(series: Series, *windows: Window, weeks: int = WEEKS) -> Lessons:
    return lessons(series, windows, now=after(weeks), rows=(WEEKS + 1) * 336)


def test_each_promotion_is_given_what_those_before_it_taught():
    found = learnt(held_shop(5, 7), window(5), window(7), window(9))
    wednesdays = [found.times[(week * 7 + 2) * 48] for week in (5, 7, 9)]

    assert wednesdays[0] == GUESS
    assert wednesdays[1:] == pytest.approx([3, 3], rel=0.05)
    assert found.next.own_used == 2
    assert found.held["w7"].came / found.held["w7"].usual == pytest.approx(3, rel=0.1)
    assert (found.times != 1).sum() == 3 * 48


def test_what_came_later_than_now_teaches_nothing():
    quiet, loud = (learnt(held_shop(8, times=by), window(8), weeks=8) for by in (1.0, 9.0))

    assert quiet.times.tobytes() == loud.times.tobytes()
    assert quiet.next == loud.next


def test_a_half_hour_that_is_partly_in_a_promotion_is_multiplied_partly():
    one = Window(
        reference="a",
        starts_at=after(9) + timedelta(minutes=15),
        ends_at=after(9) + timedelta(minutes=60),
    )
    found = learnt(held_shop(), one)

    assert found.times[9 * 336] == pytest.approx(1 + (GUESS - 1) / 2)
    assert found.times[9 * 336 + 1] == GUESS
    assert found.times[9 * 336 + 2] == 1


def test_a_promotion_whose_days_are_not_on_record_teaches_nothing():
    shop = held_shop(5)
    shop.contacts[(5 * 7 + 2) * 48 + 7] = np.nan

    assert learnt(shop, window(5)).held == {}
    assert learnt(shop, window(0)).held == {}  # nothing usual before it
