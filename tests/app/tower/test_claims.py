"""A story played over the public API: what it claims holds, and would not if it were not so."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.house import House
from app.subscribers.drain import drain
from tests.app.tower.player import Player
from tests.shop import Shop
from tests.web import Web, open_web

STAGE = "/v1/test/stage"


@pytest.fixture
def web(shop: Shop) -> Iterator[Web]:
    with open_web(shop) as opened:
        yield opened


def played(web: Web, player: Player, house: House, step: str) -> Any:
    wish = web.post(STAGE, {"step": step}).json()["id"]
    assert player.play_next() == step
    drain(house)
    return web.get(f"{STAGE}/{wish}").json()


def claims(wish: Any) -> dict[str, bool | None]:
    return {claim["claim"]: claim["holds"] for claim in wish["claims"]}


def test_a_story_holds_what_it_claims(web: Web, house: House):
    player = Player(web.client)
    player.open()
    story = {
        step: played(web, player, house, step) for step in ("buy", "ship", "late", "ask", "doors")
    }

    assert {step: wish["state"] for step, wish in story.items()} == dict.fromkeys(story, "done")
    broken = {
        (step, claim)
        for step, wish in story.items()
        for claim, holds in claims(wish).items()
        if not holds
    }
    assert broken == set()
    assert story["doors"]["result"]["won"] == 10
    assert [call["path"] for call in story["buy"]["calls"]][-1].endswith("/pay")


def test_a_claim_that_is_not_so_is_seen(web: Web, house: House, shop: Shop):
    player = Player(web.client)
    player.open()
    played(web, player, house, "buy")
    late = played(web, player, house, "ship")["id"]
    doors = played(web, player, house, "doors")["id"]
    with begin(shop.engine) as tx:
        tx.execute(
            text(
                'UPDATE stage_wish SET result = result || \'{"won": 11, "units": 11}\''
                " WHERE step = 'doors'"
            )
        )
        tx.execute(
            text(
                "UPDATE orders SET status = 'delivered', fulfilment = 'delivered',"
                " version = version + 1, changed_by = 'test', change_reason = 'test',"
                " changed_at = changed_at"
                " WHERE status = 'shipped'"
            )
        )
        tx.execute(text("UPDATE parcel SET order_id = NULL"))

    assert claims(web.get(f"{STAGE}/{doors}").json())["exactly"] is False
    assert claims(web.get(f"{STAGE}/{late}").json())["parcel_out"] is False
