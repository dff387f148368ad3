"""The naive way shows what is wrong with it almost every time; ours never does."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from app.db.engine import make_engine
from app.labs import LABS, caps, oversell, two_writes
from app.labs.lab import Figures, Lab, Outcome, Place, timed
from app.labs.page import html, sentence
from app.words.say import LOCALES, knows
from tests.shop import Shop

MOST_LUCKY = 1
LONGEST_SECONDS = 60

Way = Callable[[Place], tuple[Figures, int]]


@pytest.fixture
def place(shop: Shop) -> Iterator[Place]:
    engine = make_engine(shop.url, pool_size=16)
    yield Place(engine=engine, valkey_url=shop.valkey_url)
    engine.dispose()


WAYS = pytest.mark.parametrize(
    ("naive", "ours"),
    [
        (oversell.naive, oversell.ours),
        (caps.naive, caps.ours),
        (partial(two_writes.naive, kills=2), partial(two_writes.ours, kills=2)),
    ],
    ids=["oversell", "caps", "two-writes"],
)


@WAYS
def test_of_eight_runs_the_naive_way_is_right_once_at_most_and_ours_always(
    place: Place, naive: Way, ours: Way
) -> None:
    assert_apart(place, naive, ours, runs=8)


@pytest.mark.long
@WAYS
def test_of_twenty_runs_the_naive_way_is_right_once_at_most_and_ours_always(
    place: Place, naive: Way, ours: Way
) -> None:
    assert_apart(place, naive, ours, runs=20)


def assert_apart(place: Place, naive: Way, ours: Way, *, runs: int) -> None:
    lucky = sum(naive(place)[1] == 0 for _ in range(runs))
    wrong = sum(ours(place)[1] for _ in range(runs))

    assert lucky <= MOST_LUCKY
    assert wrong == 0


@pytest.mark.parametrize("lab", [oversell.LAB, caps.LAB])
def test_a_lab_takes_less_than_a_minute_and_tells_it_in_both_languages(
    place: Place, lab: Lab
) -> None:
    naive, ours = timed(lab.naive, place), timed(lab.ours, place)
    page = html(lab, naive, ours)

    assert naive.seconds + ours.seconds < LONGEST_SECONDS
    assert all(sentence(locale, lab, naive, ours) in page for locale in LOCALES)
    assert "def " in page


@pytest.mark.parametrize("lab", [oversell.LAB, two_writes.LAB, caps.LAB])
def test_the_naive_way_is_short_enough_to_read(lab: Lab) -> None:
    code = [line for line in lab.source().splitlines() if line.strip()]

    assert len(code) <= 40


def test_every_lab_has_its_words() -> None:
    for lab in (oversell.LAB, two_writes.LAB, caps.LAB):
        assert all(knows(f"labs.{part}.{lab.word}") for part in ("title", "question", "why"))
        assert LABS[lab.name]


def test_the_page_shows_figures_and_no_markup_of_theirs() -> None:
    made = Outcome({"units": 1, "buyers": 2, "sold": 1_234, "oversold": 1_233}, 1, 0.5)

    assert "1,234" in html(oversell.LAB, made, made)
