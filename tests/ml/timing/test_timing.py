"""The hour of each person, what is left to chance, and what of it can be claimed."""

from collections import Counter

import pytest

from ml.chance.measured import Told, gain
from ml.chance.slice import choose
from ml.timing.hours import Best, best_hour, posterior, shares_of_all, week_of
from tests.dice import dice

HOURS = range(8, 21)


def opening(hour: int, times: int) -> Counter[int]:
    """So many opens at an hour of day after day, from a Monday on, by hour of the week."""
    return Counter(n % 7 * 24 + hour for n in range(times))


def shared(*people: Counter[int]) -> dict[int, float]:
    """What the shares of all of these people add up to, by hour of the week."""
    return {
        hour: sum(opens[hour] / opens.total() for opens in people) for hour in set().union(*people)
    }


ALL = shares_of_all(shared(*(opening(hour, 40) for hour in (9, 12, 12, 20))))


def test_everybodys_shares_add_up_and_are_there_of_nobody_too():
    assert sum(ALL) == pytest.approx(1)
    assert ALL[12] > 1.9 * ALL[9]
    assert shares_of_all({}) == pytest.approx([1 / 168] * 168)


def test_whoever_opens_in_the_evening_is_told_in_the_evening():
    own = week_of(opening(19, 20))

    assert best_hour(ALL, own, weekday=3, hours=HOURS) == Best(19, 20)
    assert best_hour(ALL, own, weekday=5, hours=HOURS) == Best(19, 20)


def test_of_whoever_opened_nine_times_nothing_can_be_told():
    assert best_hour(ALL, week_of(opening(19, 9)), weekday=3, hours=HOURS) is None
    assert best_hour(ALL, week_of({}), weekday=3, hours=HOURS) is None


def test_a_few_opens_move_the_shares_a_little_and_many_make_them_their_own():
    few = posterior(ALL, week_of(opening(15, 2)))
    many = posterior(ALL, week_of(opening(15, 400)))

    assert sum(few) == pytest.approx(1)
    assert sum(few[15::24]) < 0.15
    assert sum(many[15::24]) > 0.45


def test_a_weekday_of_their_own_is_learnt_after_many_opens():
    week = week_of(Counter({6 * 24 + 10: 60}) + opening(18, 200))

    assert best_hour(ALL, week, weekday=6, hours=HOURS) == Best(10, 260)
    assert best_hour(ALL, week, weekday=2, hours=HOURS) == Best(18, 260)


def test_the_hour_is_among_those_allowed():
    own = week_of(opening(23, 30))

    chosen = best_hour(ALL, own, weekday=1, hours=HOURS)
    assert chosen is not None
    assert chosen.hour in HOURS


def test_chance_falls_as_often_as_its_propensity_says_and_the_same_way_again():
    made = [choose("cmp", str(n), best=18, named=9, among=HOURS) for n in range(20_000)]
    seen = Counter(one.taken for one in made)

    assert made == [choose("cmp", str(n), best=18, named=9, among=HOURS) for n in range(20_000)]
    propensity = {one.taken: one.propensity for one in made}
    assert sum(propensity.values()) == pytest.approx(1)
    for hour in HOURS:
        assert seen[hour] / len(made) == pytest.approx(propensity[hour], abs=0.006)


def test_who_has_no_hour_of_their_own_is_told_in_the_hour_named_for_all():
    made = [choose("cmp", str(n), best=None, named=9, among=HOURS) for n in range(2_000)]

    assert Counter(one.taken for one in made)[9] > 1_850
    assert {one.best for one in made} == {None}


def played(people: int, *, better: float, seed: int) -> list[Told]:
    """People who open one time in five, and more often by `better` in their own hour."""
    made = dice(seed)
    told = []
    for n in range(people):
        one = choose("cmp", str(seed), str(n), best=18, named=9, among=HOURS)
        chance = 0.2 + better * (one.taken == 18)
        told.append(Told(one.taken == 18, one.taken == 9, one.propensity, made.random() < chance))
    return told


def test_a_gain_that_is_there_is_found_and_one_that_is_not_is_not_claimed():
    there = gain(played(8_000, better=0.2, seed=1))
    nothing = gain(played(8_000, better=0.0, seed=4))

    assert there is not None
    assert nothing is not None
    assert there.can_tell
    assert there.low < 0.2 < there.high
    assert not nothing.can_tell
    assert nothing.low < 0 < nothing.high


def test_the_interval_holds_the_truth_as_often_as_it_says():
    made = [gain(played(600, better=0.1, seed=seed)) for seed in range(150)]

    held = [one for one in made if one is not None and one.low <= 0.1 <= one.high]
    assert len(held) / len(made) > 0.88


def test_of_few_people_nothing_is_said():
    own = Told(is_best=True, is_named=False, propensity=0.9, opened=True)
    named = Told(is_best=False, is_named=True, propensity=0.054, opened=False)

    assert gain([own] * 79 + [named] * 20) is None
    assert gain([own] * 80 + [named] * 20) is not None
    assert gain([own] * 500 + [named] * 9) is None
