"""Take everything away, be erased, and be remembered only where that protects: over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.desk import cases_api
from app.hub import api as hub
from app.hub.store import dead_addresses
from app.hub.tired_store import keep
from app.inbox.tables import inbox_item
from app.jobs.lanes import Lane
from app.messages.message import Next, State
from app.messages.store import claim, record
from app.messages.suppression_store import suppress
from app.messages.tables import message, sealed_no
from app.ops import person_api
from app.ops.erase import rest
from app.people import api, batch_api, choices_api
from app.people.choice_store import choices_of
from app.people.choices import Category, ChannelName
from app.people.erase_store import ABOUT, refused_channels
from app.people.links import Purpose, links_of
from app.people.tables import choice, preference
from app.subscribers.drain import drain
from ml.fatigue.risk import Risk
from orders_core.ids import PersonId, new_id, read
from orders_core.orders import gift_store
from orders_core.orders.gift import Gift
from orders_core.orders.outcome import Placed
from orders_core.orders.tables import gift
from orders_core.outbox.tables import history
from orders_core.tx import Tx
from tests.app.people.test_pages import SAME, token_of
from tests.buying import MUG, buy, fill, move_in, wish
from tests.cast import ANA, BEN
from tests.doors import Doors, open_doors
from tests.pages_app import pages_app, settings_of
from tests.shop import MORNING, Shop

C1 = "/v1/people/canary-ref-77"
XIAO = {
    "name": "Canaria Xiao",
    "locale": "en",
    "email": "canary@mail.example",
    "phone": "13800138077",
    "consents": [{"channel": "email", "granted": True, "source": "checkout"}],
}
CANARIES = ("Canaria", "canary@", "13800138077", "canary-ref-77", "canary-token", "canary words")
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1
"""


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    rooms = (api, batch_api, choices_api, person_api, hub, cases_api)
    with open_doors(shop, *(room.router for room in rooms)) as opened:
        yield opened


def settle_in(doors: Doors) -> PersonId:
    """Let somebody in who has everything that can be held of a person; return who it is."""
    found = doors.call("PUT", C1, XIAO).json()
    person_id = PersonId(read("per", found["id"]))
    doors.call("POST", f"{C1}/devices", {"token": "canary-token-1", "name": "Canaria's phone"})
    doors.call("PUT", f"{C1}/preferences", {"preferences": {"delivery": {"sms": False}}})
    told = {"title": "canary words", "body": "canary words for Canaria"}
    wish = {"notice": "announcement", "dispatch": "spring", "people": ["canary-ref-77"], **told}
    assert doors.call("POST", "/v1/notices", wish).status_code == 202
    case = {"person": "canary-ref-77", "text": "where are my canary words?"}
    assert doors.call("POST", "/v1/cases", case).status_code == 201
    drain(doors.client.app.state.house)  # type: ignore[attr-defined]
    with begin(doors.shop.engine) as tx:
        line = {"person_id": person_id, "title": "canary words", "body": "canary words"}
        about = {"id": person_id, "notice": "announcement", "arrived_at": MORNING}
        tx.execute(inbox_item.insert().values(**line, **about))
    return person_id


def found_in(shop: Shop) -> dict[str, list[str]]:
    """Return every table that still holds a word of theirs, and which."""
    held: dict[str, list[str]] = {}
    with begin(shop.engine) as tx:
        for table in tx.scalars(text(TABLES)).all():
            rows = tx.scalars(text(f'SELECT t::text FROM "{table}" AS t')).all()  # noqa: S608
            written = "\n".join(rows)
            if words := [one for one in CANARIES if one.lower() in written.lower()]:
                held[table] = words
    return held


def test_everything_is_there_to_take_away(doors: Doors):
    person_id = settle_in(doors)

    held = doors.call("POST", f"{C1}/export").json()

    assert held["form"] == "orderbell.person.1"
    assert held["person"]["addresses"] == {
        "email": ["canary@mail.example"],
        "push": ["canary-token-1"],
        "sms": ["+8613800138077"],
    }
    assert held["preferences"]["delivery"]["sms"] is False
    assert [one["name"] for one in held["devices"]] == ["Canaria's phone"]
    assert {"preference", "device", "address"} <= {one["about"] for one in held["choices"]}
    assert any(one["facts"].get("body") for one in held["messages"])
    assert held["verdicts"][0]["trace"]
    assert any(one["title"] == "canary words" for one in held["inbox"])
    assert held["cases"][0]["entries"][0]["text"] == "where are my canary words?"
    assert held["orders"] == []
    assert person_id is not None


def test_nothing_of_them_is_left_in_any_table(doors: Doors):
    settle_in(doors)
    assert set(found_in(doors.shop)) >= {"person", "contact", "case_entry"}

    answer = doors.call("POST", f"{C1}/erase")

    assert answer.status_code == 200
    assert found_in(doors.shop) == {}
    assert doors.call("GET", C1).status_code == 404
    assert doors.call("POST", f"{C1}/export").status_code == 404


def test_erased_twice_is_erased_once(doors: Doors):
    person_id = settle_in(doors)
    first = doors.call("POST", f"{C1}/erase").json()
    doors.shop.clock.advance(MORNING - MORNING.replace(hour=1))

    by_reference = doors.call("POST", f"{C1}/erase").json()
    by_id = doors.call("POST", f"/v1/people/{first['id']}/erase").json()

    assert first == by_reference == by_id
    with begin(doors.shop.engine) as tx:
        lines = tx.execute(select(choice).where(choice.c.person_id == person_id)).all()
        events = tx.scalars(select(history.c.type).where(history.c.entity_id == person_id)).all()
    assert [line.about for line in lines] == [ABOUT]
    assert events == ["person.erased"]
    assert doors.refusal("POST", "/v1/people/nobody/erase", None) == (404, "not_found")


def test_of_gifts_by_and_to_them_no_name_and_no_word_is_left(tx: Tx):
    move_in(tx, ANA, BEN)
    fill(tx, {MUG: 9})
    outcomes = buy(tx, *(wish((MUG, 1), who=who) for who in (BEN, ANA, ANA)))
    given, received, others = (one.order_id for one in outcomes if isinstance(one, Placed))
    words = {"giver": "somebody", "words": "for you"}
    to = {given: ANA.person_id, received: BEN.person_id, others: None}
    tx.execute(
        insert(gift),
        [{"order_id": one, "person_id": whom, **words} for one, whom in to.items()],
    )

    rest(tx, BEN.person_id, now=MORNING)

    left = gift_store.of_orders(tx, list(to))
    assert left[given] == Gift(person_id=ANA.person_id, giver=None, words=None)
    assert left[received] == Gift(person_id=None, giver=None, words=None)
    assert left[others] == Gift(person_id=None, **words)


def test_who_comes_back_under_the_same_reference_is_somebody_new(doors: Doors):
    before = settle_in(doors)
    doors.call("POST", f"{C1}/erase")

    again = doors.call("PUT", C1, XIAO)

    assert again.status_code == 201
    assert read("per", again.json()["id"]) != before
    assert doors.call("POST", f"{C1}/erase").json()["id"] != before
    assert doors.call("POST", f"{C1}/erase").status_code == 200


def came_back(doors: Doors, how: str) -> PersonId:
    body: Any = XIAO | {"email": "Canary@mail.example"}
    if how == "put":
        made = doors.call("PUT", "/v1/people/new-ref", body).json()
        return PersonId(read("per", made["id"]))
    many = {"people": [{"reference": "new-ref", **body}]}
    made = doors.call("POST", "/v1/people:batch", many).json()["people"][0]
    return PersonId(read("per", made["id"]))


@pytest.mark.parametrize("how", ["put", "batch"])
def test_a_no_outlives_its_person_and_is_obeyed_when_the_address_returns(doors: Doors, how: str):
    settle_in(doors)
    doors.call("PUT", f"{C1}/preferences", {"preferences": {"offers": {"sms": False}}})
    with begin(doors.shop.engine) as tx:
        addresses = [("email", "canary@mail.example")]
        suppress(tx, addresses, reason="complaint", now=MORNING)
    doors.call("POST", f"{C1}/erase")
    assert found_in(doors.shop) == {}, "not even on the list of what is never written to"

    who = came_back(doors, how)

    with begin(doors.shop.engine) as tx:
        # as the shop wrote it this time: the hash knows no upper case, the list does
        returned = [("email", "Canary@mail.example")]
        assert dead_addresses(tx, [who]) == frozenset(returned)
        assert not choices_of(tx, who)[Category.OFFERS, ChannelName.SMS]
        assert tx.execute(select(sealed_no)).all() == []


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ([("offers", "sms", False)], {"sms"}),
        ([("*", "*", False)], {"email", "sms", "push"}),
        ([("*", "sms", False), ("offers", "*", True)], set()),
        ([("offers", "*", False), ("offers", "email", True)], {"sms", "push"}),
        ([("orders", "sms", False)], set()),
    ],
)
def test_the_narrowest_no_to_offers_is_the_one_that_lives_on(
    tx: Tx, said: list[tuple[str, str, bool]], refused: set[str]
):
    move_in(tx, BEN)
    for category, channel, wanted in said:
        cell = {"category": category, "channel": channel, "wanted": wanted, "at": MORNING}
        tx.execute(preference.insert().values(person_id=BEN.person_id, **cell))

    assert refused_channels(tx, BEN.person_id) == refused


def test_whoever_is_none_of_theirs_is_not_silenced(doors: Doors):
    settle_in(doors)
    with begin(doors.shop.engine) as tx:
        suppress(tx, [("email", "canary@mail.example")], reason="complaint", now=MORNING)
    doors.call("POST", f"{C1}/erase")

    other = doors.call("PUT", "/v1/people/other", {"email": "other@mail.example"}).json()

    with begin(doors.shop.engine) as tx:
        assert dead_addresses(tx, [PersonId(read("per", other["id"]))]) == frozenset()
        assert len(tx.execute(select(sealed_no)).all()) == 1


def test_an_address_that_somebody_else_has_too_stays_suppressed(doors: Doors):
    settle_in(doors)
    spouse = doors.call("PUT", "/v1/people/spouse", {"email": "canary@mail.example"}).json()
    with begin(doors.shop.engine) as tx:
        suppress(tx, [("email", "canary@mail.example")], reason="complaint", now=MORNING)

    doors.call("POST", f"{C1}/erase")

    with begin(doors.shop.engine) as tx:
        assert dead_addresses(tx, [PersonId(read("per", spouse["id"]))])


def test_what_a_worker_holds_comes_to_nothing(doors: Doors):
    person_id = settle_in(doors)
    with begin(doors.shop.engine) as tx:
        tx.execute(update(message).values(state="queued", settled_at=None))
        held = [
            one
            for lane in Lane
            for one in claim(tx, lane, now=MORNING, at_most=9, lease_seconds=60)
        ]
    assert held
    doors.call("POST", f"{C1}/erase")

    with begin(doors.shop.engine) as tx:
        sent = [(one, Next(state=State.SENT, provider_ref="canary words")) for one in held]
        assert record(tx, sent, now=MORNING) == set()
        states = set(tx.scalars(select(message.c.state).where(message.c.person_id == person_id)))
    assert states == {"unknown"}
    assert found_in(doors.shop) == {}


def test_what_was_decided_meanwhile_is_erased_when_the_event_is_heard(doors: Doors):
    person_id = settle_in(doors)
    doors.call("POST", f"{C1}/erase")
    with begin(doors.shop.engine) as tx:
        late = {"address": "canary@mail.example", "variables": {"name": "Canaria"}}
        tx.execute(update(message).values(state="queued", settled_at=None, **late))

    drain(doors.client.app.state.house)  # type: ignore[attr-defined]

    assert found_in(doors.shop) == {}
    with begin(doors.shop.engine) as tx:
        rest(tx, person_id, now=MORNING)  # and again: nothing is left to find


def test_nothing_rings_for_whoever_is_erased(doors: Doors):
    person_id = settle_in(doors)
    shown = doors.call("POST", f"{C1}/erase").json()["id"]
    told = {"title": "t", "body": "b", "notice": "announcement", "dispatch": "later"}

    assert doors.call("POST", "/v1/notices", told | {"people": [shown]}).status_code == 422
    with begin(doors.shop.engine) as tx:
        theirs = message.c.person_id == person_id
        assert not tx.scalars(select(message.c.id).where(theirs, message.c.state == "queued")).all()


def test_from_their_own_page_they_take_everything_and_go(shop: Shop, doors: Doors) -> None:
    person_id = settle_in(doors)
    settings = settings_of(shop)
    path = f"/p/{links_of(settings).token(Purpose.PREFERENCES, person_id)}"
    app = pages_app(shop.engine, shop.clock, settings)
    with TestClient(app, headers=SAME, follow_redirects=False) as browser:
        csrf = token_of(browser.get(path).text)
        file = browser.get(f"{path}/export")
        unsure = browser.post(f"{path}/erase", data={"csrf": csrf})
        stranger = browser.post(f"{path}/erase", data={"csrf": "no", "sure": "yes"})
        assert found_in(shop) != {}
        gone = browser.post(f"{path}/erase?lang=en", data={"csrf": csrf, "sure": "yes"})
        after = browser.get(path)

    assert "attachment" in file.headers["content-disposition"]
    assert file.json()["person"]["email"] == "canary@mail.example"
    assert unsure.headers["location"] == f"{path}?done=unsure"
    assert stranger.status_code == 403
    assert "You are erased" in gone.text
    assert after.status_code == 404
    assert found_in(shop) == {}


def test_what_was_worked_out_of_a_person_is_taken_away_and_erased_with_them(doors: Doors) -> None:
    person_id = settle_in(doors)
    with begin(doors.shop.engine) as tx:
        keep(tx, {person_id: Risk(0.07, "sends_7")}, now=MORNING)
        opened = "UPDATE message SET opened_at = :at WHERE person_id = :p"
        assert tx.execute(text(opened), {"at": MORNING, "p": person_id}).rowcount
        tx.execute(
            text("INSERT INTO campaign_time VALUES (:c, :p, 19, 19, 0.9, :at)"),
            {"c": new_id(), "p": person_id, "at": MORNING},
        )
        tx.execute(
            text("INSERT INTO habit VALUES (:p, CAST(:s AS jsonb), :at)"),
            {"p": person_id, "s": '{"offers": {"push": [9, 4, 440, 120]}}', "at": MORNING},
        )

    taken = doors.call("POST", f"{C1}/export").json()
    offers = taken["offers"]
    doors.call("POST", f"{C1}/erase")

    assert {one["opened_at"] for one in taken["messages"]} == {"2026-03-02T02:00:00Z"}
    assert (offers["refusal_risk"]["percent"], offers["refusal_risk"]["because"]) == (7, "sends_7")
    assert [(one["hour"], one["best"]) for one in offers["hours"]] == [(19, 19)]
    assert [(one["channel"], one["told"], one["seen"]) for one in taken["channels"]] == [
        ("push", 9, 4)
    ]
    with begin(doors.shop.engine) as tx:
        assert (
            tx.execute(
                text(
                    "SELECT FROM campaign_time UNION ALL SELECT FROM tired"
                    " UNION ALL SELECT FROM habit"
                    " UNION ALL SELECT FROM message WHERE opened_at IS NOT NULL"
                )
            ).all()
            == []
        )
