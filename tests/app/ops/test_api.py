"""Probes and figures."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.db.engine import make_engine
from app.db.transaction import begin
from tests.pages_app import pages_app, settings_of
from tests.poll import until
from tests.scene import set_scene
from tests.shop import Shop


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A load balancer, a scraper."""
    with TestClient(pages_app(shop.engine, shop.clock, settings_of(shop))) as opened:
        yield opened


def test_a_whole_house_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"]["database"] is True
    assert answer.json()["checks"]["migrations"] is True


def test_valkey_is_told_but_does_not_count(shop: Shop) -> None:
    settings = settings_of(shop, redis_url="unix:///nowhere.sock")
    with TestClient(pages_app(shop.engine, shop.clock, settings)) as client:
        answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"]["valkey"] is False


def test_a_database_of_another_version_is_not_ready(client: TestClient, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] | {"valkey": True} == {
        "database": True,
        "migrations": False,
        "valkey": True,
    }


def test_without_a_database_it_lives_but_is_not_ready(shop: Shop) -> None:
    gone = make_engine("postgresql://nobody@127.0.0.1:9/none", pool_size=1)
    with TestClient(pages_app(gone, shop.clock, settings_of(shop))) as client:
        assert client.get("/livez").status_code == 200
        assert client.get("/readyz").status_code == 503
        page = client.get("/metrics")

    assert (page.status_code, page.json()["code"]) == (503, "database_unavailable")
    assert "127.0.0.1" not in page.text


def test_the_figures_name_lanes_events_and_processes(client: TestClient, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        set_scene(tx, shop.clock.now())

    figures = client.get("/metrics").text

    for line in (
        'orderbell_lane_due{lane="L1"} 1.0',
        'orderbell_lane_unknown{lane="L1"} 1.0',
        'orderbell_lane_duplicate_risk{lane="L1"} 1.0',
        'orderbell_events_open{state="parked"} 1.0',
        'orderbell_processes{role="worker"} 1.0',
        "orderbell_scheduler_leaders 1.0",
        "orderbell_marketing_stopped 0.0",
    ):
        assert line in figures
    assert "mail.example" not in figures


def test_ready_names_valkey_once_it_is_heard(client: TestClient) -> None:
    until(lambda: client.get("/readyz").json()["checks"]["valkey"])
