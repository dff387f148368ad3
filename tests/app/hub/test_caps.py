"""The cap counts exactly: every rolling window, bells that wait included."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hub.bounds import MOST_CAP, Bounds, Cap
from app.hub.cap_rules import Per
from app.hub.cap_windows import filled, fullest_window, period
from app.hub.catalogue import ANNOUNCEMENT
from app.hub.decide import decide
from app.hub.pressure import MOST_ENTRIES, add, heard
from app.hub.verdict import Send, Wait
from tests.cast import ANA

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_window_that_ends_at_something_still_to_come_counts():
    assert fullest_window([100, 110, 120], arrival=50, window_seconds=100) == 3


def test_a_window_reaches_exactly_its_length():
    assert fullest_window([0], arrival=100, window_seconds=100) == 1
    assert fullest_window([0], arrival=101, window_seconds=100) == 0


def test_an_empty_row_is_an_empty_window():
    assert fullest_window([], arrival=50, window_seconds=100) == 0


def test_the_midnight_that_ends_a_day_belongs_to_the_next_one():
    start, end = period(0, Per.CALENDAR_DAY, "Asia/Shanghai")

    assert filled([start, end - 1], 0, Per.CALENDAR_DAY, "Asia/Shanghai") == 2
    assert filled([start - 1, end], 0, Per.CALENDAR_DAY, "Asia/Shanghai") == 0


@pytest.mark.parametrize("most", [-1, MOST_CAP + 1])
def test_a_cap_that_the_packed_row_could_not_hold_is_refused(most: int):
    with pytest.raises(ValueError, match="between 0 and 30"):
        Cap(most)


def arrivals(
    moments: list[timedelta], cap: Cap, bounds: Bounds
) -> tuple[list[datetime], list[datetime]]:
    """Decide one announcement at each moment; return when inbox lines came and bells rang."""
    pressure: tuple[int, ...] = ()
    inbox, bells = [], []
    for moment in sorted(moments):
        now = START + moment
        answer = decide(ANNOUNCEMENT, ANA, pressure, bounds, now).answer
        pressure = add(pressure, heard(answer, ANNOUNCEMENT, now))
        if isinstance(answer, Send | Wait):
            inbox.append(now)
            bells.append(answer.until if isinstance(answer, Wait) else now)
    return inbox, sorted(bells)


def fullest(times: list[datetime]) -> int:
    """Count the fullest day, by looking at the day before each of them."""
    return max((sum(at - DAY < other <= at for other in times) for at in times), default=0)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.timedeltas(timedelta(0), timedelta(days=4)), max_size=40),
    st.integers(0, 5),
)
def test_no_rolling_day_holds_more_than_the_cap_whenever_people_are_written_to(
    moments: list[timedelta], most: int
):
    cap = Cap(most)

    inbox, bells = arrivals(moments, cap, Bounds(cap=cap))

    assert fullest(inbox) <= most
    assert fullest(bells) <= most


def test_a_cap_that_leaves_room_is_used_up():
    moments = [timedelta(hours=1, minutes=minute) for minute in range(9)]

    inbox, bells = arrivals(moments, Cap(5), Bounds(cap=Cap(5)))

    assert (len(inbox), len(bells)) == (5, 5)


def test_the_largest_cap_fits_the_packed_row():
    moments = [timedelta(hours=15, seconds=number) for number in range(60)]  # all at night

    inbox, _ = arrivals(moments, Cap(MOST_CAP), Bounds(cap=Cap(MOST_CAP)))

    assert len(inbox) == MOST_CAP
    assert MOST_CAP * 2 <= MOST_ENTRIES
