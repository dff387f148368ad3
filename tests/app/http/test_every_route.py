"""Laws that hold for every route of the product, whoever wrote it."""

import re
from collections import Counter

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from app.access.guard import KeyGuard, LinkGuard, RoleGuard, TokenGuard, doors
from tests.pages_app import pages_app, settings_of
from tests.shop import Shop

FRONT = ("GET", "/")  # a demo opens its tower there, before the shop's own
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OTHER_SITE = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}


@pytest.fixture
def app(shop: Shop) -> FastAPI:
    """The product's routes."""
    return pages_app(shop.engine, shop.clock, settings_of(shop))


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Return each method and path, its places filled with something plausible."""
    return [
        (method, re.sub(r"\{[^}]+\}", "x", path))
        for door in doors(app.routes)
        for methods, path in [door.split(" ", 1)]
        for method in methods.split("/")
    ]


def test_every_route_names_who_may_come_in(app: FastAPI) -> None:
    found = doors(app.routes)

    assert len(found) > 40
    assert [door for door, guards in found.items() if not guards] == []


SIGNED = "POST /v1/carriers/{carrier}/push"  # a carrier holds no key: it signs what it pushes


def test_the_api_opens_to_keys_alone_and_pages_to_no_key(app: FastAPI) -> None:
    for door, guards in doors(app.routes).items():
        if door == SIGNED:
            assert [repr(guard)[:29] for guard in guards] == ["open: the signature is the gua"[:29]]
        elif " /v1/embed/" in door:
            assert all(isinstance(guard, TokenGuard) for guard in guards), door
        elif " /v1/" in door:
            assert all(isinstance(guard, KeyGuard) for guard in guards), door
        else:
            assert not any(isinstance(guard, KeyGuard) for guard in guards), door


def test_behind_one_door_stands_one_function(app: FastAPI) -> None:
    behind = Counter(
        (method, found.path)
        for found in iter_route_contexts(app.routes)
        if isinstance(found.original_route, APIRoute)
        for method in found.methods or ()
    )

    assert [door for door, count in behind.items() if count > 1 and door != FRONT] == []


def test_without_a_key_or_a_login_nothing_is_done_or_shown(app: FastAPI) -> None:
    guarded = {
        door
        for door, guards in doors(app.routes).items()
        if any(isinstance(guard, KeyGuard | RoleGuard | LinkGuard) for guard in guards)
    }
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        for door in guarded:
            methods, path = door.split(" ", 1)
            for method in methods.split("/"):
                place = re.sub(r"\{[^}]+\}", "x", path)
                answer = client.request(method, place, headers={"sec-fetch-site": "same-origin"})

                assert answer.status_code in {401, 404}, (method, place, answer.status_code)


def test_another_site_can_act_on_no_route_that_a_cookie_opens(app: FastAPI) -> None:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        for method, place in routes(app):
            if method in UNSAFE and not place.startswith(("/v1/", "/u/")):
                answer = client.request(method, place, headers=OTHER_SITE)

                assert answer.status_code == 403, place
                assert answer.json()["code"] == "cross_origin"


def test_every_answer_of_every_route_carries_the_security_headers(app: FastAPI) -> None:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        for method, place in routes(app):
            answer = client.request(method, place)

            assert answer.headers["x-content-type-options"] == "nosniff", place
            assert "default-src" in answer.headers["content-security-policy"], place
            assert answer.headers["x-request-id"], place
