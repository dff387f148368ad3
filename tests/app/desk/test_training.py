"""A model is asked for, learnt by one worker, put in use, and read with; or refused, with why."""

import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text, update

from app.db.leader import Leader
from app.db.transaction import begin
from app.desk import api, training, training_store
from app.desk.hear import Heard, hear
from app.desk.reader import Reader
from app.desk.suggest import Words, suggest
from app.desk.tables import training as table
from app.desk.training_store import Made
from app.desk.understood import Guessed
from app.house import House
from app.people import store as people
from app.settings import DEFAULT_SECRET
from ml.answers.intents import Intent
from orders_core.ids import show
from orders_core.tx import Tx
from tests.app.desk.counter import policy
from tests.app.desk.learning import sealed_model, write_corpus
from tests.buying import MUG, bought, fill, move_in
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
    beside = training_store.in_use(tx)
    assert training_store.put(tx, recipe, made, labels=labels, beside=beside, now=MORNING)


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


def test_a_model_learnt_by_hand_takes_no_place_of_one_that_came_meanwhile(tx: Tx):
    put(tx, b"first", recipe="a")
    graded_beside = training_store.in_use(tx)
    put(tx, b"second", recipe="b")
    came = training_store.in_use(tx)

    assert not training_store.put(tx, "c", MADE, labels=1, beside=graded_beside, now=MORNING)
    assert training_store.in_use(tx) == came
    assert training_store.put(tx, "c", MADE, labels=1, beside=came, now=MORNING)


def test_another_risk_budget_is_another_model(house: House):
    bolder = house.settings.model_copy(update={"risk_percent": 1.0})

    assert training.recipe_of(house.settings) != training.recipe_of(bolder)


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


@pytest.mark.parametrize("labels", [0, 40])
def test_a_model_graded_beside_another_takes_no_place_of_one_that_came_meanwhile(
    tx: Tx, labels: int
):
    put(tx, b"first", recipe="a")
    training_store.ask(tx, "b", now=MORNING)
    waits, first = training_store.waiting(tx), training_store.in_use(tx)
    assert waits is not None
    put(tx, b"own", recipe="c", labels=labels)

    assert training_store.end(tx, waits, MADE, beside=first, now=MORNING)

    assert training_store.sealed(tx, training_store.in_use(tx)) == b"own"
    assert training_store.waiting(tx) is None
    assert training_store.ask(tx, "b", now=MORNING) is (labels == 0)  # graded anew, or never


def test_a_refused_model_leaves_the_one_in_use(tx: Tx):
    put(tx, b"first", recipe="a")
    training_store.ask(tx, "b", now=MORNING)
    waits = training_store.waiting(tx)
    assert waits is not None

    refused = Made(manifest={}, sealed=b"worse", refused="en: accuracy")
    first = training_store.in_use(tx)
    assert training_store.end(tx, waits, refused, beside=first, now=MORNING)
    assert not training_store.end(tx, waits, MADE, beside=first, now=MORNING)  # a slower worker's

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


WITHOUT_LEARNING = """
import sys
from pathlib import Path
from ml.answers import keep
from ml.artifact.unseal import unseal
from app.desk import api, reader, reading_pages, suggest
sealed = Path(sys.argv[1]).read_bytes()
read = keep.classifiers(unseal(sealed, key=sys.argv[2].encode(), kind=keep.KIND))["en"].read
assert read("where is my parcel right now").intent == "where"
print([one for one in ("sklearn", "scipy", "ml.answers.train") if one in sys.modules])
"""


def test_who_reads_with_a_model_needs_nothing_of_what_learnt_it(folder: Path, tmp_path: Path):
    path = tmp_path / "model"
    path.write_bytes(sealed_model(folder, key=KEY))

    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_LEARNING, str(path), KEY.decode()],
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("because_of", "begins"),
    [("points", "We are checking your points."), ("exchange", "Which size, colour or piece")],
)
def test_a_draft_asks_back_about_what_the_model_was_nearly_sure_of(
    tx: Tx, because_of: str, begins: str
):
    move_in(tx)
    fill(tx, {MUG: 1})
    bought(tx, (MUG, 1))
    person = people.find(tx, ANA.person_id)
    asked = Heard(person=person, text="what of those things of mine", how="api")
    case = hear(tx, asked, policy=policy(tx), now=MORNING).case
    assert case is not None

    last = Words(asked.text, at=MORNING)
    draft = suggest(tx, case, person, last, now=MORNING, reads=Nearly(Intent(because_of)))
    plain = suggest(tx, case, person, last, now=MORNING)

    assert draft is not None
    assert draft.text.startswith(begins)
    assert plain is not None
    assert not plain.text.startswith(begins)


@dataclass(frozen=True)
class Nearly:
    """A reader that takes everything for one thing, and is not sure enough of it."""

    intent: Intent

    def guess(self, _tx: Tx, _text: str, /) -> Guessed:
        """Guess it."""
        return Guessed(
            intent=self.intent, sure=0.6, needs=0.9, passes=False, is_ours=True, model="one"
        )
