"""Inboxes over HTTP: what a shop shows in its own pages, and tells us its people did."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.db.transaction import begin
from app.inbox import api, store
from orders_core.ids import new_id, show
from tests.doors import Doors, open_doors
from tests.scene import Scene, set_scene
from tests.shop import Shop


@pytest.fixture
def scene(shop: Shop) -> Scene:
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, api.router) as opened:
        yield opened


def test_an_inbox_is_listed_page_by_page_with_its_counts(doors: Doors, scene: Scene) -> None:
    path = f"/v1/people/{show('per', scene.lin)}/inbox"
    whole = doors.get(path)
    first = doors.get(path, limit=1)
    rest = doors.get(path, after=first["next"])

    assert [one["id"] for one in first["data"] + rest["data"]] == [
        one["id"] for one in whole["data"]
    ]
    assert whole["unread"]["inbox"] == 2
    assert doors.get(path, folder="shop")["data"] == []
    assert doors.get(path, folder="shop", after=first["next"])["code"] == "bad_cursor"


def test_each_act_is_exact_and_twice_is_once(doors: Doors, scene: Scene, shop: Shop) -> None:
    path = f"/v1/people/{show('per', scene.lin)}/inbox"
    ids = [one["id"] for one in doors.get(path)["data"]]
    some = {"items": [*ids, show("msg", new_id())]}
    until = (shop.clock.now() + timedelta(hours=1)).isoformat()

    for _ in range(2):
        done = doors.call("POST", f"{path}/read", some).json()
        assert (done["theirs"], done["unread"]["inbox"]) == (len(ids), 0)
    doors.call("POST", f"{path}/seen", some)
    assert doors.call("POST", f"{path}/unread", some).json()["unread"]["inbox"] == len(ids)
    doors.call("POST", f"{path}/archive", some)
    assert doors.get(path)["data"] == []
    assert len(doors.get(path, folder="away")["data"]) == len(ids)
    doors.call("POST", f"{path}/unarchive", some)
    doors.call("POST", f"{path}/snooze", some | {"until": until})
    assert len(doors.get(path, folder="snoozed")["data"]) == len(ids)
    doors.call("POST", f"{path}/unarchive", some)
    done = doors.call("POST", f"{path}/read_all", {"up_to": ids[0]}).json()
    assert (done["theirs"], done["unread"]["inbox"]) == (len(ids), 0)


def test_nobody_acts_on_the_items_of_another(doors: Doors, scene: Scene) -> None:
    lins = doors.get(f"/v1/people/{show('per', scene.lin)}/inbox")["data"][0]["id"]

    done = doors.call(
        "POST", f"/v1/people/{show('per', scene.ana)}/inbox/archive", {"items": [lins]}
    )
    assert done.json()["theirs"] == 0


def test_a_search_looks_in_every_folder(doors: Doors, scene: Scene, shop: Shop) -> None:
    path = f"/v1/people/{show('per', scene.lin)}/inbox"
    with begin(shop.engine) as tx:
        newest = store.page(tx, scene.lin)[0]
    doors.call("POST", f"{path}/archive", {"items": [show("msg", newest.id)]})

    found = doors.get(path, q=newest.title)["data"]
    assert show("msg", newest.id) in [one["id"] for one in found]


def test_what_cannot_be_is_refused(doors: Doors, scene: Scene, shop: Shop) -> None:
    path = f"/v1/people/{show('per', scene.lin)}/inbox"
    past = {"items": [show("msg", new_id())], "until": shop.clock.now().isoformat()}

    assert doors.refusal("POST", f"{path}/snooze", past) == (422, "not_in_future")
    assert doors.call("GET", "/v1/people/nobody/inbox").status_code == 404
    assert doors.call("POST", f"{path}/read", {"items": []}).status_code == 422


def test_a_key_that_may_only_read_marks_nothing(shop: Shop, scene: Scene) -> None:
    path = f"/v1/people/{show('per', scene.lin)}/inbox"
    with open_doors(shop, api.router, scopes=["people:read"]) as doors:
        assert doors.call("GET", path).status_code == 200
        for act in ("read", "unread", "seen", "archive", "unarchive", "snooze", "read_all"):
            body = {"items": [show("msg", new_id())], "until": "2099-01-01T00:00:00Z"}
            if act != "snooze":
                del body["until"]
            if act == "read_all":
                body = {"up_to": show("msg", new_id())}
            assert doors.refusal("POST", f"{path}/{act}", body) == (403, "missing_scope")
