"""Change where one is reached: a code to the new address, a word to the old, over HTTP."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.jobs.lanes import Lane
from app.messages.store import claim
from app.messages.tables import message
from app.people import history_store
from app.people.links import Purpose, links_of
from app.people.store import find
from app.people.tables import address_change
from orders_core.ids import PersonId
from tests.app.people.test_pages import SAME, token_of
from tests.pages_app import pages_app, settings_of
from tests.scene import EMAIL, Scene, set_scene
from tests.shop import Shop

NEW = "new-lin@mail.example"
HOUR_AGO = timedelta(minutes=61)


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop, with nothing in the queue."""
    with begin(shop.engine) as tx:
        set_ = set_scene(tx, shop.clock.now())
        tx.execute(message.delete())
        return set_


class Page:
    """Somebody's own page in their browser."""

    def __init__(self, browser: TestClient, shop: Shop, who: PersonId) -> None:
        links = links_of(settings_of(shop))
        self.path = f"/p/{links.token(Purpose.PREFERENCES, who)}"
        self.browser, self.shop, self.who = browser, shop, who
        self.csrf = token_of(browser.get(self.path).text)

    def post(self, to: str, **form: str) -> str:
        """Send a form; return what the page says was done."""
        answer = self.browser.post(f"{self.path}/{to}", data={"csrf": self.csrf, **form})
        return str(answer.headers["location"].rpartition("=")[2])

    def ask(self, address: str = NEW, channel: str = "email") -> str:
        return self.post("address", channel=channel, address=address)

    def codes(self) -> list[tuple[str, str]]:
        """Return where codes went, and which."""
        with begin(self.shop.engine) as tx:
            wanted = select(message.c.address, message.c.variables["code"].astext)
            of_code = wanted.where(message.c.notice == "security_code").order_by(message.c.id)
            return [(row[0], row[1]) for row in tx.execute(of_code)]

    def reached(self, channel: str = "email") -> tuple[str, ...]:
        with begin(self.shop.engine) as tx:
            return find(tx, self.who).contacts.get(channel, ())

    def wait(self) -> None:
        """Let an hour pass for the codes."""
        with begin(self.shop.engine) as tx:
            past = func.array_fill(func.clock_timestamp() - HOUR_AGO, [1])
            tx.execute(update(address_change).values(sent_at=past))


@pytest.fixture
def page(shop: Shop, scene: Scene) -> Iterator[Page]:
    """Lin's own page."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as browser:
        yield Page(browser, shop, scene.lin)


def test_the_new_address_is_proven_and_the_old_one_told(page: Page, shop: Shop) -> None:
    assert page.ask() == "code_sent"
    [(to, code)] = page.codes()
    assert (to, page.reached()) == (NEW, (EMAIL,)), "nothing has changed yet"
    shown = page.browser.get(f"{page.path}?lang=en").text
    assert "Code sent to n•••@mail.example" in shown

    assert page.post("address/code", code=f" {code[:3]} {code[3:]}") == "address_changed"

    assert page.reached() == (NEW,)
    with begin(shop.engine) as tx:
        told = tx.execute(select(message.c.notice, message.c.address).order_by(message.c.id)).all()
        left = claim(tx, Lane.SECURITY, now=shop.clock.now(), at_most=9, lease_seconds=60)
        lines = history_store.page(tx, page.who, after=None, at_most=2)
    assert [tuple(one) for one in told][1:] == [("contact_changed", EMAIL)]
    assert {one.notice: one.barred for one in left} == {
        "security_code": None,
        "contact_changed": None,
    }
    assert {(one.was, one.became, one.said_by) for one in lines} == {
        ("l•••@mail.example", None, "person"),
        (None, "n•••@mail.example", "person"),
    }


def test_a_code_is_good_once_and_for_one_address(page: Page) -> None:
    page.ask()
    code = page.codes()[0][1]
    page.post("address/code", code=code)

    assert page.post("address/code", code=code) == "code_wrong"
    page.wait()
    page.ask("third@mail.example")
    if code != page.codes()[-1][1]:
        assert page.post("address/code", code=code) == "code_wrong"
    assert page.reached() == (NEW,)


def test_five_wrong_tries_end_a_code(page: Page) -> None:
    page.ask()
    code = page.codes()[0][1]
    wrong = str((int(code) + 1) % 10**6).zfill(6)

    assert {page.post("address/code", code=wrong) for _ in range(5)} == {"code_wrong"}
    assert page.post("address/code", code=code) == "code_wrong"
    assert page.reached() == (EMAIL,)


def test_a_code_is_good_for_ten_minutes(page: Page, shop: Shop) -> None:
    page.ask()
    with begin(shop.engine) as tx:
        tx.execute(update(address_change).values(code_until=func.clock_timestamp()))

    assert page.post("address/code", code=page.codes()[0][1]) == "code_wrong"


def test_codes_come_a_minute_apart_and_three_an_hour(page: Page, shop: Shop) -> None:
    assert [page.ask(), page.ask()] == ["code_sent", "code_too_soon"]
    with begin(shop.engine) as tx:
        lately = func.array_fill(func.clock_timestamp() - timedelta(minutes=5), [2])
        tx.execute(update(address_change).values(sent_at=lately))
    assert page.ask() == "code_sent"
    with begin(shop.engine) as tx:
        lately = func.array_fill(func.clock_timestamp() - timedelta(minutes=5), [3])
        tx.execute(update(address_change).values(sent_at=lately))
    assert page.ask() == "code_too_soon"


def test_nobodys_mailbox_is_flooded_by_many(page: Page, shop: Shop, scene: Scene) -> None:
    page.ask()
    page.wait()
    with begin(shop.engine) as tx:
        lately = func.array_fill(func.clock_timestamp() - timedelta(minutes=5), [5])
        other = {"person_id": scene.ana, "channel": "email", "address": NEW}
        tx.execute(address_change.insert().values(**other, sent_at=lately))

    assert page.ask() == "code_too_soon"
    assert page.ask("else@mail.example") == "code_sent"


@pytest.mark.parametrize(
    ("channel", "address"), [("email", "a@b"), ("sms", "12"), ("email", ""), ("sms", "call me")]
)
def test_what_is_no_address_is_refused(page: Page, channel: str, address: str) -> None:
    answer = page.browser.post(
        f"{page.path}/address", data={"csrf": page.csrf, "channel": channel, "address": address}
    )

    assert answer.status_code == 422 or answer.headers["location"].endswith("=bad_address")
    assert page.codes() == []


def test_a_number_is_added_as_people_write_it(page: Page) -> None:
    assert page.ask("139 0013 9000", "sms") == "code_sent"
    [(to, code)] = page.codes()

    assert to == "+8613900139000"
    assert page.post("address/code", code=code) == "address_changed"
    assert page.reached("sms") == ("+8613900139000",)


def test_a_stranger_without_the_form_token_asks_for_nothing(page: Page) -> None:
    form = {"csrf": "no", "channel": "email", "address": NEW}

    assert page.browser.post(f"{page.path}/address", data=form).status_code == 403
    assert page.browser.post(f"{page.path}/address/code", data=form).status_code == 403
    assert not re.search("contact_changed", str(page.codes()))
