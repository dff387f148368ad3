"""An order's life over HTTP."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from app.access.keys import make_key
from app.db.transaction import begin
from orders_core.ids import new_id, show
from tests.buying import KIMONO, LAMP, MUG, TEA, fill, level, out_of_balance
from tests.cast import ANA, BEN, CHIYO
from tests.web import Web

ORDERS = "/v1/orders"
BEN_ID, CHIYO_ID = show("per", BEN.person_id), show("per", CHIYO.person_id)


@pytest.fixture(autouse=True)
def balance(web: Web) -> Iterator[None]:
    """Whatever a test does, the books balance after it."""
    yield
    with begin(web.shop.engine) as tx:
        assert out_of_balance(tx) == []


def wanted(*lines: tuple[str, int], **more: object) -> dict[str, Any]:
    body = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    return {"person": show("per", ANA.person_id), "lines": body, **more}


def placed(web: Web, *lines: tuple[str, int], **more: object) -> str:
    answer = web.post(ORDERS, wanted(*lines, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def move(web: Web, order_id: str, step: str, **body: object) -> dict[str, Any]:
    answer = web.post(f"{ORDERS}/{order_id}/{step}", body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def test_an_order_is_placed_and_shown(web: Web) -> None:
    answer = web.post(ORDERS, wanted((MUG, 2), (TEA, 1), reference="W-1"))

    assert answer.status_code == 201
    brief = answer.json()
    shown = web.get(f"{ORDERS}/{brief['id']}").json()
    told = ("id", "number", "status", "total", "deposit", "placed_at", "pay_until")
    assert brief == {key: shown[key] for key in told}
    assert shown["total"] == {"amount_minor": 22_600, "currency": "CNY"}
    assert [(line["sku"], line["quantity"]) for line in shown["lines"]] == [(MUG, 2), (TEA, 1)]
    assert (shown["reference"], shown["source"], shown["version"]) == ("W-1", "shop", 1)
    assert shown["placed_at"] == "2026-03-02T02:00:00Z"


def test_the_same_key_gets_the_same_answer(web: Web) -> None:
    first = web.post(ORDERS, wanted((MUG, 1)), key="same")
    again = web.post(ORDERS, wanted((MUG, 1)), key="same")

    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()


def test_a_body_that_says_the_same_in_other_words_is_the_same_body(web: Web) -> None:
    body = wanted((MUG, 1))
    first = web.post(ORDERS, body, key="words")
    again = web.post(ORDERS, dict(reversed(body.items())), key="words")

    assert again.json() == first.json()


def test_sold_out_says_what_is_short_and_stays_the_answer_of_its_key(web: Web) -> None:
    left = int(web.get("/v1/stock", sku=KIMONO).json()["data"][0]["available"])
    body = wanted((KIMONO, left + 1))

    first = web.post(ORDERS, body, key="short")
    with begin(web.shop.engine) as tx:
        fill(tx, {KIMONO: left + 100})
    again = web.post(ORDERS, body, key="short")

    assert first.status_code == again.status_code == 409
    assert first.json()["code"] == again.json()["code"] == "out_of_stock"
    short = [{"sku": KIMONO, "wanted": left + 1, "available": left}]
    assert first.json()["short"] == again.json()["short"] == short


def test_goods_the_shop_does_not_sell_and_two_currencies_are_refused(web: Web) -> None:
    unknown = web.post(ORDERS, wanted(("YETI", 1)))
    mixed = web.post(ORDERS, wanted((MUG, 1), (KIMONO, 1)))

    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_sku")
    assert (mixed.status_code, mixed.json()["code"]) == (422, "mixed_currencies")


def test_an_order_goes_its_way(web: Web) -> None:
    order_id = placed(web, (LAMP, 1))

    paid = move(web, order_id, "pay", reference="pi_way")
    parcel = {"carrier": "SF", "number": "SF100", "promised_at": "2026-03-05T18:00:00+08:00"}
    shipped = move(web, order_id, "ship", parcels=[parcel])
    delivered = move(web, order_id, "deliver")

    states = [shown["status"] for shown in (paid, shipped, delivered)]
    assert states == ["paid", "shipped", "delivered"]
    assert shipped["parcels"][0]["promised_at"] == "2026-03-05T10:00:00Z"
    assert delivered["delivered_at"] == delivered["shipped_at"] == delivered["paid_at"]
    assert delivered["version"] == 4


def test_its_history_says_what_who_and_why(web: Web) -> None:
    order_id = placed(web, (LAMP, 1))
    move(web, order_id, "cancel", reason="changed_mind", note="too big")

    born, cancelled = web.get(f"{ORDERS}/{order_id}/history").json()["data"]

    assert (born["type"], born["version"], born["old"]) == ("order.placed", 1, None)
    assert (cancelled["type"], cancelled["why"]) == ("order.cancelled", "changed_mind: too big")
    assert cancelled["by"].startswith("key:")
    assert cancelled["old"] == born["new"]


def test_paying_twice_with_one_reference_is_one_payment(web: Web) -> None:
    order_id, other = placed(web, (LAMP, 1)), placed(web, (LAMP, 1))

    first = move(web, order_id, "pay", reference="pi_once")
    again = move(web, order_id, "pay", reference="pi_once")
    elsewhere = web.post(f"{ORDERS}/{other}/pay", {"reference": "pi_once"})

    assert again == first
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "payment_conflict")


def test_a_cancelled_orders_units_are_free_again(web: Web) -> None:
    with begin(web.shop.engine) as tx:
        before = level(tx, TEA)
    order_id = placed(web, (TEA, 3))

    move(web, order_id, "cancel")
    move(web, order_id, "cancel")

    with begin(web.shop.engine) as tx:
        assert level(tx, TEA) == before


def test_a_parcel_carries_one_order_and_the_second_stays_unshipped(web: Web) -> None:
    first, second = placed(web, (LAMP, 1)), placed(web, (LAMP, 1))
    for order_id in (first, second):
        move(web, order_id, "pay", reference=f"pi_{order_id}")
    parcel = {"carrier": "SF", "number": "SF200"}
    move(web, first, "ship", parcels=[parcel])

    refused = web.post(f"{ORDERS}/{second}/ship", {"parcels": [parcel]})

    assert refused.status_code in {409, 422}
    assert web.get(f"{ORDERS}/{second}").json()["status"] == "paid"


def test_a_persons_orders_come_page_by_page_newest_first(web: Web) -> None:
    made = [placed(web, (MUG, 1), person=CHIYO_ID) for _ in range(5)]

    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = web.get(ORDERS, person=CHIYO_ID, limit=2, **after).json()
        seen += [shown["id"] for shown in page["data"]]
        assert page["has_more"] is (len(seen) < 5)
        if not page["has_more"]:
            break
        after = {"after": page["next"]}

    assert seen == made[::-1]


def test_all_orders_are_listed_newest_first(web: Web) -> None:
    placed(web, (MUG, 1), person=BEN_ID)
    ids = [shown["id"] for shown in web.get(ORDERS, limit=200).json()["data"]]

    assert all(newer > older for newer, older in pairwise(ids))


def test_a_reference_of_ours_that_is_taken_is_refused(web: Web) -> None:
    placed(web, (MUG, 1), reference="W-twice")

    again = web.post(ORDERS, wanted((MUG, 1), reference="W-twice"))

    assert 400 <= again.status_code < 500


@pytest.mark.parametrize("kept", ["orders:read", "stock:write"])
def test_a_key_does_only_what_its_scopes_say(web: Web, kept: str) -> None:
    with begin(web.shop.engine) as tx:
        key = make_key(tx, label="narrow", scopes=[kept])

    answer = web.client.post(
        ORDERS, json=wanted((MUG, 1)), headers={"Authorization": f"Bearer {key}"}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


def test_without_a_key_no_order_is_placed(web: Web) -> None:
    answer = web.client.post(ORDERS, json=wanted((MUG, 1)), headers={"Authorization": ""})

    assert (answer.status_code, answer.json()["code"]) == (401, "no_key")


def test_an_order_nobody_has_cannot_be_moved(web: Web) -> None:
    order_id = show("ord", new_id())

    for step, body in (("pay", {"reference": "x"}), ("ship", {}), ("deliver", {}), ("cancel", {})):
        answer = web.post(f"{ORDERS}/{order_id}/{step}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_database_that_refuses_one_order_says_so_without_a_word_of_sql(web: Web) -> None:
    with begin(web.shop.engine) as tx:
        tx.execute(text("ALTER TABLE orders ADD CONSTRAINT no_mondays CHECK (reference <> 'mon')"))
    answer = web.post(ORDERS, wanted((MUG, 1), reference="mon"))
    with begin(web.shop.engine) as tx:
        tx.execute(text("ALTER TABLE orders DROP CONSTRAINT no_mondays"))

    assert 400 <= answer.status_code < 500
    assert "no_mondays" not in answer.text
