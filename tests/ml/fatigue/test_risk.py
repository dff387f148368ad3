"""Who is likely to refuse offers: calibrated on people it never saw, or not told at all."""

import numpy as np
import pytest

from ml.fatigue.risk import Case, Learnt, Signs, learn, risk

CALM = Signs(sends_7=1, sends_30=2, opened_share=0.9, known_days=700)
WORN = Signs(sends_7=9, sends_30=25, opened_share=0.0, known_days=700)


def played(people: int, *, seed: int, slope: float = 1.0) -> list[Case]:
    """People who refuse the more, the more came in a week and the less they open."""
    dice = np.random.default_rng(seed)
    cases = []
    for person in range(people):
        opened = float(dice.random())
        for _ in range(3):
            sends_7 = int(dice.integers(1, 10))
            signs = Signs(sends_7, sends_7 + int(dice.integers(0, 12)), opened, 300.0)
            weight = slope * (0.5 * (sends_7 - 5) - 2 * (opened - 0.5)) - 3
            left = bool(dice.random() < 1 / (1 + np.exp(-weight)))
            cases.append(Case(str(person), signs, left))
    return cases


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    found = learn(played(1_500, seed=1), seed=0)
    assert found is not None
    return found


def test_whoever_hears_much_and_opens_nothing_is_at_risk_and_it_says_why(learnt: Learnt):
    calm, worn = risk(learnt, CALM), risk(learnt, WORN)

    assert calm.share < 0.02
    assert worn.share > 0.2
    assert worn.because in {"sends_7", "unopened"}


def test_what_it_says_happens_as_often_as_it_says(learnt: Learnt):
    cases = played(3_000, seed=2)
    said = np.array([risk(learnt, case.signs).share for case in cases])
    truth = np.array([case.left for case in cases])

    for low, high in ((0.0, 0.02), (0.02, 0.08), (0.08, 0.2), (0.2, 1.0)):
        held = (said >= low) & (said < high)
        assert held.sum() > 200
        assert said[held].mean() == pytest.approx(truth[held].mean(), abs=0.03)


def test_the_same_cases_and_seed_give_the_same_model():
    cases = played(500, seed=3)

    assert learn(cases, seed=4) == learn(cases, seed=4)


def test_where_hardly_anybody_refused_it_cannot_be_told():
    calm = [Case(str(n), CALM, n < 29) for n in range(2_000)]
    one = [Case("the same", WORN, left=True)] * 40 + calm[29:]

    assert learn(calm, seed=0) is None
    assert learn(one, seed=0) is None
    assert learn(played(90, seed=5), seed=0) is None


def test_where_nothing_foretells_it_there_is_no_model():
    assert learn(played(1_000, seed=6, slope=0.0), seed=0) is None
