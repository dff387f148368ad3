"""A person's own choices and the way out, behind signed links."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.people import store
from app.people.choice_store import choices_of, rhythms_of
from app.people.choices import Category, ChannelName, Rhythm
from app.people.links import Links, Purpose, links_of
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html"}
Cells = set[tuple[Category, ChannelName]]


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


def token_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def on(shop: Shop, scene: Scene) -> Cells:
    with begin(shop.engine) as tx:
        return {cell for cell, is_on in choices_of(tx, scene.lin).items() if is_on}


def test_the_page_ticks_what_is_on_and_saves_what_is_ticked(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"
    page = client.get(path).text
    assert (
        len(re.findall(r'name="cell" value="[a-z.]+" checked', page)) == len(on(shop, scene)) == 12
    )

    cells = ["orders.email", "offers.email", "delivery.inapp"]
    answer = client.post(path, data={"csrf": token_of(page), "cell": cells, "language": "en"})

    assert answer.headers["location"] == f"{path}?done=saved"
    assert on(shop, scene) == {
        (Category.ORDERS, ChannelName.EMAIL),
        (Category.OFFERS, ChannelName.EMAIL),
        (Category.DELIVERY, ChannelName.INAPP),
    }
    saved = client.get(f"{path}?done=saved").text
    assert "Your choices are saved." in saved
    with begin(shop.engine) as tx:
        person = store.find(tx, scene.lin)
        assert person.locale == "en"
        assert [given.source for given in person.consents] == ["preference_page"]


def test_saving_unchanged_writes_no_consent(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"
    page = client.get(path).text
    ticked = re.findall(r'value="([a-z]+\.[a-z]+)" checked', page)
    client.post(path, data={"csrf": token_of(page), "cell": ticked, "language": "zh"})

    with begin(shop.engine) as tx:
        assert store.find(tx, scene.lin).consents == ()


def test_pausing_ends_every_offer_and_leaves_order_news(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"
    csrf = token_of(client.get(path).text)
    client.post(path, data={"csrf": csrf, "cell": ["offers.email", "orders.email"]})
    client.post(f"{path}/pause", data={"csrf": csrf})

    assert on(shop, scene) == {(Category.ORDERS, ChannelName.EMAIL)}


@pytest.mark.parametrize("cells", [["offers.pigeon"], ["'; DROP"], ["orders.email"] * 500])
def test_boxes_that_are_none_of_ours_change_nothing(
    client: TestClient, links: Links, scene: Scene, shop: Shop, cells: list[str]
) -> None:
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"
    csrf = token_of(client.get(path).text)

    assert client.post(path, data={"csrf": csrf, "cell": cells}).status_code == 303
    assert on(shop, scene) <= {(Category.ORDERS, ChannelName.EMAIL)}


def test_without_its_token_or_from_another_site_nothing_is_saved(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"
    csrf = token_of(client.get(path).text)
    away = {"sec-fetch-site": "cross-site"}

    assert client.post(path, data={"csrf": "no"}).status_code == 403
    assert client.post(path, data={"csrf": csrf}, headers=away).status_code == 403
    assert len(on(shop, scene)) == 12


def test_opening_the_unsubscribe_link_asks_and_changes_nothing(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/u/{links.token(Purpose.UNSUBSCRIBE, scene.lin, Category.DELIVERY)}"
    page = client.get(path)

    assert "物流" in page.text
    assert "目前还没有任何更改" in page.text
    assert len(on(shop, scene)) == 12


def test_one_click_from_a_mail_program_unsubscribes_and_twice_is_as_good(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/u/{links.token(Purpose.UNSUBSCRIBE, scene.lin, Category.DELIVERY)}"
    for _ in range(2):
        answer = client.post(
            path,
            content="List-Unsubscribe=One-Click",
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "sec-fetch-site": "cross-site",
            },
        )
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers

    assert (Category.DELIVERY, ChannelName.EMAIL) not in on(shop, scene)
    assert (Category.DELIVERY, ChannelName.SMS) in on(shop, scene)
    assert (Category.ORDERS, ChannelName.EMAIL) in on(shop, scene)


def test_an_unsubscribe_link_opens_nothing_else(
    client: TestClient, links: Links, scene: Scene
) -> None:
    token = links.token(Purpose.UNSUBSCRIBE, scene.lin, Category.OFFERS)

    assert client.get(f"/p/{token}").status_code == 404
    assert client.get(f"/i/{token}").status_code == 404
    assert client.post(f"/u/{token}x").status_code == 404


def test_the_page_says_when_nothing_rings_and_what_we_keep(
    client: TestClient, links: Links, scene: Scene
) -> None:
    page = client.get(f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}?lang=en").text

    assert "From 22:00 to 08:00 in Shanghai nothing rings." in page
    assert "At most 3 offers in any 24 hours." in page
    assert "No offers reach you" in page
    assert "l•••@mail.example" in page
    assert "lin@mail.example" not in page
    assert "138" not in page.split("What we keep about you")[1]


def test_the_page_keeps_how_often_each_channel_rings(
    client: TestClient, links: Links, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"
    page = client.get(path).text
    form = {"csrf": token_of(page), "rhythm": ["", "email.daily", "push.yearly", "sms.weekly"]}

    client.post(f"{path}/rhythm", data=form)

    with begin(shop.engine) as tx:
        chosen = rhythms_of(tx, scene.lin)
    assert chosen == {
        ChannelName.INAPP: None,
        ChannelName.EMAIL: Rhythm.DAILY,
        ChannelName.PUSH: None,
        ChannelName.SMS: Rhythm.WEEKLY,
    }
    assert 'value="email.daily" selected' in client.get(path).text
