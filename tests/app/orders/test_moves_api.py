"""An order's wider moves over HTTP: parts, edits, shipments, refunds, its past."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.db.transaction import begin
from orders_core.ids import new_id, show
from tests.buying import HALF_AN_HOUR, LAMP, MUG, TEA, level, out_of_balance
from tests.cast import ANA
from tests.shop import MORNING
from tests.web import Web

ORDERS = "/v1/orders"
A_SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def balance(web: Web) -> Iterator[None]:
    """Whatever a test does, the books balance after it, and the clock goes back to the morning."""
    web.shop.clock.set(MORNING)
    yield
    web.shop.clock.set(MORNING)
    with begin(web.shop.engine) as tx:
        assert out_of_balance(tx) == []


def placed(web: Web, *lines: tuple[str, int]) -> str:
    body = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    answer = web.post(ORDERS, {"person": show("per", ANA.person_id), "lines": body})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def paid(web: Web, *lines: tuple[str, int]) -> str:
    order_id = placed(web, *lines)
    did(web, order_id, "pay", reference=f"pi-{order_id}")
    return order_id


def did(web: Web, order_id: str, step: str, *, key: str | None = None, **body: Any) -> Any:
    answer = web.post(f"{ORDERS}/{order_id}/{step}", body, key=key)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(web: Web, order_id: str, step: str, **body: Any) -> tuple[int, str, Any]:
    answer = web.post(f"{ORDERS}/{order_id}/{step}", body)
    told = answer.json()
    return answer.status_code, told["code"], told.get("guard")


def units(position: int, quantity: int) -> dict[str, int]:
    return {"position": position, "quantity": quantity}


def cny(amount_minor: int) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": "CNY"}


def test_some_units_are_called_off_and_their_price_goes_back(web: Web) -> None:
    order_id = paid(web, (MUG, 2), (TEA, 1))

    shown = did(web, order_id, "cancel", reason="changed_mind", lines=[units(1, 1)])

    assert [(line["position"], line["sku"], line["quantity"]) for line in shown["lines"]] == [
        (1, MUG, 1),
        (2, TEA, 1),
    ]
    assert (shown["total"], shown["paid"], shown["refund"]) == (
        cny(17_700),
        cny(22_600),
        cny(4_900),
    )
    assert (shown["status"], shown["payment"]) == ("paid", "paid")
    [back] = web.get(f"{ORDERS}/{order_id}/refunds").json()["data"]
    assert (back["amount"], back["cause"], back["status"]) == (cny(4_900), "cancelled", "asked")


def test_the_same_key_calls_units_off_once(web: Web) -> None:
    order_id = paid(web, (MUG, 3))

    first = did(web, order_id, "cancel", key="once", lines=[units(1, 1)])
    again = did(web, order_id, "cancel", key="once", lines=[units(1, 1)])

    assert first == again
    assert first["lines"][0]["quantity"] == 2


def test_the_gateway_says_that_money_went_back(web: Web) -> None:
    order_id = paid(web, (MUG, 2))
    assert did(web, order_id, "cancel")["payment"] == "refund_due"
    [back] = web.get(f"{ORDERS}/{order_id}/refunds").json()["data"]
    made = f"/v1/refunds/{back['id']}/made"

    answers = [web.post(made, {"reference": "re_1"}).json() for _ in range(2)]
    other = web.post(made, {"reference": "re_2"})

    assert answers[0] == answers[1]
    assert (answers[0]["status"], answers[0]["reference"]) == ("made", "re_1")
    assert (other.status_code, other.json()["code"]) == (409, "refund_conflict")
    assert web.get(f"{ORDERS}/{order_id}").json()["payment"] == "refunded"


def test_an_order_leaves_in_two_parcels(web: Web) -> None:
    order_id = paid(web, (MUG, 2), (TEA, 1))
    one = {"carrier": "shunfeng", "number": f"1-{order_id}", "lines": [units(1, 1)]}

    part = did(web, order_id, "ship", parcels=[one])
    rest = did(web, order_id, "ship", parcels=[{"carrier": "shunfeng", "number": f"2-{order_id}"}])

    assert (part["fulfilment"], part["status"]) == ("partly_shipped", "paid")
    assert [(line["quantity"], line["shipped"]) for line in part["lines"]] == [(2, 1), (1, 0)]
    assert (rest["fulfilment"], rest["status"], len(rest["parcels"])) == ("shipped", "shipped", 2)
    assert [line["shipped"] for line in rest["lines"]] == [2, 1]


def test_units_are_handed_over_without_a_parcel(web: Web) -> None:
    order_id = paid(web, (MUG, 2))

    shown = did(web, order_id, "ship", lines=[units(1, 1)])

    assert (shown["fulfilment"], shown["parcels"]) == ("partly_shipped", [])


def test_an_edit_changes_what_the_order_is_of(web: Web) -> None:
    order_id = placed(web, (MUG, 2))
    wanted = [{"sku": "mug", "quantity": 1}, {"sku": TEA, "quantity": 2}]

    shown = did(web, order_id, "edit", lines=wanted, note="on the phone")

    assert [(line["sku"], line["quantity"]) for line in shown["lines"]] == [(MUG, 1), (TEA, 2)]
    assert shown["total"] == cny(30_500)
    told = web.get(f"{ORDERS}/{order_id}/history").json()["data"][-1]
    assert (told["type"], told["why"]) == ("order.edited", "edited: on the phone")


def test_a_refusal_says_which_guard_refused_and_what_would_help(web: Web) -> None:
    order_id = placed(web, (MUG, 2))

    answer = web.post(f"{ORDERS}/{order_id}/ship", {})

    told = answer.json()
    assert (answer.status_code, told["code"], told["move"]) == (409, "bad_transition", "ship")
    assert (told["guard"], told["helps"]) == ("is_paid", "take the payment first")
    assert told["detail"].endswith("it is not paid in full; take the payment first")


def test_what_cannot_be_done_has_a_code_of_its_own(web: Web) -> None:
    unpaid, bought = placed(web, (MUG, 1)), paid(web, (MUG, 1))
    dearer = [{"sku": LAMP, "quantity": 1}]

    assert refused(web, bought, "edit", lines=dearer) == (
        409,
        "bad_transition",
        "not_dearer_once_paid",
    )
    assert refused(web, unpaid, "edit", lines=[{"sku": MUG, "quantity": 0}])[:2] == (
        409,
        "nothing_left",
    )
    assert refused(web, bought, "cancel", lines=[units(1, 2)])[:2] == (409, "no_such_units")
    assert refused(web, bought, "ship", lines=[units(7, 1)])[:2] == (409, "no_such_units")
    assert refused(web, unpaid, "edit", lines=dearer * 2)[:2] == (422, "named_twice")
    assert refused(web, unpaid, "cancel", reason="bored")[:2] == (422, "unknown_value")
    assert refused(web, unpaid, "cancel", reason="paid")[:2] == (422, "unknown_value")
    assert refused(web, unpaid, "pay", reference="pi", amount_minor=1)[:2] == (
        409,
        "payment_conflict",
    )
    nobody = web.post(f"/v1/refunds/{show('ref', new_id())}/made", {"reference": "re"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_found")


def test_a_payment_that_comes_too_late_is_answered_and_asked_back(web: Web) -> None:
    order_id = placed(web, (MUG, 2))
    with begin(web.shop.engine) as tx:
        before = level(tx, MUG).reserved
    web.shop.clock.advance(HALF_AN_HOUR)

    shown = did(web, order_id, "pay", reference=f"late-{order_id}")

    assert (shown["status"], shown["payment"]) == ("cancelled", "refund_due")
    assert shown["cancelled_at"] == shown["pay_until"] == "2026-03-02T02:30:00Z"
    assert (shown["paid"], shown["refund"]) == (cny(9_800), cny(9_800))
    with begin(web.shop.engine) as tx:
        assert level(tx, MUG).reserved == before - 2


def test_an_order_is_read_as_of_a_past_time(web: Web) -> None:
    order_id = placed(web, (MUG, 2))
    web.shop.clock.advance(timedelta(minutes=5))
    did(web, order_id, "edit", lines=[{"sku": MUG, "quantity": 1}])
    path = f"{ORDERS}/{order_id}"

    then = web.get(path, as_of="2026-03-02T02:04:59Z").json()
    now = web.get(path, as_of="2026-03-02T10:05:00+08:00").json()

    assert (then["lines"][0]["quantity"], then["total"], then["version"]) == (2, cny(9_800), 1)
    assert (now["lines"][0]["quantity"], now["total"], now["version"]) == (1, cny(4_900), 2)
    assert (now["why"], now["since"]) == ("edited", "2026-03-02T02:05:00Z")
    before = web.get(path, as_of="2026-03-02T01:00:00Z")
    assert (before.status_code, before.json()["code"]) == (404, "not_found")
    unknown = web.get(path, as_of="2026-03-02T02:10:00Z", known_at="2020-01-01T00:00:00Z")
    assert unknown.status_code == 404
    assert web.get(path, as_of="yesterday").status_code == 422
