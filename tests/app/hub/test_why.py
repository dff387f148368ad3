"""Why did I get this: one message explained to whoever got it, and to nobody else."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.hub.bounds import Bounds
from app.hub.catalogue import (
    ANNOUNCEMENT,
    NOTICES,
    ORDER_CANCELLED,
    ORDER_PAID,
    ORDER_SHIPPED,
    SECURITY_CODE,
    Notice,
)
from app.hub.decide import decide
from app.hub.pressure import heard
from app.hub.verdict import Send
from app.hub.why import Chosen, Told, Voice, why
from app.messages.tables import message
from app.people import history_store, mute_store
from app.people.choice_store import choose, choose_widely
from app.people.choices import Category, ChannelName
from app.people.levels import ANY
from app.people.links import Links, Purpose, links_of
from app.people.person import Consent
from app.people.saying import Door, by_person
from orders_core.ids import show
from orders_core.tx import Tx
from tests.app.hub.stage import LINKS, enter, queued, tell, wish
from tests.cast import ANA
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import MORNING, Shop

EN = Voice(locale="en", zone="Asia/Shanghai")
AGREED = Consent(channel=ChannelName.EMAIL, granted=True, source="page", at=MORNING)
KEPT = Chosen(is_wanted=True, is_muted=False, consent=AGREED)


def told(notice: Notice, channel: str = "email", **given: Any) -> Told:
    facts: dict[str, Any] = {"order_number": 100482, "is_unpaid": False, "rules": {}}
    return Told(notice=notice, channel=channel, **facts | given)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(NOTICES))
def test_every_notice_can_say_why_it_came_on_each_of_its_channels(name: str, locale: str):
    for channel in NOTICES[name].channels:
        answer = why(told(NOTICES[name], channel), KEPT, Voice(locale=locale, zone="UTC"))

        assert answer.happened
        assert answer.let_through


def test_news_of_an_order_names_the_choices_that_let_it_through():
    answer = why(told(ORDER_PAID, rules={"quiet_hours": {"urgent": True}}), KEPT, EN)

    assert answer.happened == "The payment for order 100482 arrived."
    assert answer.let_through == [
        "It is news of something you bought, so no agreement to advertising was needed.",
        "In your choices, “Orders” by e-mail is switched on.",
        "You have not muted this order.",
        "News like this cannot wait, so quiet hours do not hold it back.",
    ]


def test_an_offer_names_the_day_of_the_agreement_and_its_place_under_the_cap():
    rules: Mapping[str, Any] = {
        "cap": {"heard": 1, "most": 3, "window_seconds": 86400},
        "quiet_hours": {"zone": "Asia/Shanghai"},
    }

    answer = why(told(ANNOUNCEMENT, order_number=None, rules=rules), KEPT, EN)

    assert answer.let_through[0] == "You agreed to offers by e-mail on 2 Mar."
    assert "It was offer 2 of 3 at most within 24 hours." in answer.let_through
    assert "It was outside quiet hours in Shanghai, so it rang at once." in answer.let_through


def test_an_offer_names_its_place_under_the_cap_as_decisions_store_it():
    pressure = heard(Send(("inapp", "email")), ANNOUNCEMENT, MORNING)
    trace = decide(ANNOUNCEMENT, ANA, pressure, Bounds(), MORNING + timedelta(hours=1)).trace
    rules = {step.rule: step.inputs for step in trace}

    answer = why(told(ANNOUNCEMENT, order_number=None, rules=rules), KEPT, EN)

    assert "It was offer 2 of 3 at most within 24 hours." in answer.let_through


def test_what_was_changed_since_is_said():
    withdrawn = Consent(channel=ChannelName.EMAIL, granted=False, source="page", at=MORNING)
    now = Chosen(is_wanted=False, is_muted=True, consent=withdrawn)

    offer = why(told(ANNOUNCEMENT, order_number=None), now, EN).let_through
    news = why(told(ORDER_PAID), now, EN).let_through

    assert "taken that back" in offer[0]
    assert "off now" in news[1]
    assert "muted now" in news[2]


def test_a_bell_that_waited_says_until_when_and_the_inbox_that_it_is_silent():
    until = MORNING + timedelta(hours=22)  # 08:00 in Shanghai
    rules = {"quiet_hours": {"zone": "Asia/Shanghai", "until": until.isoformat()}}

    rang, lay = (why(told(ORDER_SHIPPED, on, rules=rules), KEPT, EN) for on in ("sms", "inapp"))

    assert rang.let_through[-1] == "It was night in Shanghai, so it waited until 3 Mar, 08:00."
    assert lay.let_through[-1].startswith("The inbox makes no sound")


def test_an_order_nobody_paid_says_so_and_a_code_speaks_of_no_choices():
    unpaid = why(told(ORDER_CANCELLED, is_unpaid=True), KEPT, EN)
    code = why(told(SECURITY_CODE, "sms"), KEPT, EN)

    assert "No payment" in unpaid.happened
    assert not any("your choices" in reason for reason in code.let_through)


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def links(shop: Shop) -> Links:
    """What signs the links."""
    return links_of(settings_of(shop))


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers={"accept": "text/html"}) as opened:
        yield opened


def page_of(links: Links, who: Any, which: Any, lang: str = "en") -> str:
    return f"/i/{links.token(Purpose.INBOX, who)}/why/{show('msg', which)}?lang={lang}"


def test_the_page_says_what_happened_what_let_it_in_and_where_to_change_it(
    client: TestClient, links: Links, scene: Scene
):
    page = client.get(page_of(links, scene.lin, scene.message)).text

    assert f"You placed order {scene.number}." in page
    assert "is switched on" in page
    assert links.token(Purpose.PREFERENCES, scene.lin).partition(".")[0] in page
    assert "/o/" in page


def test_it_speaks_the_persons_own_language(client: TestClient, links: Links, scene: Scene):
    page = client.get(page_of(links, scene.lin, scene.message, lang="")).text

    assert '<html lang="zh-CN"' in page
    assert f"您下了订单 {scene.number}。" in page


def test_every_message_of_the_scene_can_be_asked_about(
    client: TestClient, links: Links, scene: Scene, shop: Shop
):
    with begin(shop.engine) as tx:
        ids = tx.scalars(select(message.c.id)).all()

    for lang in ("zh", "en"):
        answers = [client.get(page_of(links, scene.lin, one, lang)) for one in ids]
        assert {answer.status_code for answer in answers} == {200}


def test_what_was_switched_off_and_muted_since_is_said_on_the_page(
    client: TestClient, links: Links, scene: Scene, shop: Shop
):
    off = {(Category.ORDERS, ChannelName.EMAIL): False}
    with begin(shop.engine) as tx:
        choose(tx, scene.lin, off, source="test", now=MORNING)
        mute_store.mute(tx, scene.order, scene.lin, now=MORNING)

    page = client.get(page_of(links, scene.lin, scene.message)).text

    assert "It is off now" in page
    assert "It is muted now" in page


def test_a_choice_is_told_with_its_day_and_its_place(
    client: TestClient, links: Links, scene: Scene, shop: Shop
):
    where = page_of(links, scene.lin, scene.message)
    assert "You said so" not in client.get(where).text
    with begin(shop.engine) as tx:
        history_store.note(tx, by_person(Door.PAGE, MORNING))
        choose_widely(tx, scene.lin, ("orders", ANY), wanted=True, source="page", now=MORNING)

    assert "You said so on 2 Mar (preference page)." in client.get(where).text


def test_the_messages_of_others_and_of_nobody_are_not_found(
    client: TestClient, links: Links, scene: Scene
):
    assert client.get(page_of(links, scene.ana, scene.message)).status_code == 404
    assert client.get(page_of(links, scene.lin, scene.order)).status_code == 404
    forged = f"/i/{links.token(Purpose.PREFERENCES, scene.lin)}/why/{show('msg', scene.message)}"
    assert client.get(forged).status_code == 404


def test_the_footer_of_a_letter_leads_to_why_it_came(
    client: TestClient, links: Links, scene: Scene, shop: Shop
):
    with begin(shop.engine) as tx:
        verdicts = tx.scalars(
            select(message.c.verdict_id).where(
                message.c.person_id == scene.lin, message.c.channel == "email"
            )
        ).all()

    assert verdicts
    for verdict_id in verdicts:
        mine, theirs = (links.why(who, verdict_id) for who in (scene.lin, scene.ana))
        assert client.get(f"{mine}&lang=en").status_code == 200
        assert client.get(f"{theirs}&lang=en").status_code == 404


def test_every_letter_names_its_verdict_in_its_footer_and_a_code_does_not(tx: Tx):
    enter(tx, ANA)
    [news] = tell(tx, wish(ANA, "case_received"))
    [code] = tell(tx, wish(ANA, "security_code", dispatch="code"))

    footers = {row.verdict_id: row.variables["why_url"] for row in queued(tx)}
    assert footers == {news.id: LINKS.why(ANA.person_id, news.id), code.id: None}


def test_what_was_dropped_with_its_month_is_said_to_be_older_than_is_kept(
    client: TestClient, links: Links, scene: Scene, shop: Shop
):
    long_ago = UUID(int=scene.message.int - (500 * 86_400_000 << 80))
    assert client.get(page_of(links, scene.lin, long_ago)).status_code == 404

    with begin(shop.engine) as tx:
        tx.execute(text("INSERT INTO purged VALUES ('message', current_date - 400)"))

    answer = client.get(page_of(links, scene.lin, long_ago))
    assert answer.status_code == 410
    assert "older than is kept" in answer.text
    assert client.get(page_of(links, scene.lin, scene.message)).status_code == 200


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("superseded", "In the end it did not ring: the order had moved on by then."),
        (
            "the person said no",
            "In the end it did not ring: you had switched such messages off by then.",
        ),
        ("a word of later", "In the end it did not ring: something had changed by then."),
    ],
)
def test_what_did_not_ring_after_all_says_why(reason: str, said: str):
    answer = why(told(ORDER_SHIPPED, kept_back=reason), KEPT, Voice(locale="en", zone="UTC"))

    assert said in answer.let_through
