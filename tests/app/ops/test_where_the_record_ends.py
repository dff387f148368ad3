"""Why of a digest's news when its person was erased, or it is older than is kept: all say so."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, text, update
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.hub import digest_store
from app.hub.digest_items import KEPT
from app.hub.tables import verdict
from app.hub.verdict import WORDS
from app.messages.tables import message
from app.ops import why_api
from app.ops.erase import erase
from app.people.links import Purpose, links_of
from app.people.saying import Door, by_person
from app.words.say import knows
from orders_core.ids import show
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell
from tests.app.hub.test_digests import EVENING, READER, close_due, news
from tests.app.people.test_pages import SAME, token_of
from tests.doors import Doors, open_doors
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, set_scene
from tests.shop import Shop

LONG = KEPT + timedelta(days=2)
WHO = READER.person_id
LINE, LETTER = "inapp", "email"


def one_digest(shop: Shop) -> dict[str, Any]:
    """Tell of two things at once and in one letter; return the last message of each channel."""
    with begin(shop.engine) as tx:
        enter(tx, READER)
        tell(tx, news(READER, "a"), news(READER, "b"))
        close_due(tx)
        tx.execute(update(message).values(state="sent", settled_at=EVENING))
        return {row.channel: row for row in queued(tx) if row.person_id == WHO}


def erased(tx: Tx) -> None:
    erase(tx, WHO, saying=by_person(Door.PAGE, EVENING + timedelta(hours=1)), secret=b"s")


def forgotten(tx: Tx) -> None:
    digest_store.forget(tx, before=EVENING + timedelta(days=1), at_most=9)


def purged(tx: Tx) -> None:
    """Drop the verdicts as their month would go; the messages are still there."""
    tx.execute(delete(verdict))
    tx.execute(text("INSERT INTO purged VALUES ('verdict', DATE '2099-01-01')"))
    tx.execute(text("UPDATE person SET created_at = '2020-01-01'"))


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, why_api.router) as opened:
        yield opened


@pytest.fixture
def browser(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers={"accept": "text/html"}) as opened:
        yield opened


@pytest.fixture
def staff(shop: Shop, browser: TestClient) -> TestClient:
    """The operator, logged in."""
    with begin(shop.engine) as tx:
        set_scene(tx, shop.clock.now())
    who = {"email": OPERATOR, "password": PASSWORD, "csrf": token_of(browser.get("/login").text)}
    assert browser.post("/login", data=who, headers=SAME).status_code == 200
    return browser


def asked(doors: Doors) -> Any:
    answer = doors.call("GET", f"/v1/why?person={show('per', WHO)}&notice=return_approved")
    assert answer.status_code == 200
    return answer.json()


def own_page(shop: Shop, browser: TestClient, which: UUID, lang: str = "en") -> Any:
    token = links_of(settings_of(shop)).token(Purpose.INBOX, WHO)
    return browser.get(f"/i/{token}/why/{show('msg', which)}?lang={lang}")


def test_a_program_learns_that_the_digest_was_erased_with_its_person(doors: Doors, shop: Shop):
    one_digest(shop)
    with begin(shop.engine) as tx:
        erased(tx)

    found = asked(doors)

    [told, _], [limit] = found["verdicts"], found["limits"]
    [digest] = told["digests"]
    assert (digest["channel"], digest["became"]) == (LETTER, "erased")
    assert "has been erased" in digest["in_words"]["en"]
    assert "一并删除" in digest["in_words"]["zh"]
    assert (limit["ends"], limit["on"]) == ("erased", "2026-03-02")
    assert set(limit["in_words"]) == {"zh", "en"}


def test_a_program_learns_that_the_digest_is_older_than_is_kept(doors: Doors, shop: Shop):
    one_digest(shop)
    with begin(shop.engine) as tx:
        forgotten(tx)
    shop.clock.advance(LONG)

    [told, _] = asked(doors)["verdicts"]

    assert [one["became"] for one in told["digests"]] == ["forgotten"]
    assert "not kept any more" in told["digests"][0]["in_words"]["en"]


def test_a_program_is_not_told_that_nobody_wished_for_what_may_have_been_dropped(
    doors: Doors, shop: Shop
):
    one_digest(shop)
    with begin(shop.engine) as tx:
        purged(tx)

    found = asked(doors)

    assert (found["verdicts"], [one["why"] for one in found["untold"]]) == ([], ["not_kept"])
    assert [one["ends"] for one in found["limits"]] == ["purged"]


def test_what_the_record_reaches_back_to_has_no_limits(doors: Doors, shop: Shop):
    one_digest(shop)
    with begin(shop.engine) as tx:
        tx.execute(text("INSERT INTO purged VALUES ('verdict', DATE '2026-03-02')"))
        tx.execute(text("UPDATE person SET created_at = '2026-03-02 09:00Z'"))

    assert asked(doors)["limits"] == []


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Your data here was erased on 2026-03-02."), ("zh", "您的数据已于 2026-03-02 删除")],
)
def test_whoever_was_erased_reads_what_is_left_of_their_message(
    shop: Shop, browser: TestClient, lang: str, said: str
):
    messages = one_digest(shop)
    with begin(shop.engine) as tx:
        erased(tx)

    for row in messages.values():
        page = own_page(shop, browser, row.id, lang)
        assert page.status_code == 200
        assert said in page.text
        assert "/p/" not in page.text  # their own pages open nothing any more


def test_an_erased_line_says_that_its_digest_was_erased_too(shop: Shop, browser: TestClient):
    messages = one_digest(shop)
    with begin(shop.engine) as tx:
        erased(tx)

    page = own_page(shop, browser, messages[LINE].id).text

    assert "has been erased" in page
    assert "is switched on" not in page  # of their choices nothing is known


def test_the_messages_of_others_stay_others_once_they_were_erased(shop: Shop, browser: TestClient):
    messages = one_digest(shop)
    with begin(shop.engine) as tx:
        erased(tx)
        tx.execute(update(message).values(person_id=UUID(int=7)))

    assert own_page(shop, browser, messages[LINE].id).status_code == 404


def test_a_person_reads_that_the_digest_is_older_than_is_kept(shop: Shop, browser: TestClient):
    messages = one_digest(shop)
    with begin(shop.engine) as tx:
        forgotten(tx)
    shop.clock.advance(LONG)

    page = own_page(shop, browser, messages[LINE].id)

    assert page.status_code == 200
    assert "so long ago that it is not kept any more" in page.text


def test_a_message_whose_verdict_was_dropped_says_so_and_nothing_it_does_not_know(
    shop: Shop, browser: TestClient
):
    messages = one_digest(shop)
    with begin(shop.engine) as tx:
        purged(tx)

    page = own_page(shop, browser, messages[LETTER].id)

    assert page.status_code == 200
    assert "Which rules were asked then" in page.text
    assert "outside quiet hours" not in page.text


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (erased, "This person was erased on 2026-03-02."),
        (purged, "What was decided before 2099-01-01 is not kept any more."),
    ],
)
def test_staff_read_where_the_record_ends(shop: Shop, staff: TestClient, ends: Any, said: str):
    messages = one_digest(shop)
    with begin(shop.engine) as tx:
        ends(tx)

    for path in (f"people/{show('per', WHO)}", f"messages/{show('msg', messages[LINE].id)}"):
        page = staff.get(f"/ops/{path}?lang=en")
        assert page.status_code == 200
        assert said in page.text


def test_staff_read_of_a_digest_that_it_went(shop: Shop, staff: TestClient):
    one_digest(shop)

    page = staff.get(f"/ops/people/{show('per', WHO)}?lang=en")

    assert page.status_code == 200
    assert "Gathered in a digest" in page.text
    assert "It went out in the digest by e-mail of 2 Mar, 18:00." in page.text


@pytest.mark.parametrize("answer", WORDS.values())
def test_every_answer_has_words_on_the_pages_of_staff(answer: str):
    assert knows(f"answer.{answer}")
    assert knows(f"verdict.{answer}")


def test_staff_read_what_is_left_of_a_digest_of_whoever_was_erased(shop: Shop, staff: TestClient):
    one_digest(shop)
    with begin(shop.engine) as tx:
        erased(tx)

    page = staff.get(f"/ops/people/{show('per', WHO)}?lang=en").text

    assert "What became of it there has been erased." in page
    assert "<h1>Somebody who was erased</h1>" in page
    assert "erased_" not in page  # what stands for their reference says nothing to anybody
