"""Notices that come as events: told once for good, and refused before they count as come."""

from typing import Any

from sqlalchemy import select

from app.access.roles import KEY_SCOPES
from app.db.transaction import begin
from app.hub.tables import verdict
from app.intake import api
from app.people import store as people
from app.people.person import Profile
from tests.app.intake.foreign import event, order
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop

POINTS = {"points": 300, "expires_at": "2026-12-31T15:59:59Z"}


def notice(event_id: str = "n1", **data: Any) -> dict[str, Any]:
    said = {"notice": "points_expiring", "person": "c-1", "facts": POINTS} | data
    return event(said, type="notice", id=event_id)


def post(doors: Doors, *events: Any) -> Any:
    kind = {"Content-Type": "application/cloudevents-batch+json"}
    return doors.call("POST", "/v1/events", list(events), **kind).json()["results"]


def enter(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        people.upsert(tx, [Profile(reference="c-1")], locale="zh", zone="UTC", now=MORNING)


def told(shop: Shop) -> list[str]:
    with begin(shop.engine) as tx:
        return list(tx.scalars(select(verdict.c.notice)))


def test_a_notice_among_orders_is_told_once_for_good(doors: Doors) -> None:
    enter(doors.shop)

    first = post(doors, event(order(1, "placed")), notice(), notice())
    again = post(doors, notice(), notice("n2"))

    outcomes = [[result["outcome"] for result in results] for results in (first, again)]
    assert outcomes == [["accepted", "accepted", "duplicate"], ["duplicate", "accepted"]]
    assert told(doors.shop) == ["points_expiring"] * 2


def test_another_notice_under_the_same_name_is_refused(doors: Doors) -> None:
    enter(doors.shop)
    post(doors, notice())

    [result] = post(
        doors,
        notice(facts={**POINTS, "points": 5}),
    )[:1]

    assert result["reason"]["code"] == "event_id_reused"
    assert len(told(doors.shop)) == 1


def test_whom_nobody_knows_is_refused_and_can_be_sent_again(doors: Doors) -> None:
    wrong = post(doors, notice(), notice("n2", notice="gossip"), notice("n3", dispatch="x"))
    enter(doors.shop)

    assert [(one["reason"]["code"], one["reason"].get("pointer")) for one in wrong] == [
        ("unknown_person", "/data/people/0"),
        ("unknown_notice", "/data"),
        ("unknown_field", "/data/dispatch"),
    ]
    assert [one["outcome"] for one in post(doors, notice())] == ["accepted"]
    assert told(doors.shop) == ["points_expiring"]


def test_a_key_that_may_not_tell_tells_nobody(shop: Shop) -> None:
    enter(shop)

    with open_doors(shop, api.router, scopes=KEY_SCOPES - {"notices:write"}) as doors:
        [refused, taken] = post(doors, notice(), event(order(1, "placed")))

    assert (refused["reason"]["code"], taken["outcome"]) == ("missing_scope", "accepted")
    assert told(shop) == []
