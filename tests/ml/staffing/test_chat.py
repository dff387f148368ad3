"""A day of chats played through, against Erlang where Erlang is right."""

import math

import numpy as np
import pytest

from ml.staffing.chat import Chat, play
from ml.staffing.erlang import ImpossibleTarget, Work, erlang_a

HALF_HOUR = 1800.0
ONE = Chat(handle_seconds=180, patience_seconds=120, within_seconds=20)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_one_at_a_time_at_a_steady_rate_it_is_erlang_a():
    work = Work(contacts=100, interval_seconds=HALF_HOUR, handle_seconds=180)
    told = erlang_a(work, people=12, within_seconds=20, patience_seconds=120)

    played = play([100.0] * 40, [12] * 40, ONE, slot_seconds=HALF_HOUR, runs=5, rng=rng())

    late = slice(2, None)  # the morning begins with nobody waiting
    arrived = played.arrived[late].sum()
    error = 4 * math.sqrt(0.25 / arrived) * 2  # neighbours in a queue wait together
    assert played.in_time[late].sum() / arrived == pytest.approx(told.service_level, abs=error)
    assert played.gave_up[late].sum() / arrived == pytest.approx(told.abandon_share, abs=error)


def test_two_chats_at_once_answer_more_in_time_than_one():
    two = Chat(handle_seconds=180, patience_seconds=120, within_seconds=20, at_once=2, slower=0.3)
    levels = [
        play([100.0] * 10, [9] * 10, how, slot_seconds=HALF_HOUR, runs=3, rng=rng()).service_level
        for how in (ONE, two)
    ]

    assert levels[1] > levels[0] + 0.1


def test_at_full_slowness_two_at_once_finish_no_more_than_one():
    two = Chat(handle_seconds=180, patience_seconds=120, within_seconds=20, at_once=2, slower=1.0)

    assert [two.rate(chats) for chats in (0, 1, 2)] == pytest.approx([0, 1 / 180, 1 / 180])


def test_a_peak_that_the_roster_misses_is_felt_in_its_slots():
    contacts, people = [40.0, 40.0, 160.0, 40.0], [6, 6, 6, 6]

    played = play(contacts, people, ONE, slot_seconds=HALF_HOUR, runs=20, rng=rng())

    levels = played.in_time / played.arrived
    assert levels[2] < levels[0] - 0.3
    assert played.gave_up[2] > played.gave_up[0]


def test_whoever_goes_off_duty_finishes_and_takes_no_more():
    patient = Chat(handle_seconds=600, patience_seconds=1e9, within_seconds=20)

    played = play([30.0, 0.0, 0.0], [30, 0, 0], patient, slot_seconds=HALF_HOUR, runs=3, rng=rng())

    assert played.still_waiting == 0
    alone = play([30.0, 30.0], [30, 0], patient, slot_seconds=HALF_HOUR, runs=3, rng=rng())
    assert alone.still_waiting == alone.arrived[1]


def test_equal_seeds_play_equal_days():
    first, second = (
        play([50.0] * 4, [6] * 4, ONE, slot_seconds=HALF_HOUR, runs=2, rng=rng()) for _ in range(2)
    )

    assert (first.in_time == second.in_time).all()


@pytest.mark.parametrize(
    "bad", [{"handle_seconds": 0}, {"patience_seconds": -1}, {"at_once": 0}, {"slower": -0.1}]
)
def test_what_cannot_be_is_refused(bad: dict[str, float]):
    with pytest.raises(ImpossibleTarget):
        Chat(**{"handle_seconds": 1, "patience_seconds": 1, "within_seconds": 1} | bad)  # type: ignore[arg-type]


def test_a_day_of_unequal_parts_is_refused():
    with pytest.raises(ImpossibleTarget):
        play([1.0], [1, 2], ONE, slot_seconds=HALF_HOUR, runs=1, rng=rng())
