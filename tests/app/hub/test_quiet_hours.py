"""Quiet hours in the zone of the person: edges, nights of any length, and every zone there is."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hub.bounds import Window
from app.hub.quiet_hours import held_until, instant

NIGHT = Window(time(22), time(8))
A_MINUTE = timedelta(minutes=1)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_the_window_begins_at_its_start_and_ends_just_before_its_end():
    assert held_until(at("2026-03-02T21:59:59"), NIGHT, "UTC") is None
    assert held_until(at("2026-03-02T22:00:00"), NIGHT, "UTC") == at("2026-03-03T08:00")
    assert held_until(at("2026-03-03T07:59:59"), NIGHT, "UTC") == at("2026-03-03T08:00")
    assert held_until(at("2026-03-03T08:00:00"), NIGHT, "UTC") is None


def test_after_midnight_the_window_of_the_day_before_still_holds():
    assert held_until(at("2026-03-03T02:00"), NIGHT, "UTC") == at("2026-03-03T08:00")


def test_a_window_within_one_day_does_not_wrap():
    siesta = Window(time(13), time(15))

    assert held_until(at("2026-03-02T14:00"), siesta, "UTC") == at("2026-03-02T15:00")
    assert held_until(at("2026-03-02T22:00"), siesta, "UTC") is None


@pytest.mark.parametrize("hour", range(24))
def test_start_equal_to_end_is_never_quiet(hour: int):
    assert held_until(at(f"2026-03-02T{hour:02}:00"), Window(time(8), time(8)), "UTC") is None


@pytest.mark.parametrize(
    ("zone", "quiet_at_16_utc"),
    [
        ("Asia/Shanghai", True),  # 00:00
        ("Asia/Kathmandu", False),  # 21:45
        ("Pacific/Kiritimati", True),  # 06:00 of the next day
        ("America/New_York", False),  # 11:00
        ("Europe/London", False),
        ("Pacific/Chatham", True),  # 05:45
    ],
)
def test_the_night_is_that_of_the_place(zone: str, quiet_at_16_utc: bool):  # noqa: FBT001
    held = held_until(at("2026-03-02T16:00"), NIGHT, zone)

    assert (held is not None) is quiet_at_16_utc


def test_the_night_that_loses_an_hour_ends_an_hour_sooner():
    evening = at("2026-03-07T22:00", "America/New_York")

    until = held_until(evening, NIGHT, "America/New_York")

    assert until == at("2026-03-08T08:00", "America/New_York")
    assert until - evening == timedelta(hours=9)


def test_the_night_that_gains_an_hour_ends_an_hour_later():
    evening = at("2026-10-31T22:00", "America/New_York")

    until = held_until(evening, NIGHT, "America/New_York")

    assert until == at("2026-11-01T08:00", "America/New_York")
    assert until - evening == timedelta(hours=11)


def test_a_time_that_is_skipped_stands_for_the_first_instant_after_the_gap():
    reached = instant(date(2026, 3, 8), time(2, 30), "America/New_York")

    assert reached == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)  # 03:00 there


def test_a_time_that_comes_twice_stands_for_its_first_coming():
    reached = instant(date(2026, 11, 1), time(1, 30), "America/New_York")

    assert reached == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_quiet_hours_that_end_in_a_repeated_hour_end_once():
    until_half_past_one = Window(time(22), time(1, 30))
    second_coming = datetime(2026, 11, 1, 6, 15, tzinfo=UTC)  # 01:15 there, for the second time

    assert held_until(second_coming, until_half_past_one, "America/New_York") is None


def test_a_change_of_half_an_hour_is_half_an_hour():
    reached = instant(date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe")

    assert reached == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)  # 02:30 there


def test_a_day_that_a_place_skipped_begins_with_the_day_after_it():
    reached = instant(date(2011, 12, 30), time(12, 0), "Pacific/Apia")

    assert reached == at("2011-12-31T00:00", "Pacific/Apia")


@lru_cache
def days_of_change(zone: str, year: int) -> list[date]:
    place = ZoneInfo(zone)
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    offsets = [noon.astimezone(place).utcoffset() for noon in noons]
    return [noons[day].date() for day in range(1, 365) if offsets[day] != offsets[day - 1]]


@st.composite
def places_and_days(draw: st.DrawFn) -> tuple[str, date]:
    """Draw a zone and a day; where its clocks change that year, a day next to a change."""
    zone, year = draw(st.sampled_from(ZONES)), draw(st.integers(2000, 2037))
    changes = days_of_change(zone, year)
    if changes:
        day = draw(st.sampled_from(changes)) + timedelta(days=draw(st.integers(-2, 1)))
    else:
        day = date(year, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
    return zone, day


def first_showing(day: date, wall: time, zone: str) -> datetime:
    """Say when clocks first show a time or a later one, by looking at every minute in turn."""
    wanted = datetime.combine(day, wall)
    place = ZoneInfo(zone)
    moment = wanted.replace(tzinfo=UTC) - timedelta(hours=16)
    while moment.astimezone(place).replace(tzinfo=None) < wanted:
        moment += A_MINUTE
    return moment


WALLS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 29, 30, 45, 59]))


@settings(max_examples=150, deadline=None)
@given(places_and_days(), WALLS)
def test_in_every_zone_a_wall_time_is_the_first_instant_that_clocks_show_it(
    place: tuple[str, date], wall: time
):
    zone, day = place

    assert instant(day, wall, zone) == first_showing(day, wall, zone)


@settings(max_examples=150, deadline=None)
@given(places_and_days(), WALLS, WALLS, st.integers(0, 48 * 60))
def test_in_every_zone_nothing_rings_between_the_edges_of_a_night(
    place: tuple[str, date], start: time, end: time, minutes: int
):
    zone, day = place
    window = Window(start, end)
    now = first_showing(day, time(0), zone) + minutes * A_MINUTE

    until = held_until(now, window, zone)

    nights = [
        (first_showing(first, start, zone), first_showing(first + lasts, end, zone))
        for first in (day + timedelta(days=offset) for offset in range(-2, 4))
        for lasts in [timedelta(days=end < start)]
        if start != end
    ]
    assert until == next((ends for begins, ends in nights if begins <= now < ends), None)


@settings(max_examples=150, deadline=None)
@given(places_and_days(), WALLS, WALLS, st.integers(0, 48 * 60))
def test_in_every_zone_what_waits_may_ring_when_its_wait_is_over(
    place: tuple[str, date], start: time, end: time, minutes: int
):
    zone, day = place
    now = first_showing(day, time(0), zone) + minutes * A_MINUTE

    until = held_until(now, Window(start, end), zone)

    if until is not None:
        assert now < until <= now + timedelta(hours=50)
        assert held_until(until, Window(start, end), zone) is None
