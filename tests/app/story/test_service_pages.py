"""What shoppers do by themselves: proven first, once however often it is sent, as they saw it."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.people.links import Links, Purpose
from orders_core.ids import OrderId
from orders_core.orders import store as orders
from orders_core.orders.address import ShipTo
from orders_core.orders.address_change import address_of, set_address
from orders_core.orders.address_station import Station, put
from orders_core.orders.cancel import cancel_units
from orders_core.orders.invoice_ask import invoice_of
from orders_core.orders.moves import Reason
from orders_core.orders.order import Order, OrderStatus, Payment
from orders_core.returns import store as returns
from orders_core.tx import Tx
from tests.browser.order_scene import HOME, PHONE, set_orders
from tests.buying import change, out_of_balance
from tests.shop import Shop
from tests.waiting import behind

TAX = "91350100M000100Y43"
STATION = Station(code="HZ-1", name="文三路驿站", country="CN", city="杭州", street="文三路 12 号")
WORK = {
    "name": "梅雨",
    "phone": "13987654321",
    "country": "CN",
    "region": "浙江省",
    "city": "杭州市",
    "street": "北山街 8 号",
}


@pytest.fixture
def mine(shop: Shop) -> Mapping[str, OrderId]:
    """Orders of Mei's in every state."""
    with begin(shop.engine) as tx:
        put(tx, STATION)
        return set_orders(tx, shop.clock.now())


class Page:
    """One order's page in a browser that may have proven itself."""

    def __init__(self, client: TestClient, links: Links, order_id: OrderId) -> None:
        self.client, self.order_id = client, order_id
        self.path = f"/o/{links.token(Purpose.ORDER, order_id)}"

    def proven(self) -> "Page":
        assert self.post("prove", tail=PHONE[-4:])[0] == 303
        return self

    def get(self, rest: str = "") -> str:
        mark = "&" if "?" in rest else "?"
        answer = self.client.get(f"{self.path}{rest}{mark}lang=en")
        return answer.headers.get("location", answer.text)

    def version(self, rest: str = "/address") -> str:
        found = re.search(r'name="version" value="(\d+)"', self.get(rest))
        assert found is not None
        return found[1]

    def post(self, act: str, /, **typed: object) -> tuple[int, str]:
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get())
        assert csrf is not None
        answer = self.client.post(f"{self.path}/{act}", data={"csrf": csrf[1], **typed})
        return answer.status_code, answer.headers.get("location", answer.text)


@pytest.fixture
def page(client: TestClient, links: Links, mine: Mapping[str, OrderId]) -> Page:
    """The page of a paid order, proven."""
    return Page(client, links, mine["paid"]).proven()


def order(shop: Shop, order_id: OrderId) -> Order:
    with begin(shop.engine) as tx:
        return orders.many(tx, [order_id])[order_id]


def address(shop: Shop, order_id: OrderId) -> ShipTo:
    with begin(shop.engine) as tx:
        return address_of(tx, [order_id])[order_id]


def test_nothing_is_done_before_it_is_proven_whose_order_it_is(
    client: TestClient, links: Links, mine: Mapping[str, OrderId], shop: Shop
) -> None:
    page = Page(client, links, mine["paid"])

    assert "First show that the order is yours" in page.get("/address")
    assert "文三路" not in page.get("/address")
    status, said = page.post("address", version=2, **WORK)
    assert (status, "First show" in said) == (200, True)
    assert address(shop, mine["paid"]) == HOME
    assert page.post("prove", tail=PHONE[-4:], then="address")[1] == f"{page.path}/address"


def test_a_way_out_of_the_page_is_none_of_ours(
    client: TestClient, links: Links, mine: Mapping[str, OrderId]
) -> None:
    page = Page(client, links, mine["paid"])

    assert page.post("prove", tail=PHONE[-4:], then="/evil.example")[1] == f"{page.path}#who"


@pytest.mark.parametrize("act", ["address", "station", "cancel", "invoice", "short", "return"])
def test_a_link_to_look_at_only_acts_on_nothing(
    client: TestClient, links: Links, mine: Mapping[str, OrderId], act: str
) -> None:
    own = Page(client, links, mine["paid"]).proven()
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', own.get())
    shared = f"/o/{links.token(Purpose.SHARED_ORDER, mine['paid'])}"
    typed = {"csrf": csrf[1] if csrf else "", "version": "2", **WORK}

    assert client.post(f"{shared}/{act}", data=typed).status_code == 404
    assert "/cancel" not in client.get(shared).text
    assert "文三路" not in client.get(shared).text
    assert "street hidden" in client.get(f"{shared}?lang=en").text


def test_the_address_is_changed_and_changed_back(page: Page, shop: Shop) -> None:
    version = page.version()
    status, to = page.post("address", version=version, **WORK)

    assert (status, to) == (303, f"{page.path}?done=address#service")
    assert address(shop, page.order_id).street == "北山街 8 号"
    assert "The address was changed." in page.get("?done=address")
    again = re.search(r'name="was" value="([0-9a-f-]+)"', page.get("/address"))
    assert again is not None
    page.post("address/again", version=page.version(), was=again[1])
    assert address(shop, page.order_id) == HOME


def test_a_form_that_was_sent_twice_is_done_once(page: Page, shop: Shop) -> None:
    version = page.version()
    first, second = (page.post("address", version=version, **WORK) for _ in range(2))

    assert first == second
    assert order(shop, page.order_id).version == int(version) + 1


def test_whoever_saw_an_older_order_is_told_what_changed(page: Page, shop: Shop) -> None:
    version = page.version()
    with begin(shop.engine) as tx:
        elsewhere = replace(HOME, street="天目山路 3 号")
        set_address(tx, page.order_id, elsewhere, change=change("clerk", at=shop.clock.now()))
    status, said = page.post("cancel", version=version, line=1, units=1)

    assert status == 409
    assert "地址" in said or "The address was changed." in said
    assert order(shop, page.order_id).status is OrderStatus.PAID


def test_a_change_that_is_under_way_is_waited_for_and_then_seen(page: Page, shop: Shop) -> None:
    version, now = page.version(), shop.clock.now()
    elsewhere = replace(HOME, street="天目山路 3 号")

    def clerk(tx: Tx) -> None:
        set_address(tx, page.order_id, elsewhere, change=change("clerk", at=now))

    status, _ = behind(shop, clerk, lambda _: page.post("address", version=version, **WORK))

    assert status == 409
    assert address(shop, page.order_id) == elsewhere


def test_a_wrong_field_is_named_and_what_was_typed_is_kept(page: Page, shop: Shop) -> None:
    status, said = page.post(
        "address", version=page.version(), **{**WORK, "phone": "by pigeon", "street": "新街口 5 号"}
    )

    assert status == 422
    assert 'aria-invalid="true"' in said
    assert "新街口 5 号" in said
    assert address(shop, page.order_id) == HOME


def test_a_station_of_the_city_takes_the_goods_for_the_same_person(page: Page, shop: Shop) -> None:
    assert "文三路驿站" in page.get("/address")
    page.post("station", version=page.version(), code="HZ-1")

    to = address(shop, page.order_id)
    assert (to.name, to.station, to.street) == ("梅雨", "文三路驿站", "文三路 12 号")
    assert page.post("station", version=page.version(), code="NOWHERE")[0] == 404


def test_some_units_are_cancelled_and_their_money_goes_back(page: Page, shop: Shop) -> None:
    check = page.get("/cancel/check?line=1&units=0&line=2&units=1&reason=changed_mind")
    assert "CN¥88.00 goes back to you" in check
    version = page.version()
    typed = {"line": [1, 2], "units": [0, 1], "reason": "changed_mind"}
    first, second = (page.post("cancel", version=version, **typed) for _ in range(2))

    assert first[1] == f"{page.path}?done=units#service"
    assert second[0] == 303
    after = order(shop, page.order_id)
    assert (after.status, after.refund_minor) == (OrderStatus.PAID, 8_800)
    assert [line.quantity for line in after.lines] == [1, 1]
    assert "CN¥88.00 asked for" in page.get()
    with begin(shop.engine) as tx:
        assert out_of_balance(tx) == []


def test_the_whole_order_is_cancelled_and_all_of_its_money_goes_back(
    page: Page, shop: Shop
) -> None:
    assert "Cancel the whole order?" in page.get("/cancel/check?line=1&units=1&line=2&units=2")
    to = page.post("cancel", version=page.version(), line=[1, 2], units=[1, 2])[1]

    assert to == f"{page.path}?done=cancel#service"
    after = order(shop, page.order_id)
    assert (after.status, after.payment) == (OrderStatus.CANCELLED, Payment.REFUND_DUE)
    said = page.get()
    assert "after it was paid; CN¥375.00 is to be refunded" in said
    assert "/cancel" not in said


def test_nothing_chosen_is_nothing_cancelled(page: Page, shop: Shop) -> None:
    status, _ = page.post("cancel", version=page.version(), line=[1], units=[0])

    assert status == 422
    assert order(shop, page.order_id).status is OrderStatus.PAID


def test_an_invoice_to_a_company_needs_a_tax_number_that_fits(page: Page, shop: Shop) -> None:
    typed = {"kind": "company", "title": "小满杂货有限公司", "email": ""}
    for number in ("", "12345", TAX[:-1] + "9"):
        status, said = page.post("invoice", version=page.version(), tax_number=number, **typed)
        assert status == 422, number
        assert 'id="i-tax"' in said
    page.post("invoice", version=page.version(), tax_number=TAX, **typed)

    with begin(shop.engine) as tx:
        asked = invoice_of(tx, page.order_id)
    assert asked is not None
    assert asked.tax_number == TAX
    assert TAX in page.get()


def test_an_invoice_is_hidden_from_whoever_proved_nothing(
    page: Page, client: TestClient, links: Links
) -> None:
    page.post(
        "invoice", version=page.version(), kind="company", title="小满杂货有限公司", tax_number=TAX
    )
    client.cookies.clear()
    said = Page(client, links, page.order_id).get()

    assert TAX not in said
    assert "小满杂货有限公司" not in said


def test_the_shopper_chooses_about_what_is_short(
    client: TestClient, links: Links, mine: Mapping[str, OrderId], shop: Shop
) -> None:
    page = Page(client, links, mine["short"]).proven()
    assert "1 item is not there" in page.get()
    assert "until" in page.get("/short")
    first, second = (page.post("short", act="refund", code="BELL-O") for _ in range(2))

    assert first[1] == f"{page.path}?done=short_refund#service"
    assert second[0] == 303
    after = order(shop, page.order_id)
    assert (after.short_units, after.refund_minor) == (0, 8_800)


def test_waiting_can_be_changed_to_a_refund(
    client: TestClient, links: Links, mine: Mapping[str, OrderId], shop: Shop
) -> None:
    page = Page(client, links, mine["short"]).proven()
    page.post("short", act="wait", code="BELL-O", days=14)

    assert "is waited for until" in page.get()
    assert page.post("short", act="refund", code="BELL-O")[0] == 303
    assert order(shop, page.order_id).short_units == 0


def test_units_are_asked_back_once_however_often_the_form_is_sent(
    client: TestClient, links: Links, mine: Mapping[str, OrderId], shop: Shop
) -> None:
    page = Page(client, links, mine["delivered"]).proven()
    assert "A person looks at it" in page.get()
    typed = {"known": 1, "line": [1, 2], "units": [0, 1], "reason": "changed_mind"}
    first, second = (page.post("return", **typed) for _ in range(2))

    assert first == second == (303, f"{page.path}?done=return#service")
    with begin(shop.engine) as tx:
        asked = returns.of_orders(tx, [page.order_id])
    assert [one.state for one in asked] == ["requested", "approved"]
    status, said = page.post("return", **{**typed, "known": 2})
    assert status == 422
    assert "So many cannot come back" in said or "可退数量不足" in said


def test_what_a_person_must_look_at_becomes_a_case_with_the_wish_in_it(
    client: TestClient, links: Links, mine: Mapping[str, OrderId], shop: Shop
) -> None:
    page = Page(client, links, mine["parted"])
    assert page.get("/address").endswith("/wish/address")
    assert "A part of it has left already." in page.get("/wish/address")
    first, _ = (page.post("wish/address", text="北山街 8 号") for _ in range(2))

    assert first == (303, f"{page.path}/talk#end")
    with begin(shop.engine) as tx:
        said = tx.execute(text("SELECT text FROM case_entry WHERE author = 'shopper'")).all()
        assert tx.execute(text("SELECT DISTINCT about FROM incoming")).scalar_one() == "delivery"
    assert len(said) == 1
    assert "北山街 8 号" in said[0].text


def test_an_order_of_another_shop_is_changed_by_nobody_here(
    client: TestClient, links: Links, mine: Mapping[str, OrderId], shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE orders SET mirrored = true, source = 'youzan'"))
    page = Page(client, links, mine["paid"]).proven()
    before = order(shop, mine["paid"]).version

    for act in ("address", "cancel", "invoice"):
        assert page.get(f"/{act}").endswith(f"/wish/{act}")
        typed = {"version": before, "line": 1, "units": 1, "title": "x", **WORK}
        assert page.post(act, **typed)[1].endswith(f"/wish/{act}")
    assert order(shop, mine["paid"]).version == before


def test_what_cannot_be_done_says_why_and_what_instead(
    client: TestClient, links: Links, mine: Mapping[str, OrderId]
) -> None:
    said = Page(client, links, mine["delivered"]).get()

    assert "It was delivered. You may send it back: see below." in said


def test_who_can_prove_nothing_has_a_person_do_it(
    client: TestClient, links: Links, mine: Mapping[str, OrderId], shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        tx.execute(text("DELETE FROM contact"))
    page = Page(client, links, mine["paid"])

    assert page.get("/cancel").endswith("/wish/cancel")
    assert "nobody can show here that the order is theirs" in page.get("/wish/cancel")


def test_a_ruling_is_written_down_when_something_is_done_and_not_when_it_is_looked_at(
    page: Page, shop: Shop
) -> None:
    def ruled() -> int:
        with begin(shop.engine) as tx:
            found = "SELECT count(*) FROM ruling WHERE name = 'self_service'"
            return int(tx.scalar(text(found)) or 0)

    page.get()
    page.get("/address")
    assert ruled() == 0
    page.post("address", version=page.version(), **WORK)
    assert ruled() == 1


def test_what_ended_meanwhile_cannot_be_sent_elsewhere(page: Page, shop: Shop) -> None:
    version = page.version()
    with begin(shop.engine) as tx:
        now = shop.clock.now()
        cancel_units(tx, page.order_id, None, reason=Reason.OTHER, change=change("clerk", at=now))
    status, to = page.post("address", version=version, **WORK)

    assert (status, to) == (303, f"{page.path}#service")
    assert address(shop, page.order_id) == HOME
