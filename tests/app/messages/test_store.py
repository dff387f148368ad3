"""What is waiting, what is due next, and what a queue call writes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update

from app.jobs.lanes import Lane
from app.messages import history_store, store, suppression_store
from app.messages.history_store import Message
from app.messages.message import Next, State
from app.messages.queue import queue
from app.messages.store import Waiting
from app.messages.tables import message
from orders_core.ids import new_id
from orders_core.tx import Tx
from tests.app.messages.desk import add_person, draft
from tests.shop import MORNING

HOUR = timedelta(hours=1)


@pytest.fixture
def ana(tx: Tx) -> UUID:
    return add_person(tx, "+8613800000001")


def test_queueing_writes_every_draft_as_it_is(tx: Tx, ana: UUID) -> None:
    order = new_id()
    drafts = [
        draft(ana, "order", order_id=order, variables={"name": '安"娜\\', "items": [{"n": 1}]}),
        draft(ana, "marketing", at=MORNING + HOUR),
    ]

    ids = queue(tx, drafts)

    rows = [history_store.find(tx, message_id) for message_id in ids]
    for row, wanted in zip(rows, drafts, strict=True):
        assert row is not None
        assert row.state is State.QUEUED
        kept = set(wanted.__dataclass_fields__) - {"hold_seconds"}
        assert {name: getattr(row, name) for name in kept} == {
            name: getattr(wanted, name) for name in kept
        }
    assert ids == sorted(ids)


def test_what_is_held_may_not_leave_before_its_machine_seconds_have_passed(
    tx: Tx, ana: UUID
) -> None:
    held, free = queue(tx, [draft(ana, hold_seconds=60), draft(ana)])

    claimed = store.claim(tx, Lane.ORDER, now=MORNING, at_most=10, lease_seconds=60)

    assert [one.id for one in claimed] == [free]
    assert history_store.find(tx, held).state is State.QUEUED  # type: ignore[union-attr]


def test_withdrawing_cancels_what_is_still_queued_and_counts_it(tx: Tx, ana: UUID) -> None:
    reply, other = new_id(), new_id()
    drafts = [draft(ana, verdict_id=reply), draft(ana, verdict_id=reply, hold_seconds=60)]
    going, held, kept = queue(tx, [*drafts, draft(ana, verdict_id=other, at=MORNING + HOUR)])
    store.claim(tx, Lane.ORDER, now=MORNING, at_most=10, lease_seconds=60)

    assert store.withdraw(tx, [reply], why="taken back", now=MORNING) == 1

    rows = {one.id: one for one in history_store.of_verdicts(tx, [reply, other])}
    assert [rows[one].state for one in (going, held, kept)] == ["sending", "cancelled", "queued"]
    assert (rows[held].error, rows[held].settled_at) == ("taken back", MORNING)
    assert store.withdraw(tx, [], why="nothing", now=MORNING) == 0


def test_queueing_nothing_writes_nothing(tx: Tx) -> None:
    assert queue(tx, []) == []


def test_hundreds_are_queued_by_one_statement(tx: Tx, ana: UUID) -> None:
    ids = queue(tx, [draft(ana) for _ in range(500)])

    assert len(set(ids)) == 500
    assert tx.execute(select(func.count()).select_from(message)).scalar_one() == 500


def test_lanes_are_due_only_for_what_a_worker_could_take(tx: Tx, ana: UUID) -> None:
    queue(tx, [draft(ana, "security", at=MORNING + HOUR), draft(ana, "order")])
    service = queue(tx, [draft(ana, "service")])[0]
    tx.execute(
        update(message)
        .where(message.c.id == service)
        .values(not_before=func.clock_timestamp() + HOUR)
    )

    assert store.lanes_due(tx, now=MORNING) == [Lane.ORDER]
    assert store.lanes_due(tx, now=MORNING + HOUR) == [Lane.SECURITY, Lane.ORDER]


def test_a_message_that_is_being_sent_makes_no_lane_due(tx: Tx, ana: UUID) -> None:
    queue(tx, [draft(ana)])
    store.claim(tx, Lane.ORDER, now=MORNING, at_most=1, lease_seconds=60)

    assert store.lanes_due(tx, now=MORNING) == []


def test_the_next_business_time_is_the_first_after_the_present_one(tx: Tx, ana: UUID) -> None:
    queue(
        tx,
        [
            draft(ana, at=MORNING),
            draft(ana, at=MORNING + 3 * HOUR),
            draft(ana, "marketing", at=MORNING + 2 * HOUR),
        ],
    )

    def ask(until: timedelta) -> object:
        return store.next_due(tx, after=MORNING, until=MORNING + until)

    assert ask(5 * HOUR) == MORNING + 2 * HOUR
    assert ask(2 * HOUR) == MORNING + 2 * HOUR
    assert ask(HOUR) is None


def test_waiting_counts_every_lane_and_says_how_old_its_oldest_is(tx: Tx, ana: UUID) -> None:
    queue(
        tx,
        [
            draft(ana, "order", at=MORNING - HOUR),
            draft(ana, "order", at=MORNING),
            draft(ana, "order", at=MORNING + HOUR),
            draft(ana, "marketing", at=MORNING + HOUR),
        ],
    )
    store.claim(tx, Lane.ORDER, now=MORNING - HOUR, at_most=1, lease_seconds=60)

    counted = store.waiting(tx, now=MORNING + timedelta(minutes=5))

    nothing = Waiting(lane=Lane.SECURITY, later=0, due=0, sending=0, oldest_seconds=0)
    assert counted == [
        nothing,
        Waiting(lane=Lane.ORDER, later=1, due=1, sending=1, oldest_seconds=300),
        replace(nothing, lane=Lane.SERVICE),
        replace(nothing, lane=Lane.MARKETING, later=1),
    ]


def test_a_settled_message_is_never_taken_again(tx: Tx, ana: UUID) -> None:
    queue(tx, [draft(ana)])
    (held,) = store.claim(tx, Lane.ORDER, now=MORNING, at_most=1, lease_seconds=0)
    store.record(tx, [(held, Next(state=State.SENT))], now=MORNING)

    assert store.claim(tx, Lane.ORDER, now=MORNING, at_most=9, lease_seconds=0) == []


def test_a_result_is_written_once(tx: Tx, ana: UUID) -> None:
    queue(tx, [draft(ana)])
    (held,) = store.claim(tx, Lane.ORDER, now=MORNING, at_most=1, lease_seconds=60)

    first = store.record(tx, [(held, Next(state=State.SENT))], now=MORNING)
    second = store.record(tx, [(held, Next(state=State.FAILED))], now=MORNING)

    assert (first, second) == ({held.id}, set())


def test_an_inbox_needs_no_contact(tx: Tx, ana: UUID) -> None:
    queue(tx, [draft(ana, channel="inapp", address=str(ana))])

    (held,) = store.claim(tx, Lane.ORDER, now=MORNING, at_most=1, lease_seconds=60)

    assert held.barred is None


def test_the_first_reason_of_a_suppression_stands_until_it_is_lifted(tx: Tx) -> None:
    suppression_store.suppress(tx, [("sms", "+1"), ("sms", "+1")], reason="dead", now=MORNING)
    suppression_store.suppress(tx, [("sms", "+1")], reason="complaint", now=MORNING + HOUR)

    found = suppression_store.find(tx, "sms", "+1")
    assert found is not None
    assert (found.reason, found.at) == ("dead", MORNING)
    assert suppression_store.lift(tx, "sms", "+1")
    assert not suppression_store.lift(tx, "sms", "+1")
    assert suppression_store.find(tx, "sms", "+1") is None


def test_messages_are_listed_by_person_order_and_verdict_newest_first(tx: Tx, ana: UUID) -> None:
    order, verdict = new_id(), new_id()
    first, second, third = queue(
        tx,
        [draft(ana, order_id=order), draft(ana, verdict_id=verdict), draft(new_id())],
    )

    assert ids(history_store.page(tx)) == [third, second, first]
    assert ids(history_store.page(tx, person_id=ana)) == [second, first]
    assert ids(history_store.page(tx, order_id=order)) == [first]
    assert ids(history_store.page(tx, after=second)) == [first]
    assert ids(history_store.of_verdicts(tx, [verdict])) == [second]
    assert history_store.find(tx, new_id()) is None


def ids(messages: Sequence[Message]) -> list[UUID]:
    return [row.id for row in messages]


def test_a_claim_walks_the_partial_index(tx: Tx, ana: UUID) -> None:
    columns = draft(ana).__dataclass_fields__
    plain = {name: getattr(draft(ana), name) for name in columns}
    held_for_morning = plain | {"due_at": MORNING + 24 * HOUR}
    tx.execute(insert(message), [held_for_morning | {"id": new_id()} for _ in range(300)])
    tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
    wanted = select(message.c.id).where(store.is_due(Lane.ORDER, MORNING)).limit(10)
    compiled = wanted.compile(tx.engine, compile_kwargs={"literal_binds": True})

    plan = "\n".join(tx.exec_driver_sql(f"EXPLAIN {compiled}").scalars())

    assert "Index" in plan
    assert "Seq Scan" not in plan
