"""One busy week, told both ways: what rings twice, at night and above the cap."""

from collections.abc import Iterator

import pytest

from app.db.engine import make_engine
from app.labs import flood
from app.labs.lab import Place, timed
from app.labs.page import html, sentence
from app.words.say import LOCALES
from tests.shop import Shop


@pytest.fixture
def place(shop: Shop) -> Iterator[Place]:
    engine = make_engine(shop.url, pool_size=4)
    yield Place(engine=engine, valkey_url=shop.valkey_url)
    engine.dispose()


def test_the_naive_way_rings_needlessly_and_ours_never(place: Place) -> None:
    naive, ours = timed(flood.naive, place), timed(flood.ours, place)

    assert naive.figures["events"] == ours.figures["events"] == len(flood.week())
    assert min(naive.figures[one] for one in ("twice", "at_night", "offers_over_cap")) > 0
    assert ours.figures["bells"] > 0
    assert ours.wrong == 0
    page = html(flood.LAB, naive, ours)
    assert all(sentence(locale, flood.LAB, naive, ours) in page for locale in LOCALES)
    assert len([line for line in flood.LAB.source().splitlines() if line.strip()]) <= 40
