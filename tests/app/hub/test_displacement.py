"""Offers that wait make way for news: once, whoever else is at work, and it is said for what."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.db.transaction import begin
from app.hub import what_if_store
from app.hub.bounds import Bounds, Cap
from app.hub.cap_rules import Limit, Over, Per, Row, caps_of
from app.hub.catalogue import ANNOUNCEMENT, Kind
from app.hub.pressure import mask, unpack
from app.hub.tables import pressure, slot_returned
from app.hub.what_if import relive
from app.hub.what_if_store import Stretch
from app.hub.why import Chosen, Told, Voice, why
from app.hub.worlds import AS_IT_WAS
from app.jobs.lanes import Lane
from app.messages import history_store, store
from app.messages.api import message_body
from app.people.choices import Category
from orders_core.ids import PersonId, new_id, show
from orders_core.tx import Tx
from tests.app.hub.stage import NEXT_MORNING, NIGHT, POLICY, enter, queued, tell, verdicts, wish
from tests.cast import ANA, BEN
from tests.poll import until
from tests.shop import Shop
from tests.together import together

LIMIT = Limit("day", "bells", 1, Per.ROLLING_DAY)
BOUNDS = Bounds(
    cap=Cap(30),
    caps=caps_of(
        Row(LIMIT, kind, category, Over.DROP)
        for kind in (Kind.MARKETING, Kind.ORDER)
        for category in Category
    ),
)
BUSY = replace(POLICY, bounds=BOUNDS)
BELLS = {"email", "push"}


def offer(tx: Tx, name: str = "offer", *people: PersonId) -> None:
    """Queue offers whose bells wait for the morning."""
    who = people or (ANA.person_id,)
    told = [
        replace(wish(ANA, "announcement", dispatch=name, at=NIGHT), person_id=one) for one in who
    ]
    tell(tx, *told, policy=BUSY, now=NIGHT)


def news(tx: Tx, name: str = "news", *people: PersonId) -> list[UUID]:
    """Tell urgent news of an order, at night; return its verdicts."""
    who = people or (ANA.person_id,)
    told = [replace(wish(ANA, "order_paid", dispatch=name, at=NIGHT), person_id=one) for one in who]
    return [made.id for made in tell(tx, *told, policy=BUSY, now=NIGHT)]


def gone(tx: Tx) -> set[tuple[str, str, str | None, UUID | None, int | None]]:
    return {
        (row.channel, row.state, row.error, row.displaced_by, row.entry)
        for row in queued(tx)
        if row.notice == "announcement" and row.channel != "inapp"
    }


def test_bells_that_wait_make_way_for_news_of_an_order(tx: Tx):
    enter(tx, ANA)
    offer(tx)

    [by] = news(tx)

    assert gone(tx) == {(channel, "cancelled", "displaced", by, None) for channel in BELLS}
    assert {row.channel for row in queued(tx) if row.state == "queued"} == {"inapp", *BELLS}
    [row] = tx.scalars(select(pressure.c.recent)).all()
    assert [unpack(entry).channels for entry in row] == [mask(["inapp"]), mask(["inapp", *BELLS])]
    assert tx.execute(select(slot_returned)).all() == []


def test_what_made_way_gives_its_place_to_one_and_not_to_a_second(tx: Tx):
    enter(tx, ANA)
    offer(tx)

    news(tx, "first")
    news(tx, "second")

    rung = [row for row in queued(tx) if row.notice == "order_paid" and row.channel in BELLS]
    assert Counter(row.channel for row in rung) == dict.fromkeys(BELLS, 1)
    assert verdicts(tx)[-1].because is None  # its line went
    assert [row.channel for row in queued(tx)][-1] == "inapp"


def test_of_two_in_one_batch_the_first_takes_the_place(tx: Tx):
    enter(tx, ANA)
    offer(tx)

    both = [wish(ANA, "order_paid", dispatch=name, at=NIGHT) for name in "ab"]
    first, second = tell(tx, *both, policy=BUSY, now=NIGHT)

    assert (len(first.counted.displaces), second.counted.displaces) == (2, ())


def test_what_a_worker_sends_at_this_moment_is_left_alone(tx: Tx):
    enter(tx, ANA)
    offer(tx)
    tx.execute(text("UPDATE message SET stands_until = NULL"))
    store.claim(tx, Lane.MARKETING, now=NEXT_MORNING, at_most=9, lease_seconds=60)

    news(tx)

    assert {state for _, state, *_ in gone(tx)} == {"sending"}
    assert [row.channel for row in queued(tx) if row.notice == "order_paid"] == ["inapp"]


def test_nobody_waits_for_an_offer_that_a_worker_is_about_to_take(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        offer(tx)

    with begin(shop.engine) as worker:
        worker.execute(text("SELECT FROM message WHERE channel = 'push' FOR UPDATE"))
        with begin(shop.engine) as tx:
            tx.execute(text("SET LOCAL lock_timeout = '5s'"))
            news(tx)
            assert {state for _, state, *_ in gone(tx)} == {"queued"}


def test_offers_of_others_make_no_way(tx: Tx):
    ben = replace(BEN, consents=ANA.consents)
    enter(tx, ANA, ben)
    offer(tx, "offer", ANA.person_id, ben.person_id)

    news(tx, "news", ben.person_id)

    states = {(row.person_id, row.state) for row in queued(tx) if row.channel == "push"}
    assert (ANA.person_id, "queued") in states
    assert (ben.person_id, "cancelled") in states


def test_offers_of_others_are_not_even_held(shop: Shop):
    ben = replace(BEN, consents=ANA.consents)
    with begin(shop.engine) as tx:
        enter(tx, ANA, ben)
        offer(tx, "offer", ANA.person_id, ben.person_id)

    with begin(shop.engine) as telling:
        news(telling, "news", ben.person_id)
        with begin(shop.engine) as tx:
            hers = "SELECT id FROM message WHERE person_id = %(who)s FOR UPDATE NOWAIT"
            assert len(tx.exec_driver_sql(hers, {"who": ANA.person_id}).all()) == 3


def test_an_offer_that_made_way_stands_for_no_later_one_of_its_second(tx: Tx):
    enter(tx, ANA)
    free = replace(BUSY, bounds=replace(BOUNDS, caps=caps_of(_offers_only_count())))
    tell(tx, wish(ANA, "announcement", dispatch="offer", at=NIGHT), policy=free, now=NIGHT)
    batch = [("order_paid", "a"), ("announcement", "b"), ("order_paid", "c")]

    first, _, third = tell(
        tx,
        *(wish(ANA, name, dispatch=dispatch, at=NIGHT) for name, dispatch in batch),
        policy=free,
        now=NIGHT,
    )

    assert (len(first.counted.displaces), third.counted.displaces) == (2, ())


def _offers_only_count() -> Iterator[Row]:
    for category in Category:
        yield Row(LIMIT, Kind.MARKETING, category, None)
        yield Row(LIMIT, Kind.ORDER, category, Over.DROP)


def test_without_the_marketing_lane_nothing_is_taken(tx: Tx):
    enter(tx, ANA)
    offer(tx)
    tx.execute(text("UPDATE message SET lane = 2 WHERE notice = 'announcement'"))

    news(tx)

    assert {state for _, state, *_ in gone(tx)} == {"queued"}


def test_what_the_news_saw_is_kept_and_decides_the_same_again(tx: Tx):
    enter(tx, ANA)
    offer(tx)
    news(tx)

    stretch = Stretch(since=NIGHT - timedelta(days=1), until=NIGHT + timedelta(days=1))
    past = what_if_store.history(tx, stretch, at_most=99)
    again = list(relive(past, what_if_store.bounds(tx), [AS_IT_WAS]))

    assert [one.is_identical for one in again] == [True, True]


def test_it_is_said_what_took_the_place(tx: Tx):
    enter(tx, ANA)
    offer(tx)
    [by] = news(tx)
    [push] = [row for row in queued(tx) if row.notice == "announcement" and row.channel == "push"]
    found = history_store.find(tx, push.id)
    assert found is not None

    body = message_body(found)

    assert (body["error"], body["displaced_by"]) == ("displaced", show("ver", by))


@pytest.mark.parametrize(
    ("locale", "known", "words"),
    [
        ("en", "order_paid", "Order paid"),
        ("zh", "order_paid", "付款"),
        ("en", None, "news of an order"),
        ("zh", None, "订单消息"),
    ],
)
def test_whoever_asks_hears_what_went_before(locale: str, known: str | None, words: str):
    told = Told(
        notice=ANNOUNCEMENT,
        channel="push",
        order_number=None,
        is_unpaid=False,
        rules={},
        kept_back="displaced",
        made_way_for=known,
    )

    said = why(
        told, Chosen(is_wanted=True, is_muted=False, consent=None), Voice(locale=locale, zone="UTC")
    )

    assert words in said.let_through[-1]


def test_many_at_once_displace_each_offer_once_and_pass_no_cap(shop: Shop):
    crowd = [replace(ANA, person_id=PersonId(new_id()), name=str(number)) for number in range(6)]
    people = [who.person_id for who in crowd]
    with begin(shop.engine) as tx:
        enter(tx, *crowd)
        offer(tx, "offer", *people)

    def work(thread: int) -> None:
        for number in range(5):
            with begin(shop.engine) as tx:
                turned = people[number:] + people[:number]
                news(tx, f"{thread}-{number}", *turned)

    together(*(lambda thread=thread: work(thread) for thread in range(4)))

    with begin(shop.engine) as tx:
        rung = Counter(
            (row.person_id, row.channel)
            for row in queued(tx)
            if row.channel in BELLS and row.state == "queued"
        )
        assert rung == dict.fromkeys([(who, on) for who in people for on in BELLS], 1)
        takers = {row.displaced_by for row in queued(tx) if row.error == "displaced"}
        assert len(takers) == len(people)


def test_the_row_is_locked_before_the_message(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        offer(tx)

    def other() -> None:
        with begin(shop.engine) as tx:
            news(tx, "late")

    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def is_waiting() -> bool:
        with begin(shop.engine) as looking:  # a transaction of its own sees what is new
            return bool(looking.scalar(waiting))

    with ThreadPoolExecutor(1) as pool, begin(shop.engine) as tx:
        tx.execute(text("SELECT FROM pressure FOR UPDATE"))
        going = pool.submit(other)
        until(is_waiting, what="the news waits for the row")
        tx.execute(text("SELECT FROM message FOR UPDATE NOWAIT"))  # free: the row comes first
        tx.rollback()
        going.result()
