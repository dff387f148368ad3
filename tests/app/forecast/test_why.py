"""Why so many will write: on the page and over the API, in a shop with a promotion and trouble."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.demo import rhythm
from app.demo.asked import asked
from app.forecast import contacts_store, exposures_store, make, plan_store, promotions, run_store
from app.forecast.api import router
from app.forecast.peaks import Cause
from app.forecast.plan import slots_ahead
from app.forecast.promotions import Promotion
from app.forecast.why import At, why
from app.forecast.why_api import router as why_router
from ml.load.slots import SLOT
from orders_core.tx import Tx
from tests.app.forecast.history import HOUR, TONIGHT, house_of
from tests.app.forecast.test_pages import lead, plan_for
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop

__all__ = ["lead"]  # a fixture
COUNT = """
INSERT INTO exposure_slot (name, slot, events, known_at)
SELECT :name, slot, :events, slot + interval '30 minutes'
FROM generate_series(:since, :until, interval '30 minutes') AS slot
ON CONFLICT (name, slot) DO UPDATE SET events = EXCLUDED.events
"""
BEGAN = datetime(2026, 11, 10, 11, 52, tzinfo=UTC)


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, router, why_router) as opened:
        yield opened


def count(tx: Tx, name: str, events: int, *, since: datetime, until: datetime) -> None:
    last = until - SLOT
    tx.execute(text(COUNT), {"name": name, "events": events, "since": since, "until": last})


def trouble(shop: Shop) -> None:
    """Let two parcels in a half hour be in trouble for six weeks, and nine since three hours."""
    with begin(shop.engine) as tx:
        for events, weeks, hours in ((2, 6, 0), (9, 0, 3)):
            since = MORNING - timedelta(weeks=weeks, hours=hours)
            count(tx, "parcels_in_trouble", events, since=since, until=MORNING)


def read_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split('id="why"')[1]))


def test_tonights_peak_names_the_promotion(lead: TestClient, shop: Shop) -> None:
    plan_for(shop)
    said = read_of(lead.get("/desk/forecast").text)

    assert "Double 11 doors" in said.split("Peaks of the week")[1].split("Just now")[0]
    assert "Double 11 doors" in said.split("Peaks of the week")[0]
    assert "No known cause" not in said
    assert "Nothing that makes people write stands above its usual" in said


def test_a_day_like_any_other_has_nothing_to_explain(lead: TestClient, shop: Shop) -> None:
    plan_for(shop)
    said = read_of(lead.get("/desk/forecast?day=2026-03-05").text)

    assert "As on an ordinary day" in said


def test_what_is_in_trouble_just_now_stands_beside_the_forecast(
    lead: TestClient, shop: Shop
) -> None:
    plan_for(shop)
    trouble(shop)
    said = read_of(lead.get("/desk/forecast").text)

    assert "Parcels in trouble 54 since 07:00, usually 12 in these half hours (× 4.5)" in said
    assert "Happens beside it" in said
    zh = read_of(lead.get("/desk/forecast?lang=zh").text)
    assert "包裹出问题" in zh
    assert "双11 开门" in zh


def test_the_api_says_the_same(doors: Doors, shop: Shop) -> None:
    plan_for(shop)
    trouble(shop)
    said = doors.get("/v1/forecast/why")
    [peak] = [one for one in said["peaks"] if one["promotions"] == [TONIGHT.reference]]

    assert sum(peak["shares"].values()) == pytest.approx(peak["expected"] - peak["ordinary"])
    assert max(peak["shares"], key=peak["shares"].get) == "promotion"
    assert peak["from"] == "2026-03-02T12:00:00Z"
    assert peak["is_explained"]
    [one] = said["standing"]
    assert (one["name"], one["events"], one["usual"]) == ("parcels_in_trouble", 54, 12.0)
    assert (one["from"], one["to"]) == ("2026-03-01T23:00:00Z", "2026-03-02T02:00:00Z")
    assert (one["counts"], one["asked_about"]) == ("beside", ["delivery", "where"])
    backwards = "/v1/forecast/why?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"
    assert doors.refusal("GET", backwards, None) == (422, "bad_range")


def test_an_exposure_is_known_since_its_first_event(tx: Tx) -> None:
    for weeks in (9, 1):
        since = MORNING - timedelta(weeks=weeks)
        count(tx, "refunds", 1, since=since, until=since + HOUR)

    assert exposures_store.known_since(tx, ["refunds", "orders"]) == {
        "refunds": MORNING - timedelta(weeks=9)
    }


def test_the_eve_of_double_eleven_in_the_demos_shop_is_named(shop: Shop) -> None:
    shop.clock.set(BEGAN)
    with begin(shop.engine) as tx:
        for sale in (rhythm.autumn(BEGAN), rhythm.tonight(BEGAN)):
            known = {name: getattr(sale, name) for name in Promotion.__dataclass_fields__}
            promotions.put(tx, Promotion(**known), now=BEGAN)
        for batch in asked(BEGAN, seed=7):
            told = {(datetime.fromisoformat(o["from"]), o["about"]): o["contacts"] for o in batch}
            contacts_store.put(tx, "demo", told)
        make.ask(tx, why="asked", by="test", now=BEGAN)
    make.run_due(house_of(shop), lambda: True)

    with begin(shop.engine) as tx:
        slots = slots_ahead(BEGAN, rhythm.SHANGHAI)
        planned = plan_store.plan(tx, since=slots[0], until=slots[-1] + SLOT)
        at = At(now=BEGAN, zone=rhythm.SHANGHAI, run=run_store.latest(tx))
        found = why(tx, planned, slots[:48], at)
    sale = rhythm.tonight(BEGAN)
    [peak] = [one for one in found.peaks if one.promotions]
    assert [one.name_zh for one in peak.promotions] == ["双十一前夜"]
    assert peak.peak.since <= sale.starts_at < sale.ends_at <= peak.peak.until
    assert peak.peak.behind.leading[0][0] is Cause.PROMOTION
    assert found.day is not None
    assert sum(found.day.shares.values()) == pytest.approx(found.day.excess)
