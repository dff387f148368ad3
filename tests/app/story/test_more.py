"""Being told more of one order, from its page: what is offered, taken, refused and taken back."""

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.messages.suppression_store import suppress
from app.people import mute_store
from app.people.choice_store import choose
from app.people.levels import more_among
from app.people.links import Links, Purpose
from tests.app.story.test_pages import csrf_of, path_of
from tests.scene import EMAIL, Scene
from tests.shop import Shop


def test_more_of_one_order_is_told_where_its_person_asks_and_taken_back_again(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = path_of(links, scene)
    page = client.get(f"{path}?lang=en").text
    form = {"csrf": csrf_of(page), "on": "email"}
    done = client.post(f"{path}/more", data=form)
    told = client.get(f"{path}?lang=en").text

    assert 'name="on" value="email"' in page
    assert (done.status_code, done.headers["location"]) == (303, f"{path}#tools")
    assert "Every step of this order rings by e-mail too." in told
    with begin(shop.engine) as tx:
        assert mute_store.wishes(tx, [scene.order])[scene.order].more_on == "email"
    choices = client.get(f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}?lang=en").text
    assert "told by e-mail too" in choices
    client.post(f"{path}/usual", data=form)
    assert "Be told more of this order" in client.get(f"{path}?lang=en").text


@pytest.mark.parametrize("said", [("delivery", "email"), ("*", "email"), ("orders", "*")])
def test_no_more_is_told_where_its_person_said_no(
    client: TestClient, links: Links, scene: Scene, shop: Shop, said: tuple[str, str]
) -> None:
    path = path_of(links, scene)
    with begin(shop.engine) as tx:
        choose(tx, scene.lin, {said: False}, source="t", now=shop.clock.now())
    page = client.get(path).text
    client.post(f"{path}/more", data={"csrf": csrf_of(page), "on": "email"})

    assert 'name="on" value="email"' not in page
    with begin(shop.engine) as tx:
        assert mute_store.wishes(tx, [scene.order]) == {}


def test_no_more_is_told_where_nobody_is_reached(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = path_of(links, scene)
    with begin(shop.engine) as tx:
        suppress(tx, [("email", EMAIL)], reason="bounce", now=shop.clock.now())
    page = client.get(path).text
    for on in ("email", "fax"):
        client.post(f"{path}/more", data={"csrf": csrf_of(page), "on": on})

    assert 'name="on" value="email"' not in page
    with begin(shop.engine) as tx:
        assert mute_store.wishes(tx, [scene.order]) == {}


def test_what_the_shop_locked_off_cannot_be_asked_for() -> None:
    reached = ("email", "push", "sms", "inapp")
    locked, default = (
        (("delivery", "sms", False, True),),
        (("delivery", "sms", False, False),),
    )

    assert more_among({}, (), reached) == ("email", "push", "sms")
    assert more_among({}, locked, reached) == ("email", "push")
    assert more_among({}, default, reached) == ("email", "push", "sms")
    assert more_among({("delivery", "sms"): True}, locked, reached) == ("email", "push", "sms")
