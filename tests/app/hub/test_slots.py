"""A place under the caps is given back by what ends a message unsent, and moves with its bell."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, select, text, update

from app.db.transaction import begin
from app.hub import store as hub_store
from app.hub import switch
from app.hub.bounds import Bounds, Cap
from app.hub.cap_rules import Caps, Limit, Over, Per, caps_of
from app.hub.cap_rules import Row as CapRow
from app.hub.catalogue import Kind
from app.hub.policy import Policy
from app.hub.pressure import Entry, given_back, pack, told_apart, unpack
from app.hub.release import retract
from app.hub.tables import pressure, slot_returned
from app.hub.verdict import Because
from app.hub.weigh import weigh
from app.jobs.lanes import Lane
from app.messages import store
from app.messages.message import Claimed, Next, State
from app.messages.tables import message
from app.people.choices import Category
from app.people.recipient import Recipient
from orders_core.ids import OrderId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx
from tests.app.hub.stage import NEXT_MORNING, NIGHT, POLICY, enter, queued, tell, verdicts, wish
from tests.buying import TEA, bought, fill, moved, paid
from tests.cast import ANA, BEN
from tests.poll import until
from tests.shop import MORNING, Shop
from tests.together import together

HOUR = timedelta(hours=1)
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
EIGHT_IN_LONDON = NEXT_MORNING + 8 * HOUR
ONCE = replace(POLICY, bounds=Bounds(cap=Cap(1)))


def policy(limit: Limit, over: Over, *kinds: Kind) -> Policy:
    caps: Caps = caps_of(CapRow(limit, kind, about, over) for kind in kinds for about in Category)
    return replace(POLICY, bounds=Bounds(cap=Cap(30), caps=caps))


def offer(
    tx: Tx,
    name: str,
    *,
    at: datetime = MORNING,
    policy: Policy = ONCE,
    who: Recipient = ANA,
) -> Because | None:
    """Send an offer; return why it did not go out, if it did not."""
    [made] = tell(tx, wish(who, "announcement", dispatch=name, at=at), policy=policy, now=at)
    return made.verdict.because


def row_of(tx: Tx, who: Recipient = ANA) -> list[Entry]:
    recent = tx.scalars(select(pressure.c.recent).where(pressure.c.person_id == who.person_id))
    return [unpack(number) for number in recent.one()]


def returned(tx: Tx) -> Sequence[Row[Any]]:
    return tx.execute(select(slot_returned)).all()


def claimed(tx: Tx, now: datetime = MORNING) -> list[Claimed]:
    return list(store.claim(tx, Lane.MARKETING, now=now, at_most=99, lease_seconds=60))


def ends(state: State, **more: Any) -> Callable[[Tx], None]:
    def end(tx: Tx) -> None:
        held = claimed(tx)
        store.record(tx, [(one, Next(state=state, **more)) for one in held], now=MORNING)

    return end


def withdraw(tx: Tx) -> None:
    store.withdraw(tx, [row.verdict_id for row in queued(tx)], why="t", now=MORNING)


def stop(tx: Tx) -> None:
    switch.stop(tx, by="t", why="t", now=MORNING)
    switch.resume(tx, by="t", why="t", now=MORNING)


ENDS = {
    "failed": ends(State.FAILED, error="no such number"),
    "expired": ends(State.EXPIRED),
    "barred": ends(State.CANCELLED, error="no_consent"),
    "withdrawn": withdraw,
    "stopped": stop,
}
KEPT = {
    "sent": ends(State.SENT),
    "in doubt": ends(State.UNKNOWN),
    "tried again": ends(State.QUEUED),
    "failed when it may have rung before": ends(State.FAILED, duplicate_risk=True),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_ends_unsent_gives_its_place_back(tx: Tx, end: Callable[[Tx], None]):
    enter(tx, ANA)
    assert offer(tx, "a") is None
    assert offer(tx, "b") is Because.CAP_REACHED

    end(tx)

    assert len(returned(tx)) == 3  # its line, its letter, its push
    assert offer(tx, "c") is None
    assert returned(tx) == []
    assert len(row_of(tx)) == 1


@pytest.mark.parametrize("end", KEPT.values(), ids=KEPT)
def test_what_rang_may_have_rung_or_may_yet_ring_keeps_its_place(tx: Tx, end: Callable[[Tx], None]):
    enter(tx, ANA)
    offer(tx, "a")

    end(tx)

    assert returned(tx) == []
    assert offer(tx, "b") is Because.CAP_REACHED


def test_what_is_retracted_gives_its_place_back(tx: Tx):
    enter(tx, ANA)
    fill(tx, {TEA: 10})
    order_id = moved(tx, paid(tx, bought(tx, (TEA, 1))), OrderStatus.SHIPPED)
    busy = policy(Limit("busy", "bells", 1, Per.ROLLING_DAY), Over.DOWNGRADE, Kind.ORDER)
    told = wish(ANA, "order_shipped", at=NIGHT, order_id=order_id)
    tell(tx, told, policy=busy, now=NIGHT)
    moved(tx, order_id, OrderStatus.DELIVERED)

    assert retract(tx, [order_id], now=NIGHT) == 2

    again = wish(ANA, "order_paid", dispatch="again", at=NEXT_MORNING, order_id=OrderId(new_id()))
    [made] = tell(tx, again, policy=busy, now=NEXT_MORNING)
    assert made.verdict.because is None


def test_a_refused_letter_gives_back_the_letter_and_not_the_bell(tx: Tx):
    enter(tx, ANA)
    letters = policy(Limit("post", "email", 1, Per.ROLLING_DAY), Over.DROP, Kind.MARKETING)
    bells = policy(Limit("bells", "bells", 1, Per.ROLLING_DAY), Over.DROP, Kind.MARKETING)
    offer(tx, "a", policy=letters)
    letter = [one for one in claimed(tx) if one.channel == "email"]
    store.record(tx, [(one, Next(state=State.FAILED)) for one in letter], now=MORNING)

    offer(tx, "b", policy=bells)  # the push rang
    assert [row.channel for row in queued(tx)[3:]] == ["inapp"]
    offer(tx, "c", policy=letters)
    assert [row.channel for row in queued(tx)[4:]] == ["inapp", "email", "push"]


def test_of_bells_that_wait_for_one_morning_just_the_one_that_ended_is_given_back(tx: Tx):
    enter(tx, ANA)
    two = policy(Limit("two", "bells", 2, Per.ROLLING_DAY), Over.DROP, Kind.MARKETING)
    offer(tx, "a", at=NIGHT, policy=two)
    offer(tx, "b", at=NIGHT, policy=two)
    assert len({(entry.seconds, entry.nth) for entry in row_of(tx)}) == 4
    first, second = {row.verdict_id: row for row in queued(tx)}
    _end(tx, first, "email")
    _end(tx, second, "push")

    offer(tx, "c", at=NIGHT, policy=two)  # a push and a letter still wait: two bells

    assert {row.channel for row in queued(tx) if row.verdict_id not in (first, second)} == {"inapp"}
    _end(tx, first, "push")
    offer(tx, "d", at=NIGHT, policy=two)
    assert [row.channel for row in queued(tx)[-3:]] == ["inapp", "email", "push"]


def _end(tx: Tx, verdict_id: UUID, channel: str) -> None:
    its = (message.c.verdict_id == verdict_id, message.c.channel == channel)
    tx.execute(update(message).where(*its).values(state="cancelled"))


def test_the_verdict_remembers_the_row_without_what_was_given_back(tx: Tx):
    enter(tx, ANA)
    offer(tx, "a")
    withdraw(tx)

    offer(tx, "b")

    assert [row.pressure for row in verdicts(tx)] == [b"", b""]


def test_who_is_weighed_has_the_room_that_was_given_back(tx: Tx):
    enter(tx, ANA)
    offer(tx, "a")
    withdraw(tx)

    [(_, verdict)] = weigh(tx, "announcement", [(ANA.person_id, MORNING)], policy=ONCE)

    assert verdict.because is None
    assert len(returned(tx)) == 3


def test_what_was_given_back_is_taken_off_by_a_decision_that_adds_nothing(tx: Tx):
    enter(tx, ANA)
    offer(tx, "a")
    withdraw(tx)
    stopped = replace(ONCE, bounds=Bounds(cap=Cap(0)))

    offer(tx, "b", policy=stopped)

    assert (row_of(tx), returned(tx)) == ([], [])
    assert offer(tx, "c") is None


def test_a_decision_that_fails_leaves_what_was_given_back(tx: Tx):
    enter(tx, ANA)
    offer(tx, "a")
    withdraw(tx)
    point = tx.begin_nested()
    offer(tx, "b")
    point.rollback()

    assert len(returned(tx)) == 3


def test_news_that_no_cap_counts_takes_no_place(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "order_paid"))
    withdraw(tx)

    assert {row.entry for row in queued(tx)} == {None}
    assert returned(tx) == []


def test_what_ends_while_a_decision_waits_for_the_row_is_seen_by_it(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        offer(tx, "a")
    lines: list[Because | None] = []

    def decide() -> None:
        with begin(shop.engine) as tx:
            lines.append(offer(tx, "b"))

    def end() -> None:
        with begin(shop.engine) as tx:
            withdraw(tx)

    with begin(shop.engine) as tx:
        tx.execute(text("SELECT FROM pressure FOR UPDATE"))
        end()  # commits while the row is ours: a delivery result never waits for it

    together(decide)
    assert lines == [None]


def test_rows_that_are_there_already_are_locked_in_one_order(shop: Shop):
    first, second = sorted([ANA.person_id, BEN.person_id])
    with begin(shop.engine) as tx:
        enter(tx, ANA, BEN)
        hub_store.lock_pressure(tx, [first, second])

    def other() -> None:
        with begin(shop.engine) as tx:
            hub_store.lock_pressure(tx, [second, first])

    def is_waiting() -> bool:
        with begin(shop.engine) as looking:  # a transaction of its own sees what is new
            return bool(looking.scalar(WAITING))

    with ThreadPoolExecutor(1) as pool, begin(shop.engine) as tx:
        hub_store.lock_pressure(tx, [first])
        going = pool.submit(other)
        until(is_waiting, what="the other waits")
        free = text("SELECT FROM pressure WHERE person_id = :who FOR UPDATE NOWAIT")
        tx.execute(free, {"who": second})
        tx.rollback()
        going.result()


def test_entries_of_one_second_are_told_apart_and_others_bear_no_number():
    first = pack(Entry(100, 3, 6))
    later = pack(Entry(200, 3, 6))

    assert told_apart([first], ()) == (first,)
    assert told_apart([first], [later]) == (first,)
    assert [unpack(one).nth for one in told_apart([first, first], [first, later])] == [1, 2]


def test_giving_back_takes_just_those_channels_of_just_that_entry():
    first, second = told_apart([pack(Entry(100, 3, 6)), pack(Entry(100, 3, 6))], ())

    assert given_back([first, second], [second & ~0xFF | 2]) == (first, second & ~0xFF | 4)
    assert given_back([first, second], [second]) == (first,)
    assert given_back([first], [second]) == (first,)
    assert given_back([first, second], [first & ~0xFF | 2, first & ~0xFF | 4]) == (second,)


def test_two_people_are_given_back_their_own(tx: Tx):
    ben = replace(BEN, consents=ANA.consents)
    enter(tx, ANA, ben)
    offer(tx, "a")
    offer(tx, "a", who=ben)
    store.withdraw(
        tx,
        [row.verdict_id for row in queued(tx) if row.person_id == ben.person_id],
        why="t",
        now=MORNING,
    )

    assert offer(tx, "b") is Because.CAP_REACHED
    assert offer(tx, "b", who=ben) is None
