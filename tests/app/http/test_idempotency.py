"""Asking twice does once, and answers the same."""

import threading
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.responses import Response
from starlette.testclient import TestClient

from app.access.guard import Anyone
from app.house import House
from app.http.deps import Transaction
from app.http.edge import fit
from app.http.idempotency import KeyedOnce
from tests.pages_app import settings_of
from tests.shop import Shop


@pytest.fixture
def door(shop: Shop) -> Iterator[tuple[TestClient, list[int]]]:
    """A door that counts how often it worked; its first work can be held up."""
    settings = settings_of(shop)
    app = FastAPI()
    app.state.house = House(settings=settings, engine=shop.engine, clock=shop.clock, channels={})
    fit(app, settings)
    worked: list[int] = []

    @app.post("/v1/things/{status}")
    def make(status: int, tx: Transaction, once: KeyedOnce, _: Anyone) -> Response:
        def work() -> tuple[int, dict[str, int]]:
            worked.append(status)
            return status, {"number": len(worked)}

        return once.run(tx, "key:test", work)

    @app.post("/v1/broken")
    def broken(tx: Transaction, once: KeyedOnce, _: Anyone) -> Response:
        def work() -> tuple[int, dict[str, int]]:
            worked.append(0)
            raise RuntimeError

        return once.run(tx, "key:test", work)

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client, worked


Door = tuple[TestClient, list[int]]


def test_the_same_key_and_body_get_the_same_answer_and_work_once(door: Door) -> None:
    client, worked = door
    headers = {"idempotency-key": "k1"}

    first = client.post("/v1/things/201", json={"a": 1, "b": 2}, headers=headers)
    second = client.post("/v1/things/201", json={"b": 2, "a": 1}, headers=headers)

    assert (first.status_code, first.json()) == (201, {"number": 1})
    assert (second.status_code, second.json()) == (201, {"number": 1})
    assert second.headers["idempotency-replayed"] == "true"
    assert worked == [201]


def test_the_same_key_with_another_body_is_refused(door: Door) -> None:
    client, worked = door
    headers = {"idempotency-key": "k1"}
    client.post("/v1/things/201", json={"a": 1}, headers=headers)

    other = client.post("/v1/things/201", json={"a": 2}, headers=headers)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert worked == [201]


def test_a_refusal_of_fact_is_kept_as_well(door: Door) -> None:
    client, worked = door
    for _ in range(2):
        answer = client.post("/v1/things/409", json={}, headers={"idempotency-key": "k2"})
        assert answer.status_code == 409

    assert worked == [409]


def test_a_failure_keeps_nothing_so_that_the_key_may_be_used_again(door: Door) -> None:
    client, worked = door
    for _ in range(2):
        answer = client.post("/v1/broken", json={}, headers={"idempotency-key": "k3"})
        assert answer.status_code == 500

    assert worked == [0, 0]


def test_without_a_key_every_request_works(door: Door) -> None:
    client, worked = door
    client.post("/v1/things/201", json={})
    client.post("/v1/things/201", json={})

    assert len(worked) == 2


@pytest.mark.parametrize("key", ["", "k" * 256, "k\u00e9y"], ids=["empty", "long", "accent"])
def test_a_key_that_is_no_key_is_refused(door: Door, key: str) -> None:
    client, _ = door
    answer = client.post(
        "/v1/things/201", json={}, headers={b"idempotency-key": key.encode("latin-1")}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_idempotency_key")


def test_while_the_first_still_runs_the_second_is_told_to_come_back(shop: Shop, door: Door) -> None:
    client, worked = door
    client.post("/v1/things/200", json={})  # the pool is warm
    with shop.engine.connect() as holder:
        holder.exec_driver_sql(
            "INSERT INTO idempotency (scope, key, fingerprint)"
            " VALUES ('key:test POST /v1/things/201', 'k9', '\\x00')"
        )
        answers: list[Response] = []

        def ask() -> None:
            headers = {"idempotency-key": "k9"}
            answers.append(client.post("/v1/things/201", json={}, headers=headers))  # type: ignore[arg-type]

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    assert answers[0].status_code == 409
    assert answers[0].json()["code"] == "in_progress"  # type: ignore[attr-defined]
    assert answers[0].headers["retry-after"] == "1"
    assert worked == [200]
