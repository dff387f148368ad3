"""What a person said can be taken back, from the page and from the way out."""

import re
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.people import calm_store, history_store, mute_store
from app.people.calm import ENDLESS, Calm
from app.people.choice_store import choices_of, choose, choose_rhythms, consents_of, rhythms_of
from app.people.choices import Category, ChannelName, Rhythm
from app.people.history import acts_of
from app.people.hours import Window
from app.people.links import Links, Purpose, links_of
from app.people.saying import By, Door, Saying, by_person
from app.people.store import find
from app.people.tables import preference
from app.people.undo import undo
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import enter
from tests.app.people.test_pages import SAME, token_of
from tests.cast import ANA, BEN
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import MORNING, Shop
from tests.together import together

WHO = ANA.person_id
OFFERS = (Category.OFFERS, ChannelName.EMAIL)
NEWS = (Category.DELIVERY, ChannelName.EMAIL)
LATE = Window(time(23), time(10), frozenset({4, 5}))


def said(tx: Tx, *, by: By = By.PERSON, door: Door = Door.PAGE) -> Saying:
    """Let what comes next be one act."""
    saying = Saying(by=by, door=door, at=MORNING)
    history_store.note(tx, saying)
    return saying


def back(tx: Tx, act: Saying) -> bool:
    """Take an act back, on the page."""
    history_store.note(tx, by_person(Door.PAGE, MORNING, undoes=act.act))
    return undo(tx, WHO, act.act, source="test", now=MORNING)


def test_a_choice_that_was_none_is_none_again_and_consent_too(tx: Tx):
    enter(tx, BEN)
    act = said(tx)
    choose(tx, BEN.person_id, {OFFERS: True, NEWS: False}, source="page", now=MORNING)
    history_store.note(tx, by_person(Door.PAGE, MORNING, undoes=act.act))

    assert undo(tx, BEN.person_id, act.act, source="test", now=MORNING)

    assert tx.execute(select(preference)).all() == []
    assert ChannelName.EMAIL not in {one.channel for one in consents_of(tx, BEN.person_id)}


def test_agreement_taken_back_and_given_again_says_where(tx: Tx):
    enter(tx, ANA)
    act = said(tx)
    choose(tx, WHO, {OFFERS: False}, source="page", now=MORNING)
    back(tx, act)

    given = {one.channel: one for one in consents_of(tx, WHO)}[ChannelName.EMAIL]
    assert (given.granted, given.source) == (True, "test")
    assert choices_of(tx, WHO)[OFFERS]


def test_everything_said_on_a_page_can_be_taken_back(tx: Tx):
    enter(tx, ANA)
    order = OrderId(new_id())
    act = said(tx)
    choose_rhythms(tx, WHO, {ChannelName.SMS: Rhythm.DAILY}, source="page", now=MORNING)
    calm_store.keep_quiet(tx, WHO, LATE, source="page", now=MORNING)
    calm_store.pause(tx, WHO, ENDLESS, source="page", now=MORNING)
    mute_store.mute(tx, order, WHO, now=MORNING)

    back(tx, act)

    assert rhythms_of(tx, WHO)[ChannelName.SMS] is None
    assert calm_store.calm_of(tx, WHO) == Calm()
    assert mute_store.wishes(tx, [order]) == {}


def test_a_later_value_goes_back_to_the_one_before_it(tx: Tx):
    enter(tx, ANA)
    order, until = OrderId(new_id()), MORNING + timedelta(days=1)
    said(tx)
    choose(tx, WHO, {NEWS: False}, source="page", now=MORNING)
    choose_rhythms(tx, WHO, {ChannelName.SMS: Rhythm.DAILY}, source="page", now=MORNING)
    calm_store.keep_quiet(tx, WHO, LATE, source="page", now=MORNING)
    calm_store.pause(tx, WHO, until, source="page", now=MORNING)
    mute_store.mute(tx, order, WHO, now=MORNING)
    act = said(tx)
    choose(tx, WHO, {NEWS: True}, source="page", now=MORNING)
    choose_rhythms(tx, WHO, {ChannelName.SMS: Rhythm.WEEKLY}, source="page", now=MORNING)
    calm_store.keep_quiet(tx, WHO, None, source="page", now=MORNING)
    calm_store.pause(tx, WHO, None, source="page", now=MORNING)
    mute_store.unmute(tx, order)

    back(tx, act)

    assert not choices_of(tx, WHO)[NEWS]
    assert rhythms_of(tx, WHO)[ChannelName.SMS] is Rhythm.DAILY
    assert calm_store.calm_of(tx, WHO) == Calm(quiet=LATE, paused_until=until)
    assert mute_store.wishes(tx, [order])[order].mutes


def test_what_was_changed_again_since_stays_as_it_is(tx: Tx):
    enter(tx, ANA)
    act = said(tx)
    choose(tx, WHO, {NEWS: False, OFFERS: False}, source="page", now=MORNING)
    said(tx)
    choose(tx, WHO, {OFFERS: True}, source="page", now=MORNING)

    assert back(tx, act)

    assert choices_of(tx, WHO)[NEWS]
    assert choices_of(tx, WHO)[OFFERS]
    assert not back(tx, act), "the second time there is nothing left"


def test_taking_back_can_be_taken_back(tx: Tx):
    enter(tx, ANA)
    act = said(tx)
    choose(tx, WHO, {NEWS: False}, source="page", now=MORNING)
    back(tx, act)
    [newest, *_] = acts_of(history_store.page(tx, WHO, after=None, at_most=10))

    assert newest.first.undoes == act.act
    assert newest.can_be_undone
    assert undo(tx, WHO, newest.first.act, source="test", now=MORNING)
    assert not choices_of(tx, WHO)[NEWS]


@pytest.mark.parametrize(
    ("by", "door"),
    [(By.SHOP, Door.API), (By.AGENT, Door.API), (By.PERSON, Door.API), (By.AGENT, Door.PAGE)],
)
def test_what_the_shop_wrote_cannot_be_taken_back_here(tx: Tx, by: By, door: Door):
    enter(tx, ANA)
    act = said(tx, by=by, door=door)
    choose(tx, WHO, {NEWS: False}, source="till", now=MORNING)

    assert not back(tx, act)
    assert not choices_of(tx, WHO)[NEWS]


def test_nobody_takes_back_what_another_said(tx: Tx):
    enter(tx, ANA, BEN)
    act = said(tx)
    choose(tx, WHO, {NEWS: False}, source="page", now=MORNING)

    assert not undo(tx, BEN.person_id, act.act, source="test", now=MORNING)


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
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened


def act_on(page: str) -> str:
    """Return the first act that a page offers to take back."""
    found = re.search(r'name="act" value="([0-9a-f-]+)"', page)
    assert found is not None
    return found[1]


def test_the_page_offers_to_take_back_what_was_just_saved(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"
    page = client.get(f"{path}?lang=en").text
    form = {"csrf": token_of(page), "cell": ["orders.email"], "language": "en"}
    client.post(path, data=form)
    saved = client.get(f"{path}?done=saved").text
    act = act_on(saved.split("</form>")[0])
    answer = client.post(f"{path}/undo", data={"csrf": token_of(page), "act": act})

    assert answer.headers["location"] == f"{path}?done=undone"
    with begin(shop.engine) as tx:
        assert sum(choices_of(tx, scene.lin).values()) == 12
        assert find(tx, scene.lin).locale == "zh"
    after = client.get(f"{path}?done=undone").text
    assert "Taken back: it is as it was before." in after
    assert "· taken back" in after
    again = client.post(f"{path}/undo", data={"csrf": token_of(page), "act": act})
    assert again.headers["location"] == f"{path}?done=changed_since"


def test_unsubscribing_by_mistake_is_taken_back_from_the_confirmation(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/u/{links.token(Purpose.UNSUBSCRIBE, scene.lin, Category.DELIVERY)}"
    done = client.post(f"{path}?lang=en").text
    form = {"csrf": token_of(done), "act": act_on(done)}

    assert client.post(f"{path}/undo", data={**form, "csrf": "no"}).status_code == 403
    assert "Your choice is taken back." in client.post(f"{path}/undo", data=form).text
    with begin(shop.engine) as tx:
        assert choices_of(tx, scene.lin)[NEWS]


def test_an_unsubscribe_link_takes_back_only_what_such_a_link_said(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        act = said(tx)
        choose(tx, scene.lin, {NEWS: False}, source="page", now=MORNING)
    path = f"/u/{links.token(Purpose.UNSUBSCRIBE, scene.lin, Category.DELIVERY)}"
    csrf = token_of(client.get(path).text)

    assert client.post(f"{path}/undo", data={"csrf": csrf, "act": str(act.act)}).status_code == 200
    with begin(shop.engine) as tx:
        assert not choices_of(tx, scene.lin)[NEWS]


def test_less_often_instead_of_never(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/u/{links.token(Purpose.UNSUBSCRIBE, scene.lin, Category.OFFERS)}"
    csrf = token_of(client.get(f"{path}?lang=en").text)
    done = client.post(f"{path}/less", data={"csrf": csrf, "rhythm": "weekly"})

    assert "Once a week from now on" in done.text
    with begin(shop.engine) as tx:
        assert rhythms_of(tx, scene.lin)[ChannelName.EMAIL] is Rhythm.WEEKLY
        assert choices_of(tx, scene.lin)[(Category.ORDERS, ChannelName.EMAIL)]
    assert client.post(f"{path}/less", data={"rhythm": "weekly"}).status_code == 403


@pytest.mark.parametrize(
    ("body", "door"),
    [("List-Unsubscribe=One-Click", "one_click"), ("", "unsubscribe_page")],
)
def test_the_history_tells_one_click_from_the_page(
    client: TestClient, links: Links, scene: Scene, shop: Shop, body: str, door: str
) -> None:
    path = f"/u/{links.token(Purpose.UNSUBSCRIBE, scene.lin, Category.OFFERS)}"
    client.post(path, content=body, headers={"content-type": "application/x-www-form-urlencoded"})

    with begin(shop.engine) as tx:
        [act, *_] = acts_of(history_store.page(tx, scene.lin, after=None, at_most=10))
    assert (act.first.said_by, act.first.door) == ("person", door)
    assert [line.about for line in act.told] == ["preference"], "consent only follows the choice"


def test_a_pause_without_an_end_lasts_until_they_say_otherwise(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}?lang=en"
    csrf = token_of(client.get(path).text)
    client.post(f"{path.split('?', maxsplit=1)[0]}/calm", data={"csrf": csrf, "days": "endless"})
    shop.clock.advance(timedelta(days=400))

    assert "Nothing rings until you turn the bells on again." in client.get(path).text
    client.post(f"{path.split('?', maxsplit=1)[0]}/calm", data={"csrf": csrf, "days": "0"})
    with begin(shop.engine) as tx:
        assert calm_store.calm_of(tx, scene.lin) == Calm()


def test_two_clicks_at_once_take_turns(shop: Shop, scene: Scene, links: Links) -> None:
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"
    with begin(shop.engine) as tx:
        act = said(tx)
        choose(tx, scene.lin, {NEWS: False}, source="page", now=MORNING)
    with TestClient(app, headers=SAME, follow_redirects=False) as browser:
        form = {"csrf": token_of(browser.get(path).text), "act": str(act.act)}
        places: list[str] = []

        def click() -> None:
            places.append(browser.post(f"{path}/undo", data=form).headers["location"])

        together(click, click)

    assert sorted(place.rpartition("=")[2] for place in places) == ["changed_since", "undone"]
