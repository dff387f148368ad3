"""The marketer's page of announcements: a form that names its faults, a preview, a withdrawal."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.access import sessions, staff
from app.access.roles import Role
from app.access.store import staff_by_email
from app.access.tables import audit
from app.db.transaction import begin
from app.http.csrf import token_for
from app.http.deps import secret_of
from app.inbox import announcement_store as store
from app.inbox.announcement import Announcement, Audience
from orders_core.ids import new_id, show
from tests.pages_app import pages_app, settings_of
from tests.shop import Shop

PATH = "/campaigns/announcements"
SAID: dict[str, Any] = {
    "title_zh": "春节发货安排",
    "body_zh": "暂停发货",
    "title_en": "Holiday shipping",
    "body_en": "No parcels",
    "audience": "everyone",
    "do": "publish",
}


class Desk:
    """Somebody of the staff at their browser."""

    def __init__(self, client: TestClient, shop: Shop, role: Role) -> None:
        self.client, self.shop = client, shop
        house = client.app.state.house  # type: ignore[attr-defined]
        with begin(shop.engine) as tx:
            email = f"{role}@shop.example"
            staff.put(tx, email=email, name="Mei", password="a long enough password", role=role)
            member = staff_by_email(tx, email)
            assert member is not None
            token = sessions.start(tx, member.id)
        client.cookies.set(sessions.cookie_name(house.settings.public_url), token)
        self.csrf = token_for(secret_of(house), token)

    def get(self) -> str:
        return unescape(self.client.get(f"{PATH}?lang=en").text)

    def post(self, path: str = PATH, **said: Any) -> Any:
        headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
        form = {"csrf": self.csrf, **said}
        return self.client.post(
            f"{path}?lang=en", data=form, headers=headers, follow_redirects=False
        )

    def made(self) -> list[Announcement]:
        with begin(self.shop.engine) as tx:
            return list(store.page(tx, after=None, at_most=50))


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    with TestClient(pages_app(shop.engine, shop.clock, settings_of(shop))) as opened:
        yield opened


@pytest.fixture
def desk(client: TestClient, shop: Shop) -> Desk:
    return Desk(client, shop, Role.MARKETER)


def test_what_is_announced_is_as_it_was_written_and_a_form_sent_twice_makes_one(desk: Desk) -> None:
    written = SAID | {
        "id": show("ann", new_id()),
        "audience": "order_state",
        "states": ["shipped", "paid"],
        "categories": ["offers"],
        "ends_at": "2099-01-01T09:00",
        "pinned": "true",
        "stays": "true",
    }
    for _ in range(2):
        reply = desk.post(**written)
        assert (reply.status_code, reply.headers["location"]) == (303, f"{PATH}?done=made")

    [one] = desk.made()
    assert (one.title_en, one.audience) == ("Holiday shipping", Audience.ORDER_STATE)
    assert one.audience_of == ("paid", "shipped")
    assert (one.is_pinned, one.is_dismissible) == (True, False)
    assert one.ends_at is not None
    assert one.ends_at.isoformat() == "2099-01-01T01:00:00+00:00"  # nine in Shanghai
    assert "Holiday shipping" in desk.get()
    with begin(desk.shop.engine) as tx:
        assert tx.scalars(select(audit.c.action)).all() == ["announcement.make"]


AT_FAULT: list[tuple[dict[str, Any], str]] = [
    ({"title_zh": ""}, "title_zh"),
    ({"title_en": "x" * 101}, "title_en"),
    ({"body_en": " "}, "body_en"),
    ({"audience": "subscribers"}, "audience_of"),
    ({"audience": "subscribers", "categories": ["weather"]}, "audience_of"),
    ({"audience": "men"}, "audience"),
    ({"starts_at": "soon"}, "starts_at"),
    ({"ends_at": "2020-01-01T09:00"}, "ends_at"),
    ({"starts_at": "2099-01-02T09:00", "ends_at": "2099-01-01T09:00"}, "ends_at"),
    ({"id": "ann_nonsense"}, "id"),
]


def test_a_field_at_fault_is_named_and_what_was_typed_stays(desk: Desk) -> None:
    for said, field in AT_FAULT:
        reply = desk.post(**SAID | said)
        page = unescape(reply.text)

        assert reply.status_code == 422, said
        assert field == "id" or f'id="fault-{field}"' in page, said
        assert "Nothing was announced yet" in page
        assert "暂停发货" in page
    assert desk.made() == []


def test_a_preview_shows_both_languages_and_announces_nothing(desk: Desk) -> None:
    hostile = SAID | {"do": "preview", "title_en": "<script>alert(1)</script>"}
    whole = desk.post(**hostile)
    part = desk.post(f"{PATH}/preview", **hostile)

    for reply in (whole, part):
        assert reply.status_code == 200
        assert "春节发货安排" in reply.text
        assert "<script>alert(1)" not in reply.text
        assert "&lt;script&gt;alert(1)" in reply.text
    assert desk.made() == []


def test_what_is_withdrawn_is_over(desk: Desk) -> None:
    desk.post(**SAID)
    [one] = desk.made()
    assert "Shown" in desk.get()
    desk.shop.clock.advance(timedelta(minutes=1))
    reply = desk.post(f"{PATH}/{show('ann', one.id)}/end")

    assert reply.headers["location"] == f"{PATH}?done=ended"
    assert "Withdraw" not in desk.get()
    assert desk.made()[0].ends_at == desk.shop.clock.now()


def test_a_lead_reads_and_does_not_write_and_an_agent_does_neither(
    client: TestClient, shop: Shop
) -> None:
    lead = Desk(client, shop, Role.LEAD)
    page = lead.get()
    assert "Nothing announced yet" in page
    assert "Write an announcement" not in page
    assert lead.post(**SAID).status_code == 403

    agent = Desk(client, shop, Role.AGENT)
    assert agent.client.get(PATH).status_code == 403
    assert agent.made() == []
