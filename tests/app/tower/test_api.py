"""The stage over HTTP: asked for once, played by one, settled for good."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.access.roles import KEY_SCOPES
from app.tower.api import router
from tests.doors import Doors, open_doors
from tests.shop import Shop

STAGE = "/v1/test/stage"


@pytest.fixture
def stage(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, router) as opened:
        yield opened


def ask(stage: Doors, step: str = "buy", **facts: Any) -> Any:
    return stage.call("POST", STAGE, {"step": step, "facts": facts}).json()


def take(stage: Doors) -> Any:
    said = stage.call("GET", f"{STAGE}/next")
    return said.json() if said.status_code == 200 else None


def tell(stage: Doors, wish: str, state: str, **result: Any) -> Any:
    return stage.call("POST", f"{STAGE}/{wish}", {"state": state, "result": result})


def played(stage: Doors, step: str, **result: Any) -> str:
    wish: str = ask(stage, step)["id"]
    take(stage)
    assert tell(stage, wish, "done", **result).status_code == 200
    return wish


def test_what_is_asked_for_is_taken_once_with_its_facts(stage: Doors):
    asked = ask(stage, locale="en")

    assert asked["state"] == "asked"
    assert take(stage) == {"id": asked["id"], "step": "buy", "facts": {"locale": "en"}}
    assert take(stage) is None
    assert stage.get(f"{STAGE}/{asked['id']}")["state"] == "playing"


def test_two_players_never_get_the_same_wish(stage: Doors):
    for _ in range(10):
        wish = ask(stage)["id"]
        barrier, got = threading.Barrier(2), []

        def reach() -> None:
            barrier.wait()  # noqa: B023 - the threads end within the round
            got.append(take(stage))  # noqa: B023

        players = [threading.Thread(target=reach) for _ in range(2)]
        for player in players:
            player.start()
        for player in players:
            player.join()

        assert sorted(one["id"] if one else "" for one in got) == ["", wish]
        tell(stage, wish, "failed")


def test_a_player_tells_its_calls_and_its_result(stage: Doors):
    wish = ask(stage)["id"]
    take(stage)
    call = {"method": "POST", "path": "/v1/orders", "status": 201, "took_ms": 9, "said": "100001"}
    body = {"state": "failed", "calls": [call], "result": {"why": "no tea"}}

    told = stage.call("POST", f"{STAGE}/{wish}", body).json()

    assert told["calls"] == [call]
    assert told["result"] == {"why": "no tea"}
    assert told["settled_at"] is not None
    assert told["claims"] == []


def test_what_is_settled_stands(stage: Doors):
    wish = played(stage, "doors", won=1)

    assert tell(stage, wish, "failed").json()["code"] == "wish_settled"
    assert stage.get(f"{STAGE}/{wish}")["result"] == {"won": 1}


def test_a_step_that_builds_on_another_waits_for_it(stage: Doors):
    early = ask(stage, "ship")
    played(stage, "buy", order="ord_x", number="100001")

    assert early["code"] == "step_too_early"
    assert ask(stage, "ship")["facts"] == {"order": "ord_x", "number": "100001"}


def test_one_step_is_played_at_a_time(stage: Doors):
    ask(stage, "doors")

    assert ask(stage, "plug")["code"] == "step_too_early"


def test_a_claim_is_checked_and_not_believed(stage: Doors):
    wish = ask(stage, "doors")["id"]
    take(stage)

    told = tell(stage, wish, "done", buyers=3, units=1, won=1, sold_out=2, failed=0).json()

    claims = {claim["claim"]: claim["holds"] for claim in told["claims"]}
    assert claims == {"exactly": False, "none_left": False, "all_answered": True}


def test_no_step_of_another_name_and_no_wish_that_is_not_there(stage: Doors):
    assert stage.refusal("POST", STAGE, {"step": "dance"})[0] == 422
    assert stage.call("GET", f"{STAGE}/wsh_01m82mee75ep1tz60pwb9tyjz6").status_code == 404


def test_a_key_without_the_scope_plays_nothing(shop: Shop):
    with open_doors(shop, router, scopes=KEY_SCOPES - {"test:stage"}) as opened:
        assert opened.call("GET", f"{STAGE}/next").json()["code"] == "missing_scope"
        assert (
            opened.call("POST", "/v1/test/plugs/relay", {"seconds": 1}).json()["code"]
            == "missing_scope"
        )


def test_where_no_supervisor_listens_nothing_is_unplugged(stage: Doors):
    assert stage.refusal("POST", "/v1/test/plugs/relay", {"seconds": 1}) == (409, "cannot_unplug")


@pytest.mark.parametrize(
    ("name", "seconds"), [("postgres", 1), ("web", 1), ("relay", 0), ("relay", 31)]
)
def test_only_known_plugs_for_a_bounded_time(stage: Doors, name: str, seconds: int):
    status, _ = stage.refusal("POST", f"/v1/test/plugs/{name}", {"seconds": seconds})

    assert status == 422
