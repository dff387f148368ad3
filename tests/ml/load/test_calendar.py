"""What is known of a day long before it comes."""

from datetime import date

import numpy as np
import pytest

from ml.load.calendar import FAR, HOLIDAY, MADE_UP, ORDINARY, calendar, distances


def kind(day: date, country: str) -> int:
    return int(calendar(day, days=1, country=country).kind[0])


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        (date(2026, 2, 17), HOLIDAY),  # Spring Festival
        (date(2026, 2, 20), HOLIDAY),  # a day off, worked in on the Saturday before
        (date(2026, 2, 14), MADE_UP),
        (date(2026, 2, 28), MADE_UP),
        (date(2026, 3, 7), ORDINARY),  # a plain Saturday
    ],
)
def test_china_works_in_its_longer_holidays_on_weekends(day, meant):
    assert kind(day, "CN") == meant


def test_a_country_that_is_not_known_has_no_holidays():
    assert kind(date(2026, 1, 1), "ZZ") == ORDINARY


def test_the_turn_of_the_month_counts_working_days_from_both_sides():
    turn = calendar(date(2026, 6, 26), days=7, country="").turn

    # Friday 26 June to Thursday 2 July: Tuesday 30 June is the last working day.
    assert turn.tolist() == [-3, -2, -2, -2, -1, 0, 1]


def test_distances_are_counted_to_both_sides_and_no_further_than_matters():
    marked = np.zeros(40, dtype=bool)
    marked[20] = True

    since, until = distances(marked)

    assert (since[19], since[20], since[23], since[39]) == (FAR, 0, 3, FAR)
    assert (until[17], until[20], until[21], until[0]) == (3, 0, FAR, FAR)
