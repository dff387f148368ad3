"""One story across channels: what was opened by its link is read in the inbox as well."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.hub.opened_store import Opened, read_everywhere
from app.inbox import store as inbox
from app.inbox.tables import inbox_item
from app.messages.tables import message
from app.people import opened_store
from app.people.links import Purpose, links_of
from orders_core.ids import OrderId, PersonId, new_id, show
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell, wish
from tests.cast import ANA, CHIYO
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import MORNING, Shop

ORDER = OrderId(new_id())


def put_lines(tx: Tx) -> None:
    """Write the inbox lines of what is queued, as delivery does."""
    rows = tx.execute(select(message).where(message.c.channel == "inapp"))
    kept = ("id", "person_id", "order_id", "notice")
    lines = [{name: getattr(row, name) for name in kept} for row in rows]
    tx.execute(
        insert(inbox_item),
        [{**line, "title": "t", "body": "b", "arrived_at": MORNING} for line in lines],
    )


def told(tx: Tx) -> UUID:
    """Tell Chiyo of an order; return the verdict."""
    enter(tx, ANA, CHIYO)
    [made] = tell(tx, wish(CHIYO, "order_paid", order_id=ORDER))
    put_lines(tx)
    return made.id


def unread(tx: Tx) -> int:
    return sum(item.read_at is None for item in inbox.page(tx, CHIYO.person_id))


def test_every_message_leads_back_by_a_link_that_names_its_verdict(tx: Tx) -> None:
    verdict = told(tx)

    links = {row.variables["order_url"] for row in queued(tx)}
    assert [urlsplit(link).query for link in links] == [f"v={show('ver', verdict)}&c="]


@pytest.mark.parametrize(
    ("person_id", "order_id", "is_read"),
    [
        (CHIYO.person_id, None, True),
        (None, ORDER, True),
        (ANA.person_id, None, False),
        (None, OrderId(new_id()), False),
    ],
)
def test_what_was_opened_is_read_in_the_inbox_of_whose_it_is(
    tx: Tx, person_id: PersonId | None, order_id: OrderId | None, *, is_read: bool
) -> None:
    verdict = told(tx)

    said = read_everywhere(tx, Opened(verdict), person_id=person_id, order_id=order_id, now=MORNING)

    assert said is is_read
    assert unread(tx) == (0 if is_read else 1)


def test_nobody_is_read_by_a_verdict_that_is_none(tx: Tx) -> None:
    told(tx)

    nowhere = Opened(new_id())
    assert not read_everywhere(tx, nowhere, person_id=CHIYO.person_id, order_id=None, now=MORNING)


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    same = {"sec-fetch-site": "same-origin", "accept": "text/html"}
    with TestClient(app, headers=same, follow_redirects=False) as opened:
        yield opened


def test_looking_at_the_page_marks_nothing_only_the_browsers_word_does(
    client: TestClient, scene: Scene, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        found = tx.execute(select(message).where(message.c.id == scene.message)).one()
        line = tx.execute(
            select(message).where(
                message.c.verdict_id == found.verdict_id, message.c.channel == "inapp"
            )
        ).one()
        tx.execute(update(inbox_item).where(inbox_item.c.id == line.id).values(read_at=None))
    links = links_of(settings_of(shop))
    path = f"/o/{links.token(Purpose.ORDER, scene.order)}"
    verdict = show("ver", found.verdict_id)

    page = client.get(f"{path}?v={verdict}&c={found.channel}").text
    client.head(f"{path}?v={verdict}&c={found.channel}")
    assert read_at(shop, line.id) is None

    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert csrf is not None
    said = client.post(f"{path}/opened", data={"csrf": csrf[1], "v": verdict})
    assert said.status_code == 204
    assert read_at(shop, line.id) is not None

    assert f'name="c" value="{found.channel}"' in page
    client.post(f"{path}/opened", data={"csrf": csrf[1], "v": verdict, "c": found.channel})
    with begin(shop.engine) as tx:
        last = opened_store.last_of(tx, PersonId(found.person_id))
    assert last is not None
    assert last["channel"] == found.channel


def read_at(shop: Shop, line: UUID) -> object:
    with begin(shop.engine) as tx:
        return tx.scalar(select(inbox_item.c.read_at).where(inbox_item.c.id == line))
