"""A model is asked for, learnt by one worker, put in use, and read with; or refused, with why."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text, update

from app.db.leader import Leader
from app.db.transaction import begin
from app.desk import api, training, training_store
from app.desk.reader import Reader
from app.desk.tables import training as table
from app.desk.training_store import Made
from app.house import House
from app.settings import DEFAULT_SECRET
from orders_core.ids import show
from orders_core.tx import Tx
from tests.app.desk.learning import sealed_model, write_corpus
from tests.buying import move_in
from tests.cast import ANA
from tests.doors import open_doors
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop
from tests.together import together

KEY = b"a key that only tests know of"
ASKS = "where is my parcel right now"
MADE = Made(manifest={"metrics": {}}, sealed=b"sealed", refused=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def house(shop: Shop) -> House:
    return House(settings=settings_of(shop), engine=shop.engine, clock=shop.clock, channels={})


def states(tx: Tx) -> list[tuple[str, str | None]]:
    found = tx.execute(text("SELECT state, because FROM training ORDER BY asked_at, id"))
    return [(row[0], row[1]) for row in found]


def put(tx: Tx, sealed: bytes, *, recipe: str = "r", labels: int = 0) -> None:
    made = Made(manifest={"metrics": {}}, sealed=sealed, refused=None)
    training_store.put(tx, recipe, made, labels=labels, now=MORNING)


def go_on() -> bool:
    return True


def test_what_was_asked_for_is_learnt_and_then_in_use(house: House, folder: Path):
    with begin(house.engine) as tx:
        assert training.asking(house.settings)(tx, MORNING) == "asked"
        assert training.asking(house.settings)(tx, MORNING) == "known"
        assert training_store.is_asked(tx)

    assert training.run_due(house, go_on, folder=folder) == 1
    assert training.run_due(house, go_on, folder=folder) == 0

    reader = Reader(house.settings.secret_key.get_secret_value().encode())
    with begin(house.engine) as tx:
        assert states(tx) == [("taken", None)]
        [row] = training_store.newest(tx, at_most=9)
        assert (row.done, row.steps) == (6, 6)
        assert row.manifest["metrics"]["grades"]["en"]["messages"] == 2
        guessed = reader.guess(tx, ASKS)
    assert guessed is not None
    assert guessed.intent == "where"
    assert 0 < guessed.sure <= 1


def test_two_workers_learn_it_once(house: House, folder: Path):
    with begin(house.engine) as tx:
        training.asking(house.settings)(tx, MORNING)
    other = Leader(house.engine, lock=training.LOCK)
    assert other.stand()

    assert training.run_due(house, go_on, folder=folder) == 0
    other.step_down()
    made = together(*[partial(training.run_due, house, go_on, folder=folder)] * 2)

    assert sum(made) == 1


def test_a_worker_that_ends_in_the_middle_leaves_it_to_the_next(house: House, folder: Path):
    with begin(house.engine) as tx:
        training.asking(house.settings)(tx, MORNING)

    assert training.run_due(house, lambda: False, folder=folder) == 0
    with begin(house.engine) as tx:
        assert states(tx) == [("begun", None)]
    assert training.run_due(house, go_on, folder=folder) == 1


def test_a_corpus_that_holds_too_little_fails_once_and_not_for_ever(house: House, tmp_path: Path):
    with begin(house.engine) as tx:
        training.asking(house.settings)(tx, MORNING)

    assert training.run_due(house, go_on, folder=tmp_path) == 1
    assert training.run_due(house, go_on, folder=tmp_path) == 0
    with begin(house.engine) as tx:
        assert states(tx) == [("failed", "TooLittle")]


def test_another_risk_budget_is_another_model(house: House):
    assert training.recipe_of(0.5) != training.recipe_of(1.0)


def test_of_models_in_use_there_is_one_and_the_others_are_not_kept(tx: Tx):
    put(tx, b"first", recipe="a")
    put(tx, b"second", recipe="b")

    assert sorted(states(tx)) == [("replaced", None), ("taken", None)]
    assert training_store.sealed(tx, training_store.in_use(tx)) == b"second"
    assert training_store.ask(tx, "a", now=MORNING)  # forgotten, so it is made again
    assert not training_store.ask(tx, "b", now=MORNING)


def test_a_model_with_labels_of_the_shop_is_not_replaced_by_one_without(tx: Tx):
    put(tx, b"own", labels=40)

    assert not training_store.ask(tx, "another", now=MORNING)


def test_a_refused_model_leaves_the_one_in_use(tx: Tx):
    put(tx, b"first", recipe="a")
    training_store.ask(tx, "b", now=MORNING)
    waits = training_store.waiting(tx)
    assert waits is not None

    refused = Made(manifest={}, sealed=b"worse", refused="en: accuracy")
    assert training_store.end(tx, waits, refused, now=MORNING)
    assert not training_store.end(tx, waits, MADE, now=MORNING)  # a slower worker's

    assert training_store.sealed(tx, training_store.in_use(tx)) == b"first"


def test_a_model_that_another_key_signed_is_not_opened_and_reads_nothing(tx: Tx, folder: Path):
    put(tx, sealed_model(folder, key=b"some other key of sixteen"))
    reader = Reader(KEY)

    assert reader.guess(tx, ASKS) is None
    opened = reader.opened(tx)
    assert opened is not None
    assert opened.refused == "bad_signature"


def test_a_model_changed_in_the_database_is_not_opened(tx: Tx, folder: Path):
    sealed = bytearray(sealed_model(folder, key=KEY))
    sealed[len(sealed) // 2] ^= 1
    put(tx, bytes(sealed))

    assert Reader(KEY).guess(tx, ASKS) is None


def test_it_is_opened_once_and_again_when_another_is_put_in_use(tx: Tx, folder: Path):
    reader = Reader(KEY)
    assert reader.guess(tx, ASKS) is None  # none yet
    put(tx, sealed_model(folder, key=KEY))
    first = reader.opened(tx)

    tx.execute(update(table).values(sealed=b"nobody looks again"))
    assert reader.opened(tx) is first
    put(tx, sealed_model(folder, key=KEY))
    assert reader.opened(tx) is not first


def test_words_of_a_script_that_nothing_was_learnt_for_are_left_to_the_patterns(
    tx: Tx, folder: Path
):
    put(tx, sealed_model(folder, key=KEY))

    assert Reader(KEY).guess(tx, "我的快递到哪了") is None


def test_the_answer_says_who_read_the_question_and_how_sure(shop: Shop, folder: Path):
    with begin(shop.engine) as tx:
        move_in(tx)
        put(tx, sealed_model(folder, key=DEFAULT_SECRET.encode()))
    with open_doors(shop, api.router) as doors:
        asking = {"person": show("per", ANA.person_id), "open_case": False}
        sure = doors.call("POST", "/v1/ask", {**asking, "text": "please send me an invoice"}).json()
        talk = doors.call("POST", "/v1/ask", {**asking, "text": "tell me a joke"}).json()

    assert sure["read"]["by"] == "model"
    assert sure["read"]["intent"] == "invoice"
    assert sure["read"]["sure"] >= sure["read"]["needs"]
    assert (talk["abstained"], talk["read"]["by"]) == (True, "nobody")
    assert talk["read"]["sure"] < talk["read"]["needs"]
