"""What is believed of a person on a channel, and where it cannot be told which is best."""

from collections import Counter

import pytest

from ml.channel.best import Option, best
from ml.channel.seen import FEWEST_PEOPLE, Prior, belief, prior_of
from tests.dice import dice

PUSH = Prior(0.4, 10.0)


def crowd(
    *, mean: float, strength: float, people: int, told: int, seed: int
) -> Counter[tuple[int, int]]:
    """People whose shares are a Beta, each told so many times."""
    made = dice(seed)
    found: Counter[tuple[int, int]] = Counter()
    for _ in range(people):
        share = made.betavariate(mean * strength, (1 - mean) * strength)
        found[told, sum(made.random() < share for _ in range(told))] += 1
    return found


@pytest.mark.parametrize(("mean", "strength"), [(0.3, 3.0), (0.5, 8.0), (0.1, 20.0)])
def test_mean_and_strength_of_a_known_crowd_are_found_again(mean: float, strength: float):
    found = prior_of(crowd(mean=mean, strength=strength, people=6_000, told=12, seed=5))

    assert found is not None
    assert found.mean == pytest.approx(mean, rel=0.05)
    assert found.strength == pytest.approx(strength, rel=0.25)


def test_people_who_were_told_unequally_often_are_weighed_as_such():
    made = Counter[tuple[int, int]]()
    for n, told in enumerate((2, 3, 5, 9, 17, 40)):
        made += crowd(mean=0.3, strength=6.0, people=1_500, told=told, seed=n)

    found = prior_of(made)

    assert found is not None
    assert found.mean == pytest.approx(0.3, abs=0.02)
    assert found.strength == pytest.approx(6.0, rel=0.2)


def test_where_all_are_alike_the_prior_is_as_strong_as_it_may_be():
    found = prior_of(crowd(mean=0.3, strength=1e9, people=3_000, told=10, seed=4))

    assert found is not None
    assert found.strength > 60


def test_of_few_people_and_of_people_told_once_there_is_no_prior():
    assert prior_of({(10, 4): FEWEST_PEOPLE - 1}) is None
    assert prior_of({(10, 4): FEWEST_PEOPLE}) is not None
    assert prior_of({(0, 0): 500, (1, 1): 500, (2, 1): FEWEST_PEOPLE - 1}) is None
    assert prior_of({(0, 0): 500, (1, 1): 500, (2, 1): FEWEST_PEOPLE}) is not None
    assert prior_of({}) is None


def test_a_crowd_that_never_saw_anything_is_believed_to_see_little_and_not_nothing():
    found = prior_of({(10, 0): 100})

    assert found is not None
    assert 0 < found.mean < 0.001
    assert belief(found, told=0, seen=0).deviation > 0


def test_a_few_tellings_move_the_belief_a_little_and_many_make_it_their_own():
    nothing = belief(PUSH, told=0, seen=0)
    few, many = belief(PUSH, told=2, seen=2), belief(PUSH, told=400, seen=400)

    assert nothing.mean == pytest.approx(0.4)
    assert few.mean == pytest.approx(0.5)
    assert many.mean > 0.98
    assert nothing.deviation > few.deviation > many.deviation


def test_the_belief_holds_the_truth_as_often_as_it_says():
    made = dice(9)
    held = 0
    for _ in range(4_000):
        share = made.betavariate(4, 6)
        said = belief(PUSH, told=8, seen=sum(made.random() < share for _ in range(8)))
        held += abs(said.mean - share) <= 1.96 * said.deviation
    assert 0.93 < held / 4_000 < 0.97


def option(name: str, mean: float, deviation: float, cost: float = 0) -> Option:
    return Option(name, mean, deviation, cost)


CASES = [
    ("beyond doubt", [option("push", 0.6, 0.05), option("email", 0.1, 0.05)], "push"),
    ("the doubts overlap", [option("push", 0.6, 0.2), option("email", 0.45, 0.2)], None),
    ("of three the second is as good", [
        option("push", 0.6, 0.05), option("email", 0.1, 0.05), option("sms", 0.58, 0.05)
    ], None),
    ("seen more but not worth its cost", [
        option("push", 0.5, 0.05), option("sms", 0.65, 0.05, cost=5_000)
    ], "push"),
    ("worth its cost", [option("push", 0.2, 0.05), option("sms", 0.7, 0.05, cost=5_000)], "sms"),
    ("nothing to choose", [option("push", 0.6, 0.01)], None),
    ("nothing at all", [], None),
    ("alike in all", [option("push", 0.5, 0.0), option("email", 0.5, 0.0)], None),
]  # fmt: skip


@pytest.mark.parametrize(("shows", "options", "first"), CASES, ids=[case[0] for case in CASES])
def test_the_best_is_chosen_where_it_can_be_told(
    shows: str, options: list[Option], first: str | None
):
    assert shows
    assert best(options, worth=20_000) == first
    assert best(options[::-1], worth=20_000) == first


def test_what_would_ring_without_it_is_all_that_has_to_be_outdone():
    them = [option("push", 0.6, 0.05), option("email", 0.1, 0.05), option("sms", 0.58, 0.05)]

    assert best(them, worth=20_000, before="email") == "push"
    assert best(them, worth=20_000, before="sms") is None
    assert best(them, worth=20_000, before="push") is None
    assert best(them, worth=20_000, before="all") is None
