"""The page of what-if questions: a form, three policies side by side, and who it touches."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from orders_core.ids import show
from tests.app.hub.stage import enter, tell, wish
from tests.cast import ANA, BEN
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, set_scene
from tests.shop import Shop


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """The operator, logged in, in a shop that told its people of a few things today."""
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        set_scene(tx, now)
        enter(tx, ANA, BEN)
        for hours in (3, 2, 1):
            at = now - timedelta(hours=hours)
            tell(tx, wish(ANA, "announcement", dispatch=str(hours), at=at), now=at)
        tell(tx, wish(BEN, at=now), now=now)
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers={"sec-fetch-site": "same-origin"}) as opened:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', opened.get("/login").text)
        assert found is not None
        opened.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": found[1]})
        yield opened


def test_a_lower_cap_names_what_changes_and_whom(client: TestClient):
    page = client.get("/hub/what-if?cap=1&lang=en").text

    assert "2 of 4 decisions would have come out otherwise." in page
    assert "100 % come out as they were stored" in page
    assert f"/ops/people/{show('per', ANA.person_id)}" in page
    assert page.count('class="chart"') == 2


def test_nothing_changed_differs_nowhere_and_says_of_what_too_little_was_kept(client: TestClient):
    page = client.get("/hub/what-if?lang=zh").text

    assert "4 个判定中，有 0 个会不同" in page
    assert "另有 4 个判定" in page  # the scene's own, which nothing decided


def test_every_field_of_the_form_is_a_policy(client: TestClient):
    for asked in ("quiet=none", "quiet=00-23", "marketing=off", "silent=orders", "days=31&cap=30"):
        assert client.get(f"/hub/what-if?{asked}").status_code == 200
    for refused in ("quiet=25-08", "cap=31", "days=32", "marketing=maybe", "silent=support"):
        assert client.get(f"/hub/what-if?{refused}").status_code == 422


def test_a_shop_that_decided_nothing_says_so(client: TestClient, shop: Shop):
    with begin(shop.engine) as tx:
        tx.exec_driver_sql("UPDATE verdict SET decided_at = decided_at - interval '40 days'")

    assert "Nothing was decided" in client.get("/hub/what-if?lang=en").text


def test_a_stranger_is_sent_to_the_door(client: TestClient):
    client.cookies.clear()

    assert client.get("/hub/what-if", follow_redirects=False).status_code in (303, 401, 302)
