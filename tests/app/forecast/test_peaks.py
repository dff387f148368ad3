"""What stands behind a peak: shares that sum, causes that lead, and what is no peak at all."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.forecast.exposures import COUNTED
from app.forecast.judged import LOOK_AT_EXPOSURES
from app.forecast.peaks import Behind, Cause, behind, ordinary, peaks
from app.forecast.plan import PlannedSlot
from app.forecast.standing import ASKED_ABOUT, CHANCE, Counts, Standing, standing
from ml.load.contenders import PARTS, TREES
from ml.load.slots import GROUPS, SLOT
from tests.dice import dice
from tests.shop import MORNING

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TEN = {(MORNING + step * SLOT).astimezone(SHANGHAI).time(): 10.0 for step in range(48)}


def slot(at: Any = MORNING, **given: Any) -> PlannedSlot:
    told = {"usual": 10.0, "multiplier": 1.0, "level": 1.0, "added": 0.0, **given}
    product: float = told["usual"] * told["multiplier"] * told["level"]
    expected = told.pop("expected", product + told["added"])
    return PlannedSlot(
        slot=at,
        expected=expected,
        quantiles=[expected] * 5,
        people_needed=1,
        people_rostered=1,
        **told,
    )


def shares(one: PlannedSlot) -> Mapping[Cause, float]:
    return behind([one], TEN, SHANGHAI).shares


@pytest.mark.parametrize(
    ("given", "lead", "contacts"),
    [
        ({"multiplier": 2.5}, Cause.PROMOTION, 15),
        ({"level": 1.4}, Cause.LEVEL, 4),
        ({"level": 0.5}, Cause.LEVEL, -5),
        ({"usual": 13}, Cause.WEEKDAY, 3),
        ({"added": 6}, Cause.MESSAGES, 6),
        ({"expected": 16}, Cause.FORECAST, 6),
        ({"usual": 0, "expected": 4}, Cause.FORECAST, -6),
        ({"expected": 0}, Cause.FORECAST, -10),
        ({"multiplier": 3, "usual": 9, "added": 1}, Cause.PROMOTION, None),
        ({"multiplier": 3, "usual": 20, "level": 1.2}, Cause.PROMOTION, None),
    ],
)
def test_the_cause_that_is_there_leads(
    given: Mapping[str, float], lead: Cause, contacts: float | None
) -> None:
    of = behind([slot(**given)], TEN, SHANGHAI)

    assert of.leading[0][0] is lead
    if contacts is not None:
        assert len(of.leading) == 1
        assert of.shares[lead] == pytest.approx(contacts)


def test_shares_sum_to_what_is_above_an_ordinary_day_whatever_comes() -> None:
    chance = dice(3)
    for _ in range(500):
        one = slot(
            usual=chance.choice([0.0, 0.1, 7.0, 40.0]) * chance.random(),
            multiplier=chance.choice([1.0, 0.4, 2.7, 9.0]),
            level=chance.uniform(0.5, 2.0),
            added=chance.choice([0.0, 3.0]),
            expected=chance.choice([0.0, 1.0, 80.0]) * chance.random() + 3,
        )
        of = behind([one, slot()], TEN, SHANGHAI)

        assert sum(of.shares.values()) == pytest.approx(of.expected - of.ordinary)


def test_two_equal_factors_have_equal_shares_whichever_is_named_first() -> None:
    found = shares(slot(usual=20, multiplier=2))

    assert found[Cause.WEEKDAY] == pytest.approx(15)
    assert found[Cause.PROMOTION] == pytest.approx(15)


def test_an_ordinary_day_is_the_mean_of_the_week_at_each_time_of_the_clock() -> None:
    week = [slot(MORNING + n * DAY, usual=n) for n in range(7)]

    assert ordinary(week, SHANGHAI) == {MORNING.astimezone(SHANGHAI).time(): 3}


def evening(*expected: float) -> list[PlannedSlot]:
    return [slot(MORNING + step * SLOT, expected=one) for step, one in enumerate(expected)]


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ((10, 10, 10), []),
        ((12, 12, 12), []),  # less than a quarter above
        ((10, 14, 10), []),  # few contacts: chance alone does that
        ((10, 18, 10), [(1, 2)]),
        ((10, 14, 14, 14, 10), [(1, 4)]),
        ((30, 10, 20, 20), [(0, 1), (2, 4)]),
        ((20, 20, 12, 40), [(3, 4), (0, 2)]),
    ],
)
def test_a_peak_stands_above_an_ordinary_day_by_more_than_chance(
    expected: tuple[float, ...], found: list[tuple[int, int]]
) -> None:
    said = peaks(evening(*expected), TEN, SHANGHAI)

    assert [((one.since - MORNING) // SLOT, (one.until - MORNING) // SLOT) for one in said] == found


def test_a_peak_ends_at_midnight() -> None:
    late = MORNING.replace(hour=15)  # 23:00 in Shanghai
    said = peaks([slot(late + n * SLOT, expected=40) for n in range(4)], TEN, SHANGHAI)

    assert [one.until - one.since for one in said] == [2 * SLOT, 2 * SLOT]


def test_what_has_no_named_cause_is_not_explained() -> None:
    def of(**given: float) -> Behind:
        return behind([slot(**given)], TEN, SHANGHAI)

    assert of(multiplier=2).is_explained
    assert not of(expected=20).is_explained
    assert not of(multiplier=1.2, expected=20).is_explained
    assert of(multiplier=1.8, expected=20).is_explained


# What stands above its usual

LONG_AGO = MORNING - 10 * WEEK


def past(each: int, *, weeks: int = 6) -> dict[datetime, int]:
    """Return so many events in every half hour up to this morning."""
    return {MORNING - (back + 1) * SLOT: each for back in range(weeks * 336)} if each else {}


def up(
    events: Mapping[datetime, int], known_since: datetime = LONG_AGO, name: str = "refunds"
) -> Standing | None:
    return standing(name, events, known_since=known_since, now=MORNING + SLOT / 2)


@pytest.mark.parametrize(
    ("usual", "lately", "is_up"),
    [
        (4, {}, False),
        (4, {1: 5, 2: 5, 3: 5}, False),
        (4, {1: 14, 2: 14, 3: 14}, True),
        (0, {1: 1}, False),  # small counts are no peak
        (0, {1: 2}, False),
        (0, {1: 6, 2: 6}, True),
        (1, {1: 4}, False),
        (1, dict.fromkeys(range(1, 9), 4), True),
    ],
)
def test_what_happens_stands_out_only_if_chance_hardly_does_that(
    usual: int, lately: Mapping[int, int], *, is_up: bool
) -> None:
    found = up({**past(usual), **{MORNING - back * SLOT: n for back, n in lately.items()}})

    assert (found is not None) is is_up
    if found is not None:
        assert found.since == MORNING - max(lately) * SLOT
        assert found.until == MORNING
        assert found.usual == pytest.approx(usual * len(lately))
        assert found.chance <= CHANCE


def test_events_of_counts_by_chance_alone_rarely_stand_out() -> None:
    chance = dice(11)
    alarms = 0
    for _ in range(300):
        noise = {slot: sum(chance.random() < 0.1 for _ in range(30)) for slot in past(1)}
        alarms += up(noise) is not None

    assert alarms <= 9  # 3 %: many beginnings are tried, each against one in a thousand


def test_a_rise_that_is_over_stands_out_no_more() -> None:
    burst = {MORNING - back * SLOT: 20 for back in range(60, 66)}

    assert up({**past(4), **burst}) is None


def test_without_a_week_to_compare_with_nothing_stands_out() -> None:
    burst = {MORNING - back * SLOT: 50 for back in (1, 2, 3)}

    assert up(burst, MORNING - timedelta(days=8)) is None
    assert up(burst, MORNING - timedelta(days=10)) is not None


def test_what_was_usual_nowhere_has_no_ratio() -> None:
    found = up({MORNING - SLOT: 12})

    assert found is not None
    assert found.times is None


@pytest.mark.parametrize(
    ("looked_at", "learnt", "counts"),
    [
        (False, MORNING, Counts.BESIDE),
        (True, MORNING, Counts.IN),
        (True, MORNING - SLOT, Counts.LATER),
    ],
)
def test_it_says_whether_the_forecast_counts_it(
    learnt: datetime, counts: Counts, *, looked_at: bool
) -> None:
    found = up({MORNING - SLOT: 12})

    assert found is not None
    assert found.counts(looked_at=looked_at, learnt_until=learnt) is counts


def test_the_contenders_that_look_at_exposures_are_those_with_trees() -> None:
    assert {name for name, parts in PARTS.items() if TREES in parts} == LOOK_AT_EXPOSURES


def test_every_exposure_says_what_it_is_asked_about() -> None:
    assert set(ASKED_ABOUT) == set(COUNTED.values())
    assert {about for of in ASKED_ABOUT.values() for about in of} <= set(GROUPS)
