"""Every route names its doorkeeper, and the doorkeepers keep the door."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from app.access.guard import Anyone, doors, scope
from app.access.keys import Caller, make_key
from app.db.transaction import begin
from app.house import House
from app.http.edge import fit
from tests.pages_app import pages_app, settings_of
from tests.shop import Shop


@pytest.fixture
def app(shop: Shop) -> FastAPI:
    """An app with one door for keys, one for all, and one that somebody forgot."""
    settings = settings_of(shop)
    made = FastAPI()
    made.state.house = House(settings=settings, engine=shop.engine, clock=shop.clock, channels={})
    router = APIRouter(prefix="/v1")

    @router.post("/orders")
    async def take(caller: Annotated[Caller, scope("orders:write")]) -> dict[str, str]:
        return {"caller": caller.name}

    @router.get("/open")
    def opened(_: Anyone) -> None: ...

    @router.get("/forgotten")
    def forgotten() -> None: ...

    made.include_router(router)
    fit(made, settings)
    return made


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A caller."""
    with TestClient(app) as opened:
        yield opened


def test_a_route_that_names_no_guard_is_found(app: FastAPI) -> None:
    found = doors(app.routes)

    assert found["GET /v1/forgotten"] == ()
    assert repr(found["POST /v1/orders"][0]) == "scope orders:write"
    assert repr(found["GET /v1/open"][0]).startswith("open: ")


def test_every_page_names_its_guard(shop: Shop) -> None:
    found = doors(pages_app(shop.engine, shop.clock, settings_of(shop)).routes)

    assert [door for door, guards in found.items() if not guards] == []
    assert len(found) > 20


def test_a_key_with_the_scope_gets_in(client: TestClient, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        key = make_key(tx, label="ci", scopes=["orders:write"])
    for _ in range(2):
        answer = client.post("/v1/orders", headers={"authorization": f"Bearer {key}"})

        assert answer.json()["caller"].startswith("test-key:")


def test_a_key_without_the_scope_is_told_which_it_lacks(client: TestClient, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        key = make_key(tx, label="ci", scopes=["ask"])

    answer = client.post("/v1/orders", headers={"authorization": f"Bearer {key}"})

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert "orders:write" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "no_key"),
        ({"authorization": "Basic dXNlcg=="}, "no_key"),
        ({"authorization": "Bearer ob_live_nobody"}, "bad_key"),
        ({"cookie": "ob_session=whatever"}, "no_key"),
    ],
)
def test_without_a_key_nobody_gets_in_and_a_cookie_is_no_key(
    client: TestClient, header: dict[str, str], code: str
) -> None:
    answer = client.post("/v1/orders", headers=header)

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")
