"""What stands between the socket and every endpoint."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from psycopg import errors as driver
from sqlalchemy import exc as sql
from starlette.testclient import TestClient

from app.access.guard import Anyone
from app.entry.web import ROUTERS
from app.house import House
from app.http.deps import Transaction
from app.http.edge import fit, problem_of
from app.http.problems import TABLE, told
from orders_core.errors import CoreError
from tests.pages_app import settings_of
from tests.shop import Shop


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A caller of an app with a deferred constraint to break."""
    settings = settings_of(shop)
    app = FastAPI()
    app.state.house = House(settings=settings, engine=shop.engine, clock=shop.clock, channels={})
    fit(app, settings)

    @app.get("/v1/late")
    def late(tx: Transaction, _: Anyone) -> dict[str, str]:
        tx.exec_driver_sql("CREATE TABLE a (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)")
        tx.exec_driver_sql("INSERT INTO a VALUES (1), (1)")
        return {"status": "ok"}

    @app.post("/act")
    def act(_: Anyone) -> dict[str, str]:
        return {"status": "done"}

    @app.get("/v1/nul")
    def nul(tx: Transaction, _: Anyone) -> None:
        tx.exec_driver_sql("SELECT %(x)s::int", {"x": "no number"})

    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def test_a_commit_that_fails_is_not_answered_with_200(client: TestClient) -> None:
    answer = client.get("/v1/late")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_value_the_database_refuses_shows_no_sql(client: TestClient) -> None:
    answer = client.get("/v1/nul")

    assert answer.status_code == 422
    assert "SELECT" not in answer.text
    assert "no number" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({}, 403),
    ],
)
def test_an_unsafe_request_must_come_from_our_own_pages(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.post("/act", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (driver.LockNotAvailable(), 503),
        (driver.DeadlockDetected(), 503),
        (driver.SerializationFailure(), 503),
        (driver.AdminShutdown(), 503),
        (driver.OperationalError(), 503),
        (driver.UniqueViolation(), 409),
        (driver.NumericValueOutOfRange(), 422),
        (driver.SyntaxError(), 500),
    ],
)
def test_trouble_with_the_database_is_told_by_its_kind(fault: driver.Error, status: int) -> None:
    wrapped = sql.DBAPIError("SELECT secret", {}, fault)

    for error in (fault, wrapped):
        problem = problem_of(error)
        assert problem.status == status
        assert "secret" not in problem.detail
        if status == 503:
            assert problem.headers["Retry-After"] == "1"


def test_a_full_pool_is_told_as_busy() -> None:
    assert problem_of(sql.TimeoutError()).status == 503


def test_every_refusal_of_the_product_has_a_line_of_its_own_or_of_its_family() -> None:
    """`CoreError` alone says nothing: whoever adds an error decides how it is told."""
    assert ROUTERS  # every room is imported
    families = set(TABLE) - {CoreError.__name__}
    strangers = [
        error.__name__
        for error in _descendants(CoreError)
        if error.__module__.startswith(("orders_core.", "app."))
        and not families & {ancestor.__name__ for ancestor in error.__mro__}
    ]

    assert strangers == []


def test_an_error_nobody_foresaw_is_not_in_the_table() -> None:
    assert told(RuntimeError()) is None


def _descendants(error: type[Exception]) -> Iterator[type[Exception]]:
    for child in error.__subclasses__():
        yield child
        yield from _descendants(child)
