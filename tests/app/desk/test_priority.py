"""How urgent a question is, and why, in both languages."""

from datetime import UTC, datetime

import pytest

from app.desk.case import State
from app.desk.intent import Why
from app.desk.priority import Signal, priority, signals
from app.words.say import knows
from ml.answers.mood import Mood, mood

ANGRY, MONEY, THREAT, URGENT = Signal.ANGRY, Signal.MONEY, Signal.THREAT, Signal.URGENT
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
CALM = Mood()
SECOND, LATE, DISPUTED = Signal.SECOND_CONTACT, Signal.LATE_PARCEL, Signal.DISPUTED

READ = [
    ("转人工", set()),
    ("可以改地址吗", set()),
    ("我要投诉", {THREAT, ANGRY}),
    ("太差了，再也不来了", {ANGRY}),
    ("什么时候退款", {MONEY}),
    ("扣了两次钱", {MONEY}),
    ("再不退款我就打12315", {THREAT, ANGRY, MONEY}),
    ("快点!!", {URGENT}),
    ("I need it by tomorrow", {URGENT}),
    ("can I change the address?", set()),
    ("This is unacceptable, I want my refund", {ANGRY, MONEY}),
    ("I was charged twice", {MONEY}),
    ("issue with the parcel", set()),  # `sue` stands inside
    ("the worst shop ever", {ANGRY}),
]


@pytest.mark.parametrize(("words", "expected"), READ)
def test_words_show_what_presses(words: str, expected: set[Signal]):
    felt = mood(words, now=NOW, zone="Asia/Shanghai")

    signs = signals(words, Why.OUT_OF_SCOPE, felt=felt, is_second=False, is_late=False)

    assert set(signs) == expected


def test_what_stands_around_the_words_presses_too():
    both = signals("在吗", Why.OUT_OF_SCOPE, felt=CALM, is_second=True, is_late=True)
    disputed = signals("没收到", Why.DISPUTED, felt=CALM, is_second=False, is_late=False)

    assert both == (SECOND, LATE)
    assert disputed == (DISPUTED,)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ((), 4),
        ((MONEY,), 3),
        ((SECOND, LATE), 2),
        ((ANGRY,), 2),
        ((URGENT,), 2),
        ((THREAT,), 1),
        ((ANGRY, SECOND), 1),
        ((DISPUTED, LATE, MONEY), 1),
        (tuple(Signal), 1),
    ],
)
def test_signs_add_up_to_a_priority(signs: tuple[Signal, ...], expected: int):
    assert priority(signs) == expected


def test_every_sign_reason_state_and_priority_has_words():
    wanted = {f"case.signal.{sign}" for sign in Signal} | {f"case.reason.{why}" for why in Why}
    wanted |= {f"case.state.{state}" for state in State} | {
        f"case.priority.{n}" for n in range(1, 5)
    }

    assert [key for key in sorted(wanted) if not knows(key)] == []
