"""The mean of the last four same weekdays."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.load.baseline import Past, Usual, level_today, looking_back, same_hours, week_to_week

SHANGHAI, BERLIN, KATHMANDU = (
    ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu")
)
HOUR = timedelta(hours=1)
TONIGHT = datetime(2026, 11, 10, 12, tzinfo=UTC)  # 20:00 in Shanghai, a Tuesday


def back(weeks: int) -> datetime:
    return TONIGHT - timedelta(weeks=weeks)


def usual(counts: dict[datetime, int], **more: frozenset[datetime]) -> Usual:
    past = Past(counts=counts, zone=SHANGHAI, **more)
    return looking_back(past, known_until=TONIGHT)(TONIGHT)


def test_it_is_the_mean_of_the_last_four():
    found = usual({back(week): 10 * week for week in range(1, 9)})

    assert found.contacts == (10, 20, 30, 40)
    assert found.mean == 25


def test_a_week_without_a_record_is_passed_over():
    found = usual({back(week): 10 * week for week in (1, 3, 4, 6, 7)})

    assert found.contacts == (10, 30, 40, 60)


def test_an_hour_of_a_recorded_day_without_contacts_is_zero():
    found = usual({back(1): 8, back(2) - 3 * HOUR: 5})

    assert found.contacts == (8, 0)


def test_hours_of_a_promotion_do_not_count():
    found = usual({back(week): 10 for week in range(1, 9)}, excluded=frozenset({back(1), back(3)}))

    assert found.weeks_used == 4


def test_no_week_beyond_the_eighth_is_asked():
    assert usual({back(9): 10}).weeks_used == 0
    assert usual({}).mean == 0


def test_nothing_at_or_after_the_origin_is_looked_at():
    past = Past(counts={back(1): 10, back(2): 20}, zone=SHANGHAI)

    assert looking_back(past, known_until=back(1))(TONIGHT).contacts == (20,)


def test_summer_time_moves_with_the_shop():
    """20:00 in Berlin is 18:00 UTC in summer and 19:00 in winter."""
    winter = datetime(2026, 10, 27, 19, tzinfo=UTC)

    assert same_hours(winter, BERLIN)[0] == datetime(2026, 10, 20, 18, tzinfo=UTC)


def test_a_shop_a_quarter_off_the_hour_is_compared_with_itself():
    found = same_hours(TONIGHT, KATHMANDU)

    assert found[0] == TONIGHT - timedelta(weeks=1)


@given(rates=st.lists(st.integers(0, 400), min_size=1, max_size=4))
def test_the_fewer_contacts_the_wider(rates: list[int]):
    found = Usual(contacts=tuple(rates))
    more = Usual(contacts=(*rates, 50))

    assert 0 < found.spread < 2
    assert more.spread < found.spread


def test_weeks_that_differ_more_than_chance_are_seen():
    assert week_to_week([Usual(contacts=(100, 100, 100, 100))]) == 0
    assert week_to_week([Usual(contacts=(50, 150, 60, 140))]) == pytest.approx(0.51, abs=0.01)
    assert week_to_week([Usual(contacts=(7,)), Usual(contacts=())]) == 0


def test_a_day_is_judged_after_three_hours_and_thirty_contacts():
    assert level_today(came=60, planned=40, hours=2) == 1
    assert level_today(came=60, planned=29, hours=8) == 1
    assert level_today(came=60, planned=40, hours=3) == pytest.approx(0.2 + 0.8 * 1.5)
    assert level_today(came=900, planned=40, hours=3) == 2
    assert level_today(came=0, planned=40, hours=3) == 0.5
