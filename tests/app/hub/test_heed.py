"""Whoever changes their mind is heard at once: what is queued and wanted no more is cancelled."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.hub.heed import heeding
from app.jobs.lanes import Lane
from app.messages.store import claim
from app.messages.tables import message
from app.people import api, calm_store, mute_store
from app.people.choice_store import choose
from app.people.choices import Category, ChannelName
from app.people.links import Purpose, links_of
from app.settings import Settings
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell, wish
from tests.app.people.test_pages import SAME, token_of
from tests.cast import ANA, BEN
from tests.doors import open_doors
from tests.pages_app import pages_app, settings_of
from tests.shop import MORNING, Shop

HEED = heeding(Settings(mode="test"))
EMAIL, PUSH, SMS, INAPP = (ChannelName(on) for on in ("email", "push", "sms", "inapp"))
CLICK = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site"}
MOST_SECONDS, HELD_SECONDS = 1.0, 20.0


def states(tx: Tx) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Return state and reason of every message, by notice and channel."""
    return {(one.notice, one.channel): (one.state, one.error) for one in queued(tx)}


def about_both(tx: Tx) -> None:
    """Tell Ana of an offer and of her order, and Ben of the offer."""
    enter(tx, ANA, BEN)
    tell(
        tx,
        wish(ANA, "announcement", dispatch="offer", variables={"title": "t", "body": "b"}),
        wish(ANA, "order_paid", dispatch="news", order_id=OrderId(new_id())),
    )


def test_offers_switched_off_cancel_what_advertises_and_nothing_else(tx: Tx):
    about_both(tx)
    before = states(tx)
    every = {(Category.OFFERS, on): False for on in ChannelName}
    choose(tx, ANA.person_id, every, source="t", now=MORNING)

    HEED(tx, [ANA.person_id], MORNING)

    after = states(tx)
    offers = {key for key in before if key[0] == "announcement"}
    assert offers
    assert {after[key] for key in offers} == {("cancelled", "not_wanted")}
    assert {after[key] for key in set(before) - offers} == {("queued", None)}


def test_a_channel_switched_off_cancels_what_waits_there(tx: Tx):
    about_both(tx)
    choose(tx, ANA.person_id, {(Category.ORDERS, EMAIL): False}, source="t", now=MORNING)

    HEED(tx, [ANA.person_id], MORNING)

    gone = {key for key, (state, _) in states(tx).items() if state == "cancelled"}
    assert gone <= {("order_paid", EMAIL)}
    assert states(tx)["order_paid", INAPP] == ("queued", None)


def test_a_pause_cancels_bells_and_leaves_the_inbox(tx: Tx):
    about_both(tx)
    calm_store.pause(tx, ANA.person_id, MORNING + timedelta(days=1), source="t", now=MORNING)

    HEED(tx, [ANA.person_id], MORNING)

    for (_, channel), found in states(tx).items():
        assert found == (("queued", None) if channel == INAPP else ("cancelled", "paused"))


def test_what_is_due_after_the_pause_still_rings(tx: Tx):
    about_both(tx)
    tx.execute(update(message).values(due_at=MORNING + timedelta(days=2)))
    calm_store.pause(tx, ANA.person_id, MORNING + timedelta(days=1), source="t", now=MORNING)

    assert HEED(tx, [ANA.person_id], MORNING) == 0


def test_a_muted_order_rings_no_more(tx: Tx):
    about_both(tx)
    [order] = {one.order_id for one in queued(tx) if one.order_id}
    mute_store.mute(tx, order, ANA.person_id, now=MORNING)

    HEED(tx, [ANA.person_id], MORNING)

    found = {key: state for key, (state, _) in states(tx).items() if key[0] == "order_paid"}
    assert {on for (_, on), state in found.items() if state == "queued"} == {INAPP}


def test_what_is_settled_stays_as_it_is(tx: Tx):
    about_both(tx)
    tx.execute(update(message).values(state="sent", settled_at=MORNING))
    calm_store.pause(tx, ANA.person_id, MORNING + timedelta(days=1), source="t", now=MORNING)

    assert HEED(tx, [ANA.person_id], MORNING) == 0


@pytest.fixture
def browser(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened


def states_now(shop: Shop) -> dict[tuple[str, str], tuple[str, str | None]]:
    with begin(shop.engine) as tx:
        return states(tx)


def test_one_click_is_heard_within_a_second_of_the_click(shop: Shop, browser: TestClient) -> None:
    with begin(shop.engine) as tx:
        about_both(tx)
    links = links_of(settings_of(shop))
    path = f"/u/{links.token(Purpose.UNSUBSCRIBE, ANA.person_id, Category.OFFERS)}"

    assert browser.get(path).status_code == 200
    assert states_now(shop)["announcement", EMAIL][0] == "queued", "opening a link ends nothing"
    started = time.monotonic()
    browser.post(path, content="List-Unsubscribe=One-Click", headers=CLICK)
    found, took = states_now(shop), time.monotonic() - started

    assert found["announcement", EMAIL] == ("cancelled", "not_wanted")
    assert {state for (what, _), (state, _) in found.items() if what == "order_paid"} == {"queued"}
    assert min(took, *(another_click(shop, browser, path, n) for n in range(2))) < MOST_SECONDS


def another_click(shop: Shop, browser: TestClient, path: str, n: int) -> float:
    """Change Ana's mind back, tell her again, and return the seconds until she is heard."""
    with begin(shop.engine) as tx:
        choose(tx, ANA.person_id, {(Category.OFFERS, EMAIL): True}, source="t", now=MORNING)
        told = {"title": "t", "body": "b"}
        tell(tx, wish(ANA, "announcement", dispatch=f"offer {n}", variables=told))
    started = time.monotonic()
    browser.post(path, content="List-Unsubscribe=One-Click", headers=CLICK)
    assert states_now(shop)["announcement", EMAIL] == ("cancelled", "not_wanted")
    return time.monotonic() - started


def test_a_page_and_the_api_are_heard_as_well(shop: Shop, browser: TestClient) -> None:
    with begin(shop.engine) as tx:
        about_both(tx)
    path = f"/p/{links_of(settings_of(shop)).token(Purpose.PREFERENCES, ANA.person_id)}"
    csrf = token_of(browser.get(path).text)
    browser.post(f"{path}/pause", data={"csrf": csrf})
    assert states_now(shop)["announcement", EMAIL] == ("cancelled", "not_wanted")

    with open_doors(shop, api.router) as doors:
        doors.call("PUT", f"/v1/people/{ANA.name}/preferences", {"paused": True})
        shown = doors.get(f"/v1/people/{ANA.name}/preferences")

    assert (shown["paused"], shown["paused_until"]) == (True, None)
    bells = {found for (what, on), found in states_now(shop).items() if what == "order_paid"}
    assert bells == {("queued", None), ("cancelled", "paused")}


def test_nobody_waits_for_a_worker_and_what_it_holds_is_asked_again(
    shop: Shop, browser: TestClient
) -> None:
    with begin(shop.engine) as tx:
        about_both(tx)
    links = links_of(settings_of(shop))
    path = f"/u/{links.token(Purpose.UNSUBSCRIBE, ANA.person_id, Category.OFFERS)}"
    holds, ends = threading.Event(), threading.Event()
    held: list[str] = []

    def work() -> None:
        with begin(shop.engine) as tx:
            got = claim(tx, Lane.MARKETING, now=MORNING, at_most=1, lease_seconds=60)
            held.extend(one.channel for one in got)
            holds.set()
            ends.wait(HELD_SECONDS)

    worker = threading.Thread(target=work)
    worker.start()
    holds.wait(10)
    started = time.monotonic()
    answer = browser.post(path, content="List-Unsubscribe=One-Click", headers=CLICK)
    took = time.monotonic() - started
    ends.set()
    worker.join()

    assert answer.status_code == 200
    assert took < HELD_SECONDS / 2, "the click did not wait for the worker's transaction"
    with begin(shop.engine) as tx:
        tx.execute(update(message).where(message.c.state == "sending").values(state="queued"))
        barred = {
            one.channel: one.barred
            for one in claim(tx, Lane.MARKETING, now=MORNING, at_most=9, lease_seconds=60)
        }
        still = tx.scalars(select(message.c.channel).where(message.c.error == "not_wanted")).all()
    assert EMAIL in still or barred.get(EMAIL) == "the person said no"
    assert held
