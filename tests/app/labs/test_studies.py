"""The labs that show several ways or one thing step by step find what they tell."""

from collections.abc import Iterator
from importlib import import_module

import orjson
import pytest
from typer import BadParameter

from app.db.engine import make_engine
from app.entry.cli.lab import lab
from app.labs import LABS, deadlock, isolation, locks, triggers
from app.labs.anomalies import ANOMALIES, Level
from app.labs.lab import Place
from app.labs.study import Found, Study
from app.labs.study_page import html, lines
from app.labs.triggers_store import MayNotCreate, SchemaTaken, own_schema
from app.words.say import LOCALES, knows, say
from tests.shop import Shop

STUDIES = [
    lab for lab in (import_module(LABS[name]).LAB for name in LABS) if isinstance(lab, Study)
]


@pytest.fixture
def place(shop: Shop) -> Iterator[Place]:
    engine = make_engine(shop.url, pool_size=16)
    yield Place(engine=engine, valkey_url=shop.valkey_url)
    engine.dispose()


def assert_told(study: Study, found: Found) -> None:
    """Its page says all it has to say, in both languages; so does the terminal."""
    page, shown = html(study, found), "\n".join(lines(found))
    for locale in LOCALES:
        told = found.tell(locale)
        assert say(locale, f"labs.title.{study.word}") in page
        assert told.sentence in page
        assert told.sentence in shown
        assert all(len(row) == len(table.head) for table in told.tables for row in table.rows)


def test_isolation_shows_what_each_level_lets_happen(place: Place) -> None:
    found = isolation.run(place)

    assert found.figures == {
        anomaly.name: {level.value: anomaly.expected[level].value for level in Level}
        for anomaly in ANOMALIES
    }
    assert_told(isolation.LAB, found)
    seen = {cell.mark for columns in found.tell("en").columns for cell in columns.cells}
    assert seen == {"", "waits", "refused"}


def test_deadlock_shows_who_held_what_and_that_one_order_has_none(place: Place) -> None:
    found = deadlock.run(place)

    carts = found.figures["carts"]
    assert found.figures["naive_deadlocks"] != 0
    assert (found.figures["ours_deadlocks"], found.figures["ours_sold"]) == (0, carts)
    assert_told(deadlock.LAB, found)
    naive, ours = found.tell("en").columns
    assert "T1 waits for" in naive.verdict
    assert "blocked by T2" in naive.verdict
    assert [cell.mark for cell in naive.cells].count("refused") == 1
    assert [cell.mark for cell in ours.cells].count("waits") == 1
    assert not [cell for cell in ours.cells if cell.mark == "refused"]


def test_locks_sells_the_last_unit_once_whichever_way(place: Place) -> None:
    found = locks.run(place, rounds=1)

    for way in ("row", "stripes_1", "stripes_256", "batch", "bucket_1", "bucket_8"):
        figures = found.figures[way]
        assert isinstance(figures, dict)
        assert figures["sold"] == figures["of_last_units"] == locks.LAST
    assert_told(locks.LAB, found)


def test_triggers_lose_nothing_of_ours_and_leave_nothing_behind(place: Place) -> None:
    found = triggers.run(place, rounds=1)

    lost = {way: _lost(found.figures[way]) for way in triggers.WAYS}
    assert (lost["ours"], lost["summary"]) == (0, 0)
    assert lost["notify"] > 0
    assert_told(triggers.LAB, found)
    assert "FOR EACH ROW" in html(triggers.LAB, found)
    with place.plain() as connection, own_schema(connection):
        pass  # the name is free again


def _lost(figures: object) -> int:
    assert isinstance(figures, dict)
    return int(figures["lost"])


def test_triggers_are_tried_at_a_database_of_ones_own(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    lab("triggers", json=True, html=None, dsn=shop.url)

    figures = orjson.loads(capsys.readouterr().out)
    assert figures["ours"]["lost"] == 0
    with pytest.raises(BadParameter):
        lab("locks", json=True, html=None, dsn=shop.url)


def test_triggers_takes_its_schema_away_when_it_fails(place: Place) -> None:
    with pytest.raises(ZeroDivisionError), triggers.clients(place):
        _ = 1 // 0

    with place.plain() as connection, own_schema(connection):
        pass  # the name is free again


def test_triggers_leaves_a_schema_of_its_name_alone(place: Place) -> None:
    with place.plain() as connection:
        connection.execute("CREATE SCHEMA orderbell_lab CREATE TABLE dear (id int)")
        with pytest.raises(SchemaTaken):
            triggers.run(place)
        assert connection.execute("SELECT count(*) FROM orderbell_lab.dear").fetchone() == (0,)


def test_triggers_says_so_where_it_may_make_no_schema(place: Place) -> None:
    with place.plain() as connection:
        connection.execute("SET ROLE pg_read_all_data")
        with pytest.raises(MayNotCreate), own_schema(connection):
            pass


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
def test_every_study_has_its_words(study: Study) -> None:
    parts = ("title", "question", "sentence", "why")

    assert all(knows(f"labs.{part}.{study.word}") for part in parts)
