"""One parcel over HTTP: its story under all its numbers, its days, who may change them."""

from typing import Any

from app.db.transaction import begin
from app.intake.carriers import parcels_api
from orders_core.parcels.attach import Consignment, attach_one
from tests.doors import Doors, open_doors
from tests.orders_core.parcels.test_scan import SHIPPING, placed_order
from tests.shop import Shop

SF1 = "/v1/parcels/sf/SF1"
DAY, LATER = "2026-11-25T10:00:00Z", "2026-11-27T10:00:00Z"


def scanned(doors: Doors, path: str = SF1, **body: Any) -> None:
    reply = doors.call("POST", f"{path}/checkpoints", {"code": "in_transit"} | body)
    assert reply.status_code == 200


def test_a_parcel_is_read_with_its_checkpoints(doors: Doors) -> None:
    scanned(doors, at="2026-03-01T08:00:00Z", code="picked_up", place="杭州")
    scanned(doors, at="2026-03-01T09:00:00Z", expected_at=DAY)

    told = doors.get("/v1/parcels/SF/sf1")

    assert [one["code"] for one in told["checkpoints"]] == ["picked_up", "in_transit"]
    assert (told["number"], told["order"], told["direction"]) == ("SF1", None, "out")
    assert (told["expected_at"], told["expected_source"]) == (DAY, "carrier")


def test_a_parcel_nobody_heard_of_is_not_found(doors: Doors) -> None:
    assert doors.refusal("GET", SF1, None) == (404, "not_found")
    assert doors.refusal("PUT", f"{SF1}/expected", {"at": DAY}) == (404, "not_found")
    assert doors.refusal("POST", f"{SF1}/relabel", {"number": "SF2"}) == (404, "not_found")


def test_each_new_day_is_told_with_who_named_it(doors: Doors) -> None:
    scanned(doors, expected_at=DAY)
    first = doors.call("PUT", f"{SF1}/expected", {"at": LATER, "why": "storm"}).json()
    again = doors.call("PUT", f"{SF1}/expected", {"at": LATER}).json()
    model = doors.call("PUT", f"{SF1}/expected", {"at": DAY, "source": "model"}).json()

    assert [one["outcome"] for one in (first, again, model)] == ["set", "unchanged", "outranked"]
    days = [(one["source"], one["why"]) for one in doors.get(SF1)["revisions"]]
    assert days == [("carrier", "scan"), ("clerk", "storm")]


def test_a_clerks_day_is_taken_back_with_null(doors: Doors) -> None:
    scanned(doors, expected_at=DAY)
    doors.call("PUT", f"{SF1}/expected", {"at": LATER})

    back = doors.call("PUT", f"{SF1}/expected", {"at": None}).json()

    assert (back["outcome"], back["parcel"]["expected_at"]) == ("set", DAY)


def test_a_day_without_its_zone_is_refused(doors: Doors) -> None:
    assert doors.refusal("PUT", f"{SF1}/expected", {"at": "2026-11-25T10:00:00"})[0] == 422


def test_a_relabelled_parcel_is_read_under_either_number(doors: Doors) -> None:
    with begin(doors.shop.engine) as tx:
        order_id = placed_order(tx)
        wish = Consignment(order_id=order_id, carrier="sf", number="SF1")
        attach_one(tx, wish, change=SHIPPING)
    scanned(doors, expected_at=DAY)

    after = doors.call("POST", f"{SF1}/relabel", {"carrier": "JD", "number": "jd9"}).json()

    assert (after["carrier"], after["number"]) == ("jd", "JD9")
    assert after["order"].startswith("ord_")
    assert after["earlier_numbers"] == [{"carrier": "sf", "number": "SF1"}]
    assert [one["expected_at"] for one in after["revisions"]] == [DAY.replace("Z", "+00:00")]
    assert doors.get(SF1) == doors.get("/v1/parcels/jd/JD9") == after


def test_a_number_stays_with_its_carrier_unless_another_is_named(doors: Doors) -> None:
    scanned(doors)

    after = doors.call("POST", f"{SF1}/relabel", {"number": "SF2"}).json()

    assert (after["carrier"], after["number"]) == ("sf", "SF2")


def test_a_number_it_had_before_is_refused(doors: Doors) -> None:
    scanned(doors)
    doors.call("POST", f"{SF1}/relabel", {"number": "SF2"})

    back = doors.refusal("POST", "/v1/parcels/sf/SF2/relabel", {"number": "SF1"})

    assert back == (409, "label_in_use")


def test_a_key_without_the_scope_changes_nothing(shop: Shop) -> None:
    with open_doors(shop, parcels_api.router, scopes=["orders:read"]) as doors:
        assert doors.refusal("GET", SF1, None)[0] == 404
        assert doors.refusal("PUT", f"{SF1}/expected", {"at": DAY})[0] == 403
        assert doors.refusal("POST", f"{SF1}/relabel", {"number": "SF2"})[0] == 403
