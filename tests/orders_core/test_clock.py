"""Business time: it may run faster or jump, never go back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders_core.clock import SystemClock, Timeline

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
spans = st.timedeltas(timedelta(0), timedelta(days=400))


def timeline(rate: float = 1.0) -> Timeline:
    return Timeline(business_anchor=NOON, machine_anchor=NOON, rate=rate)


def test_at_sixty_a_day_passes_in_twenty_four_minutes() -> None:
    assert timeline(60).at(NOON + timedelta(minutes=24)) == NOON + timedelta(days=1)


@given(spans, spans)
def test_a_jump_adds_exactly_its_length(lived: timedelta, forward: timedelta) -> None:
    before = timeline()
    after = before.jumped(NOON + lived, forward=forward)

    assert after.at(NOON + lived) == before.at(NOON + lived) + forward


@given(spans, st.floats(0.01, 3_600), st.floats(0.01, 3_600))
def test_another_pace_begins_where_the_old_one_stopped(
    lived: timedelta, first: float, second: float
) -> None:
    before = timeline(first)

    assert before.paced(NOON + lived, rate=second).at(NOON + lived) == before.at(NOON + lived)


def test_a_jump_back_is_refused() -> None:
    with pytest.raises(ValueError, match="never goes back"):
        timeline().jumped(NOON, forward=timedelta(microseconds=-1))


@pytest.mark.parametrize("rate", [0, -1])
def test_time_that_stands_or_runs_back_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="runs forward"):
        timeline().paced(NOON, rate=rate)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
