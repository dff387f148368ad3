"""The threshold that keeps the risk budget, and the bound on what really happened."""

import numpy as np
import pytest

from ml.answers.budget import NEVER, threshold, upper_bound


def _world(rng: np.random.Generator, messages: int) -> tuple[np.ndarray, np.ndarray]:
    right = rng.uniform(size=messages)
    return right, rng.uniform(size=messages) < 0.2 * (1 - right) ** 2


def _kept(messages: int, *, seed: int, budget: float = 0.01) -> float:
    right, is_wrong = _world(np.random.default_rng(seed), messages)
    return threshold(right, is_wrong, budget=budget, confidence=0.95)


def test_the_budget_is_kept_as_often_as_was_promised():
    kept = []
    for seed in range(200):
        level = _kept(2000, seed=seed)
        kept.append(0.2 * (1 - level) ** 3 / 3 <= 0.01 if level < NEVER else True)

    assert np.mean(kept) >= 0.95


def test_more_proof_allows_more_answers():
    assert _kept(20_000, seed=1) < _kept(1000, seed=1)


def test_without_a_mistake_half_a_percent_takes_598_messages():
    right = np.linspace(0, 1, 598)
    none_wrong = np.zeros(598, dtype=bool)

    assert threshold(right, none_wrong, budget=0.005, confidence=0.95) == 0
    short = threshold(right[1:], none_wrong[1:], budget=0.005, confidence=0.95)
    assert short == NEVER


def test_the_search_ends_at_the_first_threshold_that_fails():
    right = np.repeat([1.0, 0.9, 0.8], [600, 600, 100_000])
    is_wrong = np.repeat([False, True, False], [600, 600, 100_000])

    assert threshold(right, is_wrong, budget=0.005, confidence=0.95) == 1.0


@pytest.mark.parametrize(
    ("wrong", "messages", "bound"), [(0, 598, 0.0049970), (1, 1000, 0.0047349), (5, 5, 1.0)]
)
def test_the_bound_is_clopper_and_pearsons(wrong: int, messages: int, bound: float):
    assert upper_bound(wrong, messages, confidence=0.95) == pytest.approx(bound, abs=2e-6)
