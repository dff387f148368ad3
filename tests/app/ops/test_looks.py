"""Where people look, on the page of what notices achieve: shares with their doubt, and the gain."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import learning_store
from app.db.transaction import begin
from app.ops.looks import looks_of
from ml.chance.measured import Gain
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, set_scene
from tests.shop import MORNING, Shop

GAIN = Gain(
    people=412, best_share=0.41, named_share=0.22, value=0.19, low=0.06, high=0.32
)  # fmt: skip


def rate(channel: str, **more: Any) -> dict[str, Any]:
    usual = {"about": "offers", "people": 900, "told": 5400, "seen": 1890, "strength": 3.0}
    return {**usual, "channel": channel, **more}


def found(gain: Gain | None = GAIN) -> dict[str, Any]:
    return {
        "rates": [rate("push"), rate("email", seen=540), rate("sms", about="orders", people=40,
                  told=44, seen=21, strength=None)],
        "people": 871,
        "ways": {"learnt": 640, "chance": 70, "seen": 210, "unsure": 80},
        "gain": asdict(gain) if gain else None,
    }  # fmt: skip


def test_tellings_of_one_person_are_no_surer_than_fewer_of_strangers():
    alike, strangers = (
        looks_of(found() | {"rates": [rate("push", strength=strength)]}).rates[0]
        for strength in (1.0, 1e9)
    )

    assert alike.value == strangers.value == pytest.approx(0.35)
    assert strangers.share.cases == 5400
    assert alike.share.cases == round(5400 / (1 + 5 / 2))
    assert alike.share.low < strangers.share.low < 0.35 < strangers.share.high < alike.share.high


def test_what_named_bells_is_told_the_most_frequent_first():
    looks = looks_of(found())

    assert [(way, share.hits) for way, share in looks.ways] == [
        ("learnt", 640), ("seen", 210), ("unsure", 80), ("chance", 70),
    ]  # fmt: skip
    assert {share.cases for _, share in looks.ways} == {1000}
    assert looks.gain == GAIN


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """The operator, logged in."""
    with begin(shop.engine) as tx:
        set_scene(tx, shop.clock.now())
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers={"sec-fetch-site": "same-origin"}) as opened:
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', opened.get("/login").text)
        assert token is not None
        opened.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": token[1]})
        yield opened


def make_night(shop: Shop, facts: dict[str, Any]) -> None:
    with begin(shop.engine) as tx:
        learning_store.ask(tx, learning_store.HABITS, now=MORNING)
        run_id = learning_store.claim(tx, learning_store.HABITS)
        assert run_id is not None
        learning_store.close(tx, run_id, state="made", facts=facts, now=MORNING)


def test_before_the_first_night_the_page_says_that_nothing_is_known(client: TestClient):
    assert "Nothing is known yet" in client.get("/hub/notices?lang=en").text


@pytest.mark.parametrize(
    ("gain", "en", "zh"),
    [
        (GAIN, "What was learnt is better.", "学到的渠道更好。"),
        (Gain(412, 0.2, 0.4, -0.2, -0.3, -0.1), "What was learnt is worse.", "学到的渠道更差。"),
        (Gain(412, 0.2, 0.2, 0.0, -0.1, 0.1), "Cannot tell which is better.", "无法判断哪个更好。"),
        (None, "cannot be told yet", "目前无法判断学习的效果"),
    ],
)
def test_the_page_says_what_learning_brought_or_that_it_cannot_tell(
    shop: Shop, client: TestClient, gain: Gain | None, en: str, zh: str
):
    make_night(shop, found(gain))

    page = client.get("/hub/notices?lang=en").text
    assert en in page
    assert "35 %" in page
    assert "learnt in 640 decisions (64 %)" in page
    assert zh in client.get("/hub/notices?lang=zh").text
