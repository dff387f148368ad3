"""The doors of intake over HTTP."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.db.transaction import begin
from app.intake.events import accept
from orders_core.outbox.tables import history
from tests.app.intake.foreign import HOUR, MONDAY, event, order, terms
from tests.doors import Doors
from tests.shop import Shop

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


def post(doors: Doors, path: str, body: Any, **headers: str) -> Any:
    return doors.call("POST", path, body, **({"Content-Type": "application/json"} | headers))


def rings(doors: Doors) -> list[str]:
    with begin(doors.shop.engine) as tx:
        return list(tx.scalars(select(history.c.ring).order_by(history.c.id)))


def test_one_event_in_structured_mode(doors: Doors) -> None:
    reply = post(doors, "/v1/events", event(order(1, "placed")), **{"Content-Type": ONE})

    assert reply.status_code == 200
    (result,) = reply.json()["results"]
    assert (result["outcome"], result["status"]) == ("accepted", "placed")
    assert result["order"].startswith("ord_")


def test_a_batch_is_told_one_by_one(doors: Doors) -> None:
    batch = [event(order(1, "placed")), event(order(1, "placed")), {"id": "x"}]

    reply = post(doors, "/v1/events", batch, **{"Content-Type": BATCH})

    outcomes = [result["outcome"] for result in reply.json()["results"]]
    assert (reply.status_code, outcomes) == (200, ["accepted", "duplicate", "rejected"])
    assert reply.json()["results"][2]["reason"]["code"] == "missing_field"


def test_binary_mode_has_its_attributes_in_headers(doors: Doors) -> None:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "e1",
        "ce-source": "taoli",
        "ce-type": "order.snapshot",
        "ce-time": MONDAY.isoformat(),
    }

    reply = post(doors, "/v1/events", order(1, "placed"), **headers)

    assert reply.json()["results"][0]["outcome"] == "accepted"


def test_what_a_header_cannot_hold_is_percent_encoded_and_the_same_event(doors: Doors) -> None:
    said = event(order(1, "placed"), id="下单 7%")
    attributes = {f"ce-{name}": str(value) for name, value in said.items() if name != "data"}
    headers = {**attributes, "ce-id": quote(said["id"])}

    whole = post(doors, "/v1/events", said).json()["results"][0]
    again = post(doors, "/v1/events", said["data"], **headers).json()["results"][0]

    assert (whole["outcome"], again["outcome"]) == ("accepted", "duplicate")
    assert again["id"] == "下单 7%"


def test_a_single_event_that_cannot_be_taken_answers_422(doors: Doors) -> None:
    reply = post(doors, "/v1/events", event(order(1, "gone")))

    assert reply.status_code == 422
    assert reply.json()["code"] == "unknown_value"
    assert reply.json()["errors"][0]["pointer"] == "/data/status"


@pytest.mark.parametrize("body", [None, "text", 7])
def test_what_is_no_event_answers_422(doors: Doors, body: Any) -> None:
    assert post(doors, "/v1/events", body).json()["code"] == "not_object"


def test_an_empty_batch_is_nothing(doors: Doors) -> None:
    assert post(doors, "/v1/events", []).json() == {"results": []}


def test_a_batch_over_500_is_refused(doors: Doors) -> None:
    assert post(doors, "/v1/events", [{}] * 501).json()["code"] == "too_many"


def test_nobody_is_told_unless_it_is_asked_for(doors: Doors) -> None:
    post(doors, "/v1/events", event(order(1, "placed")))
    post(doors, "/v1/events?notify=yes", event(order(2, "paid")))
    post(doors, f"/v1/events?notify={(MONDAY).isoformat()[:19]}Z", event(order(3, "shipped")))

    assert rings(doors) == ["never", "now", "never"]


def test_a_notify_that_is_none_is_told_so(doors: Doors) -> None:
    reply = post(doors, "/v1/events?notify=maybe", event(order(1, "placed")))

    assert (reply.status_code, reply.json()["code"]) == (422, "bad_notify")


def test_the_doors_are_closed_without_a_key(doors: Doors) -> None:
    stranger = {"Authorization": ""}

    assert post(doors, "/v1/events", [], **stranger).status_code == 401
    assert post(doors, "/v1/parcels/sf/SF1/checkpoints", [], **stranger).status_code == 401
    assert doors.client.get("/v1/events", headers=stranger).status_code == 401


def test_the_feed_is_read_page_by_page_and_continues_where_news_appears(doors: Doors) -> None:
    batch = [event(order(n, s)) for n, s in enumerate(("placed", "paid", "shipped"), start=1)]
    post(doors, "/v1/events", batch)

    first = doors.get("/v1/events", limit=2)
    second = doors.get("/v1/events", limit=2, after=first["next"])
    post(doors, "/v1/events", event(order(4, "delivered")))
    third = doors.get("/v1/events", limit=2, after=second["next"])

    pages = [[shown["type"] for shown in page["data"]] for page in (first, second, third)]
    assert pages == [["order.placed", "order.paid"], ["order.shipped"], ["order.delivered"]]
    assert [page["has_more"] for page in (first, second, third)] == [True, False, False]
    assert doors.get("/v1/events", after=third["next"])["next"] == third["next"]


def test_the_feed_shows_no_event_that_an_older_one_may_still_come_before(
    doors: Doors, shop: Shop
) -> None:
    with begin(shop.engine) as slow:
        accept(slow, [event(order(1, "placed", "SLOW"))], terms(), region="CN")
        post(doors, "/v1/events", event(order(1, "placed", "QUICK", customer={"reference": "c-2"})))
        meanwhile = doors.get("/v1/events")["data"]

    shown = [one["data"]["new"]["reference"] for one in doors.get("/v1/events")["data"]]
    assert meanwhile == []
    assert shown == ["SLOW", "QUICK"]


def test_a_tampered_cursor_answers_400(doors: Doors) -> None:
    assert doors.get("/v1/events", after="AAAA")["code"] == "bad_cursor"


def scan(code: str, *, hours_ago: float = 1, **more: Any) -> dict[str, Any]:
    return {"code": code, "at": (MONDAY - hours_ago * HOUR).isoformat(), **more}


def test_checkpoints_come_one_or_many_in_any_order(doors: Doors) -> None:
    many = [scan("in_transit", hours_ago=1, place="嘉兴"), scan("picked_up", hours_ago=5)]
    first = post(doors, "/v1/parcels/SF/sf1/checkpoints", many)
    again = post(doors, "/v1/parcels/sf/SF1/checkpoints", many[0])

    assert first.json()["parcel"]["status"] == "in_transit"
    assert first.json()["parcel"]["last_place"] == "嘉兴"
    assert [r["outcome"] for r in first.json()["results"]] == ["accepted", "accepted"]
    assert [r["outcome"] for r in again.json()["results"]] == ["duplicate"]


def test_a_checkpoint_without_a_time_is_seen_now(doors: Doors) -> None:
    reply = post(doors, "/v1/parcels/sf/SF1/checkpoints", {"code": "out_for_delivery"})

    assert reply.json()["parcel"]["last_scan_at"] == MONDAY.isoformat().replace("+00:00", "Z")


def test_old_scans_ring_nobody_unless_it_is_asked_for(doors: Doors) -> None:
    path = "/v1/parcels/sf/{}/checkpoints"
    post(doors, path.format("OLD"), scan("in_transit", hours_ago=60))
    post(doors, path.format("NEW"), scan("in_transit", hours_ago=2))
    post(doors, path.format("ASKED") + "?notify=yes", scan("in_transit", hours_ago=60))
    post(doors, path.format("QUIET") + "?notify=never", scan("in_transit", hours_ago=2))

    announced = "never"
    assert rings(doors) == [
        *(announced, "never"),
        *(announced, "now"),
        *(announced, "now"),
        *(announced, "never"),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "too_few"),
        ({"code": "lost"}, "unknown_value"),
        ({"code": "in_transit", "colour": "red"}, "unknown_field"),
        ({"code": "in_transit", "at": "2026-03-01T00:00:00"}, "timezone_required"),
        ({"code": "in_transit", "at": "2026-04-01T00:00:00Z"}, "in_the_future"),
        ([{"code": "in_transit"}] * 501, "too_many"),
    ],
)
def test_a_checkpoint_that_cannot_be_taken_says_why(doors: Doors, body: Any, code: str) -> None:
    reply = post(doors, "/v1/parcels/sf/SF1/checkpoints", body)

    assert (reply.status_code, reply.json()["code"]) == (422, code)


def test_the_schema_tells_of_every_field_of_a_snapshot(doors: Doors) -> None:
    app: Any = doors.client.app
    body = app.openapi()["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    data = body[ONE]["schema"]["properties"]["data"]["anyOf"][0]

    assert set(body) == {ONE, BATCH}
    assert data["properties"]["customer"]["properties"]["reference"]["maxLength"] == 64
    assert "$ref" not in str(data)
    assert set(body[ONE]["example"]["data"]) <= set(data["properties"])


def test_the_documented_example_is_taken(doors: Doors) -> None:
    app: Any = doors.client.app
    body = app.openapi()["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    doors.shop.clock.set(datetime(2026, 11, 22, 3, tzinfo=UTC))

    reply = post(doors, "/v1/events", body[ONE]["example"])

    assert reply.json()["results"][0]["outcome"] == "accepted"
