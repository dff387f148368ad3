"""Announcements: one row for a whole shop, seen by whom it is for until they wave it off."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from app.access.tables import audit
from app.db.transaction import begin
from app.inbox import announcement_api, api
from app.inbox import announcement_store as store
from app.inbox.tables import announcement, announcement_dismissed, inbox_item
from app.people import choice_store
from app.people import store as people
from app.people.choices import Category, ChannelName
from app.people.links import Purpose, links_of
from app.people.person import Profile
from orders_core.ids import PersonId, new_id, show
from tests.doors import Doors, open_doors
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import Shop

PATH = "/v1/announcements"
SAID: dict[str, Any] = {
    "title": {"zh": "春节发货安排", "en": "Holiday shipping"},
    "body": {"zh": "暂停发货", "en": "No parcels"},
}


@pytest.fixture
def scene(shop: Shop) -> Scene:
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, announcement_api.router, api.of_person) as opened:
        yield opened


def made(doors: Doors, **said: Any) -> str:
    answer = doors.call("POST", PATH, SAID | said)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def seen_by(doors: Doors, whom: PersonId) -> list[str]:
    found = doors.get(f"/v1/people/{show('per', whom)}/announcements")
    return [one["id"] for one in found["data"]]


def test_an_announcement_is_seen_from_its_start_until_its_end(
    doors: Doors, scene: Scene, shop: Shop
) -> None:
    now = shop.clock.now()
    running = made(doors)
    made(doors, starts_at=(now + timedelta(hours=1)).isoformat())
    made(
        doors,
        starts_at=(now - timedelta(hours=2)).isoformat(),
        ends_at=(now - timedelta(hours=1)).isoformat(),
    )

    assert seen_by(doors, scene.lin) == [running]
    assert len(doors.get(PATH)["data"]) == 3


def test_what_is_pinned_stands_before_what_is_newer(doors: Doors, scene: Scene) -> None:
    pinned = made(doors, pinned=True)
    newer = made(doors)

    assert seen_by(doors, scene.lin) == [pinned, newer]


def test_each_audience_sees_its_own(doors: Doors, scene: Scene, shop: Shop) -> None:
    in_zh, in_en = made(doors, audience="zh"), made(doors, audience="en")
    assert seen_by(doors, scene.lin) == [in_zh]
    assert seen_by(doors, scene.ana) == [in_en]

    for_buyers = made(doors, audience="open_order")
    assert for_buyers in seen_by(doors, scene.lin)
    arrived = "UPDATE orders SET fulfilment = 'delivered', status = 'delivered'"
    with begin(shop.engine) as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))
        tx.execute(
            text(f"{arrived} WHERE person_id = :id AND standing = 'open'"), {"id": scene.lin}
        )
    assert for_buyers not in seen_by(doors, scene.lin)


def test_subscribers_of_a_category_see_what_is_for_them(
    doors: Doors, scene: Scene, shop: Shop
) -> None:
    offers = made(doors, audience="subscribers", audience_of=["offers"])
    either = made(doors, audience="subscribers", audience_of=["delivery", "offers"])
    assert seen_by(doors, scene.ana) == [either]

    agreed = {(Category.OFFERS, ChannelName.EMAIL): True}
    no_parcels = {(Category.DELIVERY, channel): False for channel in ChannelName}
    with begin(shop.engine) as tx:
        choice_store.choose(tx, scene.ana, agreed, source="test", now=shop.clock.now())
    assert seen_by(doors, scene.ana) == [either, offers]
    with begin(shop.engine) as tx:
        taken_back = dict.fromkeys(agreed, False) | no_parcels
        choice_store.choose(tx, scene.ana, taken_back, source="test", now=shop.clock.now())
    assert seen_by(doors, scene.ana) == []


def test_whoever_has_an_order_in_a_state_sees_what_is_for_them(doors: Doors, scene: Scene) -> None:
    made(doors, audience="order_state", audience_of=["cancelled"])
    placed = made(doors, audience="order_state", audience_of=["cancelled", "placed"])
    shipped = made(doors, audience="order_state", audience_of=["shipped"])

    assert seen_by(doors, scene.lin) == [shipped]
    assert seen_by(doors, scene.ana) == [placed]


def test_what_stays_is_waved_off_by_nobody(doors: Doors, scene: Scene) -> None:
    one = made(doors, dismissible=False)
    path = f"/v1/people/{show('per', scene.lin)}/announcements"

    assert doors.refusal("POST", f"{path}/{one}/dismiss", {}) == (409, "stays_shown")
    assert [found["dismissible"] for found in doors.get(path)["data"]] == [False]


def test_whoever_waves_it_off_sees_it_no_more_and_everybody_else_does(
    doors: Doors, scene: Scene, shop: Shop
) -> None:
    one = made(doors)
    path = f"/v1/people/{show('per', scene.lin)}/announcements"

    for _ in range(2):
        assert doors.call("POST", f"{path}/{one}/dismiss").status_code == 204
    assert seen_by(doors, scene.lin) == []
    assert seen_by(doors, scene.ana) == [one]
    with begin(shop.engine) as tx:
        assert tx.scalar(select(func.count()).select_from(announcement_dismissed)) == 1
    assert doors.call("POST", f"{path}/{show('ann', new_id())}/dismiss").status_code == 404


def test_an_end_is_at_once_and_once_and_never_before_the_start(
    doors: Doors, scene: Scene, shop: Shop
) -> None:
    one = made(doors)
    first = doors.call("POST", f"{PATH}/{one}/end").json()["ends_at"]
    shop.clock.advance(timedelta(hours=1))
    again = doors.call("POST", f"{PATH}/{one}/end").json()["ends_at"]
    assert first == again
    assert seen_by(doors, scene.lin) == []

    start = (shop.clock.now() + timedelta(hours=5)).isoformat()
    planned = made(doors, starts_at=start)
    ended = doors.call("POST", f"{PATH}/{planned}/end").json()
    assert ended["ends_at"] == ended["starts_at"]
    assert doors.call("POST", f"{PATH}/{show('ann', new_id())}/end").status_code == 404


def test_a_key_makes_one_announcement_and_the_trail_names_who(
    doors: Doors, scene: Scene, shop: Shop
) -> None:
    key = {"Idempotency-Key": "holiday"}
    first = doors.call("POST", PATH, SAID, **key).json()
    second = doors.call("POST", PATH, SAID, **key).json()
    assert first == second

    with begin(shop.engine) as tx:
        trail = tx.scalars(select(audit.c.action).where(audit.c.target == first["id"])).all()
    assert trail == ["announcement.make"]


def test_what_cannot_be_is_refused(doors: Doors, shop: Shop) -> None:
    now = shop.clock.now()
    late = {"starts_at": now.isoformat(), "ends_at": (now - timedelta(hours=1)).isoformat()}

    assert doors.refusal("POST", PATH, SAID | late)[0] == 422
    over = {"ends_at": now.isoformat()}
    assert doors.refusal("POST", PATH, SAID | over) == (422, "ends_before_start")
    assert doors.refusal("POST", PATH, SAID | {"audience": "men"})[0] == 422
    assert doors.refusal("POST", PATH, SAID | {"title": {"zh": "一"}})[0] == 422
    for audience, closer, code in (
        ("subscribers", [], "audience_of_missing"),
        ("order_state", ["offers"], "unknown_value"),
        ("subscribers", ["paid"], "unknown_value"),
        ("everyone", ["offers"], "not_for_audience"),
    ):
        said = SAID | {"audience": audience, "audience_of": closer}
        assert doors.refusal("POST", PATH, said) == (422, code), audience
    with open_doors(shop, announcement_api.router, scopes=["messages:read"]) as readers:
        assert readers.refusal("POST", PATH, SAID) == (403, "missing_scope")


def test_the_database_takes_no_end_before_the_start(doors: Doors, shop: Shop) -> None:
    made(doors)
    with pytest.raises(IntegrityError), begin(shop.engine) as tx:
        tx.execute(announcement.update().values(ends_at=announcement.c.starts_at - timedelta(1)))


def test_the_database_takes_no_audience_without_its_closer_words(doors: Doors, shop: Shop) -> None:
    made(doors)
    with pytest.raises(IntegrityError), begin(shop.engine) as tx:
        tx.execute(announcement.update().values(audience="subscribers"))


def test_ten_thousand_people_are_one_row(doors: Doors, shop: Shop) -> None:
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        crowd = [Profile(reference=f"c-{number}") for number in range(10_000)]
        people.upsert(tx, crowd, locale="zh", zone="Asia/Shanghai", now=now)
    made(doors)

    with begin(shop.engine) as tx:
        assert tx.scalar(select(func.count()).select_from(announcement)) == 1
        assert tx.scalar(select(func.count()).select_from(inbox_item)) == 0
        last = people.find(tx, "c-9999")
        assert len(store.shown_to(tx, last, now=now)) == 1


def test_the_page_shows_it_in_the_readers_language_and_a_plain_form_waves_it_off(
    doors: Doors, scene: Scene, shop: Shop
) -> None:
    made(doors, pinned=True)
    path = f"/i/{links_of(settings_of(shop)).token(Purpose.INBOX, scene.lin)}"
    headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=headers, follow_redirects=False) as client:
        page = client.get(path).text
        assert "春节发货安排" in page
        assert "Holiday shipping" in client.get(f"{path}?lang=en").text

        (form,) = [part for part in page.split("<form") if "/dismiss" in part]
        action = form.split('action="')[1].split('"')[0]
        csrf = form.split('name="csrf" value="')[1].split('"')[0]
        assert client.post(action, data={"csrf": ""}).status_code == 403
        assert client.post(action, data={"csrf": csrf}).status_code == 303
        assert "Holiday shipping" not in client.get(path).text
