"""The order page: for its owner, for whoever it was passed on to, and for nobody else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, text
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.http.pages import STATIC
from app.people import links as people_links
from app.people.links import Links, Purpose
from app.story.read import story_of
from orders_core.ids import new_id, show
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.scan import Scan, record
from orders_core.parcels.tables import parcel
from tests.browser.order_scene import set_orders
from tests.buying import change
from tests.scene import EMAIL, PHONE, Scene
from tests.shop import Shop

MOST_QUERIES = 12
MOST_BYTES = 60_000
PERSONAL = ("林小满", "林••", PHONE, PHONE[-4:], EMAIL, "mail.example")


def path_of(links: Links, scene: Scene, purpose: Purpose = Purpose.ORDER) -> str:
    return f"/o/{links.token(purpose, scene.order)}"


def csrf_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def truth_of(html: str) -> str:
    found = re.search(r'id="truth"[^>]*>([^<]+)<', html)
    assert found is not None
    return found[1]


def test_the_sentence_stands_at_the_top_in_the_persons_language(
    client: TestClient, links: Links, scene: Scene
) -> None:
    path = path_of(links, scene)
    page = client.get(path, headers={"accept-language": "en"}).text

    assert truth_of(page) == "预计周四送达，比承诺晚 1 天；最近一次扫描：刚刚，杭州中转场。"
    assert "上海时间" in page
    assert "Expected Thursday, 1 day later than promised" in client.get(f"{path}?lang=en").text


def test_the_page_tells_steps_parcels_items_money_and_what_comes_next(
    client: TestClient, links: Links, scene: Scene
) -> None:
    page = client.get(path_of(links, scene) + "?lang=en").text

    for word in (
        "Placed",
        "Shipped",
        'aria-current="step"',
        "SF1390482217654",
        "龙井明前茶",
        "CN¥168.70",
        "Paid.",
        "SF Express brings it; you hear from us",
        "Expected Thursday 5 Mar.",
    ):
        assert word in page, word


def test_every_message_is_there_with_its_channel_its_state_and_the_reason(
    client: TestClient, links: Links, scene: Scene
) -> None:
    page = client.get(path_of(links, scene) + "?lang=en").text
    told = page[page.index('id="told"') :]

    assert "Because the payment arrived." in told
    assert re.search(r"E-mail: <span class=\"way good\">sent</span>", told)
    assert "sent, not confirmed" in told
    assert "Held until 20:00. It was night where you are." in told


def test_name_and_addresses_are_hidden_from_whoever_proved_nothing(
    client: TestClient, links: Links, scene: Scene
) -> None:
    page = client.get(path_of(links, scene)).text

    assert "林••" in page
    assert not any(secret in page for secret in ("林小满", PHONE, PHONE[-4:], EMAIL))


def test_the_page_that_is_passed_on_shows_nobody_and_lets_nothing_be_done(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        tx.execute(
            text("UPDATE parcel SET status = 'at_station', pickup_code = '7-7-0042' WHERE true")
        )
    own, shared = path_of(links, scene), path_of(links, scene, Purpose.SHARED_ORDER)
    page = client.get(shared).text

    assert "7-7-0042" in client.get(own).text
    assert "100482" in page
    for secret in (*PERSONAL, "7-7-0042", "SF1390482217654", "/i/", "/p/", 'id="told"', "<form"):
        assert secret not in page, secret
    assert "/o/o." not in page
    assert show("per", scene.lin) not in page


@pytest.mark.parametrize("act", ["prove", "code", "mute", "unmute", "more", "usual"])
def test_nothing_is_done_through_a_link_to_look_at_only(
    client: TestClient, links: Links, scene: Scene, act: str
) -> None:
    csrf = csrf_of(client.get(path_of(links, scene)).text)
    path = path_of(links, scene, Purpose.SHARED_ORDER)

    assert client.post(f"{path}/{act}", data={"csrf": csrf}).status_code == 404
    assert client.get(f"{path}/stream").status_code == 404


def test_an_act_needs_the_pages_own_token(client: TestClient, links: Links, scene: Scene) -> None:
    answer = client.post(f"{path_of(links, scene)}/mute", data={"csrf": "0" * 64})

    assert answer.status_code == 403


def test_the_language_of_a_page_that_was_passed_on_is_the_readers(
    client: TestClient, links: Links, scene: Scene
) -> None:
    shared = path_of(links, scene, Purpose.SHARED_ORDER)

    assert "Shared with you" in client.get(shared, headers={"accept-language": "en-GB"}).text


@pytest.mark.parametrize("purpose", [Purpose.INBOX, Purpose.PREFERENCES, Purpose.UNSUBSCRIBE])
def test_a_link_for_something_else_opens_no_order(
    client: TestClient, links: Links, scene: Scene, purpose: Purpose
) -> None:
    answer = client.get(f"/o/{links.token(purpose, scene.order)}")

    assert answer.status_code == 404
    assert "no_such_link" in answer.text


def test_a_link_with_a_character_changed_opens_nothing(
    client: TestClient, links: Links, scene: Scene
) -> None:
    path = path_of(links, scene)
    for place in range(3, len(path), 3):
        forged = path[:place] + ("x" if path[place] != "x" else "y") + path[place + 1 :]

        assert client.get(forged).status_code == 404


def test_a_link_to_look_at_only_cannot_be_turned_into_the_owners(
    client: TestClient, links: Links, scene: Scene
) -> None:
    shared = path_of(links, scene, Purpose.SHARED_ORDER)

    assert client.get(shared.replace("/o/s.", "/o/o.")).status_code == 404


def test_a_link_over_a_year_old_opens_nothing(
    client: TestClient, links: Links, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(links, scene)
    monkeypatch.setattr(people_links, "YEAR_SECONDS", -1)

    assert client.get(path).status_code == 404


def test_a_link_to_an_order_that_is_not_there_is_a_404(client: TestClient, links: Links) -> None:
    assert client.get(f"/o/{links.token(Purpose.ORDER, new_id())}").status_code == 404


def test_the_page_is_kept_by_nobody_and_names_itself_to_nobody(
    client: TestClient, links: Links, scene: Scene
) -> None:
    for purpose in (Purpose.ORDER, Purpose.SHARED_ORDER):
        for more in ("", "/live", "/calendar.ics"):
            headers = client.get(path_of(links, scene, purpose) + more).headers

            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-robots-tag"] == "noindex, nofollow"
            assert headers["cache-control"] == "no-store"


def test_muting_stops_the_bells_until_they_are_wanted_again(
    client: TestClient, links: Links, scene: Scene
) -> None:
    path = path_of(links, scene)
    csrf = csrf_of(client.get(path).text)
    done = client.post(f"{path}/mute", data={"csrf": csrf})
    page = client.get(f"{path}?lang=en").text

    assert (done.status_code, done.headers["location"]) == (303, f"{path}#tools")
    assert "Muted: no e-mail, push or SMS about this order." in page
    assert "you muted this order" in page
    client.post(f"{path}/unmute", data={"csrf": csrf})
    assert "Mute this order" in client.get(path).text


def test_the_language_switch_leads_back_to_the_page_after_a_form(
    client: TestClient, links: Links, scene: Scene
) -> None:
    path = path_of(links, scene)
    csrf = csrf_of(client.get(path).text)
    page = client.post(f"{path}/prove", data={"csrf": csrf, "tail": "0000"}).text

    assert f'href="{path}?lang=en"' in page


def test_the_live_parts_are_the_parts_of_the_page(
    client: TestClient, links: Links, scene: Scene
) -> None:
    path = path_of(links, scene)
    page, live = client.get(path).text, client.get(f"{path}/live").text

    assert truth_of(live) == truth_of(page)
    assert live.count("<hx-partial") == 3
    assert "<form" not in live


def test_the_expected_day_can_be_taken_into_a_calendar(
    client: TestClient, links: Links, scene: Scene
) -> None:
    path = path_of(links, scene)
    answer = client.get(f"{path}/calendar.ics")

    assert f'href="{path}/calendar.ics"' in client.get(path).text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert 'filename="order-100482.ics"' in answer.headers["content-disposition"]
    assert "DTSTART;VALUE=DATE:20260305\r\n" in answer.text


def test_an_order_without_an_expected_day_has_no_calendar(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE parcel SET expected_at = NULL, promised_at = NULL"))
    path = path_of(links, scene)

    assert client.get(f"{path}/calendar.ics").status_code == 404
    assert "calendar.ics" not in client.get(path).text


def test_an_unpaid_order_says_until_when_it_can_be_paid(
    client: TestClient, links: Links, shop: Shop
) -> None:
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        unpaid = set_orders(tx, now)["unpaid"]
        tx.execute(
            text("UPDATE orders SET pay_until = :at WHERE id = :id"),
            {"at": now + timedelta(minutes=30), "id": unpaid},
        )
    page = client.get(f"/o/{links.token(Purpose.ORDER, unpaid)}?lang=en").text

    assert truth_of(page) == "Placed, not paid yet; pay by 10:30."


def test_the_page_asks_the_same_few_questions_however_much_there_is_to_tell(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = path_of(links, scene)
    client.get(path)  # the first look lets the table of what may be done rule
    few = queries(shop, client, path)
    furnish(shop, scene)

    assert len(queries(shop, client, path)) == len(few)
    assert len(few) <= MOST_QUERIES, few


def test_the_page_is_light(client: TestClient, links: Links, scene: Scene, shop: Shop) -> None:
    furnish(shop, scene)
    page = client.get(path_of(links, scene))
    own = {
        one
        for one in re.findall(r"/static/([a-z.]+)\?", page.text)
        if one.endswith((".css", ".js"))
    }
    weight = len(page.content) + sum((STATIC / name).stat().st_size for name in own)

    assert "story.css" in own
    assert weight <= MOST_BYTES, (len(page.content), sorted(own))


def test_the_agents_panel_tells_the_same_story_with_nothing_hidden(
    scene: Scene, shop: Shop
) -> None:
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        story = story_of(tx, scene.order, now=now, locale="en", zone="Asia/Shanghai")

    assert story.who.name == "林小满"
    assert story.who.phones[0][0] == PHONE
    assert story.truth.startswith("Expected Thursday")
    assert [one.notice for one in story.notices] == ["order_shipped", "order_paid", "order_placed"]


def queries(shop: Shop, client: TestClient, path: str) -> list[str]:
    """Return the statements that one look at the page sends."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(shop.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(shop.engine, "before_cursor_execute", note)
    return asked


def furnish(shop: Shop, scene: Scene) -> None:
    """Give the order a second parcel, and both a long way."""
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        tx.execute(
            insert(parcel).values(
                id=new_id(),
                order_id=scene.order,
                carrier="sf",
                number="SF2",
                changed_by="till",
                change_reason="test",
                changed_at=now,
            )
        )
        for number in ("SF1390482217654", "SF2"):
            scans = [
                Scan(
                    "sf",
                    number,
                    Checkpoint(
                        at=now - timedelta(hours=hours),
                        code=ParcelStatus.IN_TRANSIT,
                        place=f"中转场 {hours}",
                        words="快件已发车",
                    ),
                )
                for hours in range(1, 16)
            ]
            record(tx, scans, by="sf", at=now, ring=lambda _at: change().ring)
