"""The baseline by half hours, at the shop's clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from ml.load.grid import lay
from ml.load.series import Series
from ml.load.weekly import four_weeks
from tests.ml.load.past import after, no_events, some_weeks

TEN = 20  # the half hour at ten


def weekly(values: list[float], *, times: list[float] | None = None) -> float:
    """Return the baseline of ten o'clock of the Monday after some, of one value a week."""
    weeks = len(values)
    contacts = np.full((weeks * 7, 48, 1), np.nan)
    contacts[::7, TEN, 0] = values
    multiplier = np.ones((weeks * 7 + 7, 48, 1))
    multiplier[: weeks * 7 : 7, TEN, 0] = times or 1
    zone = ZoneInfo("UTC")
    made = Series(
        starts_at=after(0), zone=zone, groups=("other",), contacts=contacts.reshape(-1, 1)
    )
    grid = lay(made, origin=after(weeks), multiplier=multiplier.reshape(-1, 1))
    return float(four_weeks(grid, origin=grid.origin, leads=np.arange(1))[0, TEN, 0])


def test_it_is_the_mean_of_the_last_four_same_weekdays():
    assert weekly([1, 2, 10, 20, 30, 40]) == 25


def test_a_week_that_was_closed_is_passed_over():
    assert weekly([10, 20, np.nan, 30, np.nan, 40]) == 25


def test_no_week_further_back_than_eight_is_asked():
    assert weekly([99, 10, 20, *[np.nan] * 6]) == 15


def test_a_week_with_an_event_is_passed_over():
    assert weekly([10, 20, 30, 40, 500], times=[1, 1, 1, 1, 5]) == 25


def test_where_every_week_held_an_event_contacts_are_divided_by_its_multiplier():
    assert weekly([30, 60], times=[3, 2]) == 20


def test_a_half_hour_that_never_was_open_is_closed():
    assert np.isnan(weekly([np.nan, np.nan]))


def test_ten_o_clock_stays_ten_o_clock_when_the_clock_is_changed():
    berlin = ZoneInfo("Europe/Berlin")
    starts_at = datetime(2026, 3, 1, 23, tzinfo=UTC)  # midnight; summer time begins on 29 March
    contacts = np.zeros((5 * 7 * 48, 1))
    for row in range(len(contacts)):
        local = (starts_at + row * (after(1) - after(0)) / 336).astimezone(berlin)
        contacts[row] = 100 if (local.hour, local.minute) == (10, 0) else 1
    made = Series(starts_at=starts_at, zone=berlin, groups=("other",), contacts=contacts)
    monday = datetime(2026, 3, 30, tzinfo=berlin)  # the first after the change

    grid = lay(made, origin=monday, multiplier=np.ones((5 * 7 * 48, 1)))
    usual = four_weeks(grid, origin=grid.origin, leads=np.arange(1))[0, :, 0]

    assert usual[TEN] == 100
    assert usual.sum() == 147


def test_a_second_week_ahead_reads_only_what_came_before_the_origin():
    made = some_weeks(6)
    grid = lay(made, origin=after(6), multiplier=no_events(made, days=14))

    ahead = four_weeks(grid, origin=grid.origin - 14, leads=np.array([0, 7]))

    assert np.array_equal(ahead[0], ahead[1], equal_nan=True)
