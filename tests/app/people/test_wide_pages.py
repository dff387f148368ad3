"""Whole rows and columns on the preference page, and what the shop has fixed there."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.people.choice_store import choose, said_by
from app.people.levels import Cell
from app.people.links import Links, Purpose, links_of
from app.rules import rule, standard
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import MORNING, Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def path(shop: Shop, scene: Scene) -> str:
    links: Links = links_of(settings_of(shop))
    return f"/p/{links.token(Purpose.PREFERENCES, scene.lin)}"


def csrf_of(client: TestClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def said(shop: Shop, scene: Scene) -> dict[Cell, bool]:
    with begin(shop.engine) as tx:
        return said_by(tx, scene.lin)


def lock(shop: Shop, row: str) -> None:
    head, mark, rest = (standard.sheet_of("preferences") or "").partition("rule,")
    with begin(shop.engine) as tx:
        saved = rule.save(tx, head + row + mark + rest, by="mia", why="test", now=MORNING)
        rule.publish(tx, "preferences", saved.version)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("*.sms.off", {("*", "sms"): False, ("orders", "email"): True}),
        ("orders.*.on", {("orders", "*"): True, ("delivery", "sms"): True}),
        ("*.*.off", {("*", "*"): False}),
    ],
)
def test_a_whole_row_or_column_is_said_at_once_in_place_of_its_boxes(
    client: TestClient, path: str, shop: Shop, scene: Scene, cell: str, kept: dict[Cell, bool]
) -> None:
    before = {("orders", "email"): True, ("delivery", "sms"): True}
    with begin(shop.engine) as tx:
        choose(tx, scene.lin, before, source="test", now=MORNING)

    answer = client.post(f"{path}/all", data={"csrf": csrf_of(client, path), "cell": cell})

    assert answer.headers["location"] == f"{path}?done=saved"
    assert {one: yes for one, yes in said(shop, scene).items() if one in kept} == kept
    assert len(said(shop, scene)) == len(kept)


def test_one_box_is_ticked_again_under_a_row_that_is_off(
    client: TestClient, path: str, shop: Shop, scene: Scene
) -> None:
    csrf = csrf_of(client, path)
    client.post(f"{path}/all", data={"csrf": csrf, "cell": "*.*.off"})
    client.post(path, data={"csrf": csrf, "cell": ["delivery.email"]})

    assert said(shop, scene) == {("*", "*"): False, ("delivery", "email"): True}


@pytest.mark.parametrize(
    "cell", ["orders.email.off", "*.fax.off", "gossip.*.off", "*.*.maybe", "", "*", "*.*.off.on"]
)
def test_what_the_page_does_not_offer_changes_nothing(
    client: TestClient, path: str, shop: Shop, scene: Scene, cell: str
) -> None:
    before = said(shop, scene)
    answer = client.post(f"{path}/all", data={"csrf": csrf_of(client, path), "cell": cell})

    assert answer.status_code == 303
    assert said(shop, scene) == before


def test_what_the_shop_has_fixed_is_shown_so_and_saving_leaves_it(
    client: TestClient, path: str, shop: Shop, scene: Scene
) -> None:
    lock(shop, "rule,delivery,sms,no,yes,an SMS costs\n")
    page = client.get(f"{path}?lang=en").text
    assert re.search(r'value="delivery\.sms" disabled', page)
    assert "The shop decides this for everybody" in page

    csrf = csrf_of(client, path)
    answer = client.post(path, data={"csrf": csrf, "cell": ["delivery.sms", "orders.email"]})

    assert answer.status_code == 303
    assert ("delivery", "sms") not in said(shop, scene)


def test_a_wide_choice_stands_in_the_history_and_can_be_taken_back(
    client: TestClient, path: str, shop: Shop, scene: Scene
) -> None:
    csrf = csrf_of(client, path)
    client.post(f"{path}/all", data={"csrf": csrf, "cell": "*.sms.off"})
    page = client.get(f"{path}?lang=en").text
    assert "Everything" in page[page.index('class="said"') :]
    act = re.search(r'name="act" value="([0-9a-f-]+)"', page)
    assert act is not None

    client.post(f"{path}/undo", data={"csrf": csrf, "act": act[1]})

    assert ("*", "sms") not in said(shop, scene)
