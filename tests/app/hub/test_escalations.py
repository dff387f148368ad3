"""Bells kept back until needed: `cases/escalation.csv`, and what two workers may not do."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text

from app.db.transaction import begin
from app.hub import escalate_store
from app.hub.bounds import Bounds
from app.hub.catalogue import find
from app.hub.decide import decide
from app.hub.escalate_ring import ring
from app.hub.escalations import read_escalations
from app.hub.explain import explain
from app.hub.policy import Policy
from app.hub.tables import escalation_step
from app.people.choice_store import choose
from app.people.choices import Category, ChannelName
from app.rules.rule import ruling
from orders_core.orders.order import OrderStatus
from orders_core.orders.place import WAREHOUSE
from orders_core.shortage.find import Pick, pick_failed
from orders_core.tx import Tx
from tests.app.hub.stage import NIGHT, POLICY, enter, queued, tell, verdicts, wish
from tests.buying import TEA, bought, change, fill, moved, paid
from tests.cast import ANA
from tests.shop import MORNING, Shop
from tests.together import together

TABLE = Path(__file__).parent / "cases" / "escalation.csv"
with TABLE.open(encoding="utf-8", newline="") as sheet:
    CASES = list(csv.DictReader(sheet))
HALF_AN_HOUR = timedelta(minutes=30)
SEEN = """INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, seen_at)
SELECT id, person_id, notice, 't', 'b', queued_at, queued_at FROM message WHERE channel = 'inapp'"""


def policy(notice: str, table: str) -> Policy:
    rows = [row.split() for row in table.split("; ") if row]
    by_steps = tuple((notice, channel, int(minutes)) for channel, minutes in rows)
    return replace(POLICY, bounds=Bounds(escalations=by_steps))


BY_SMS = policy("pickup_ready", "sms 30")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what it shows"])
def test_the_case_goes_as_the_table_says(case: dict[str, str], tx: Tx):
    rules = policy(case["notice"], case["table"])
    addresses = {on: to for on, to in ANA.addresses.items() if on not in case["without"].split()}
    enter(tx, replace(ANA, addresses=addresses))
    fill(tx, {TEA: 5})
    order = paid(tx, bought(tx, (TEA, 1)))
    if case["notice"] == "order_short":
        pick_failed(
            tx,
            order,
            Pick(code=TEA, warehouse=WAREHOUSE, units=1),
            change=change("picker", why="not_on_shelf"),
        )
    elif case["notice"] != "order_paid":
        moved(tx, order, OrderStatus.SHIPPED)
    facts: dict[str, Any] = {"items": [], "currency": "CNY"}

    tell(tx, wish(ANA, case["notice"], order_id=order, variables=facts), policy=rules)

    first = {row.channel for row in queued(tx)}
    assert first == set(case["first"].split())
    _meanwhile(tx, case, order)
    later = MORNING + timedelta(minutes=int(case["asked after minutes"]))
    ring(tx, policy=rules, now=later, at_most=10)
    ring(tx, policy=rules, now=later, at_most=10)
    assert sorted({row.channel for row in queued(tx)} - first) == sorted(case["then"].split())
    assert len(queued(tx)) == len(first) + len(case["then"].split())


def _meanwhile(tx: Tx, case: dict[str, str], order: Any) -> None:
    off = {(about, ChannelName(on)): False for on in case["off"].split() for about in Category}
    choose(tx, ANA.person_id, off, source="test", now=MORNING)
    if case["seen"] == "yes":
        tx.execute(text(SEEN))
    if case["moved"] == "yes":
        moved(tx, order, OrderStatus.DELIVERED)


def test_what_becomes_of_a_step_is_written_down(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "pickup_ready"), policy=BY_SMS)
    tx.execute(text(SEEN))

    assert escalate_store.next_due(tx, MORNING, MORNING + HALF_AN_HOUR) == MORNING + HALF_AN_HOUR
    ring(tx, policy=BY_SMS, now=MORNING + HALF_AN_HOUR, at_most=10)

    assert tx.scalars(select(escalation_step.c.state)).all() == ["seen"]
    assert escalate_store.next_due(tx, MORNING, MORNING + HALF_AN_HOUR) is None


def test_a_step_in_the_night_waits_for_the_morning_unless_it_is_urgent(tx: Tx):
    enter(tx, ANA)
    evening = NIGHT - timedelta(hours=1, minutes=10)  # 21:50: the step is due at 22:20
    tell(tx, wish(ANA, "pickup_ready", at=evening), policy=BY_SMS, now=evening)

    ring(tx, policy=BY_SMS, now=evening + HALF_AN_HOUR, at_most=10)

    assert [row.answer for row in verdicts(tx)] == ["send", "wait"]
    assert queued(tx)[-1].channel == "sms"
    assert queued(tx)[-1].due_at > evening + timedelta(hours=9)


def test_the_verdict_says_what_was_kept_back_and_for_how_long():
    bounds = BY_SMS.bounds
    verdict = decide(find("pickup_ready"), ANA, (), bounds, MORNING)

    row = _row(verdict)
    told = explain(row, locale="en", zone="UTC", channels=["inapp", "push"]).asked[-1]
    assert told.answer == "Kept back unless nobody sees it: SMS after 30 minutes."


def _row(verdict: Any) -> Any:
    trace = [(step.rule, step.outcome, step.inputs) for step in verdict.trace]
    return SimpleNamespace(answer="send", because=None, decided_by=verdict.decided_by, trace=trace)


def test_two_workers_at_once_ring_each_step_once(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        wishes = [wish(ANA, "pickup_ready", dispatch=str(number)) for number in range(30)]
        tell(tx, *wishes, policy=BY_SMS)

    def work() -> None:
        for _ in range(12):
            with begin(shop.engine) as tx:
                ring(tx, policy=BY_SMS, now=MORNING + HALF_AN_HOUR, at_most=3)

    together(work, work)

    with begin(shop.engine) as tx:
        texts = [row for row in queued(tx) if row.channel == "sms"]
        assert len(texts) == 30
        assert set(tx.scalars(select(escalation_step.c.state))) == {"decided"}


def test_old_steps_are_forgotten_and_waiting_ones_are_not(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "pickup_ready", dispatch="a"), policy=BY_SMS)
    ring(tx, policy=BY_SMS, now=MORNING + HALF_AN_HOUR, at_most=10)
    tell(tx, wish(ANA, "pickup_ready", dispatch="b"), policy=BY_SMS)

    assert escalate_store.forget(tx, before=MORNING + timedelta(days=100), at_most=10) == 1
    assert tx.scalars(select(escalation_step.c.state)).all() == ["waiting"]


def test_the_product_keeps_back_the_sms_of_a_parcel_to_be_fetched(tx: Tx):
    assert read_escalations(ruling(tx, "escalation")) == (("pickup_ready", "sms", 30),)


def test_goods_that_are_missing_no_more_are_told_on_no_further_channel(tx: Tx):
    enter(tx, ANA)
    fill(tx, {TEA: 5})
    order, rules = paid(tx, bought(tx, (TEA, 1))), policy("order_short", "sms 30")
    facts: dict[str, Any] = {"items": [], "currency": "CNY"}
    tell(tx, wish(ANA, "order_short", order_id=order, variables=facts), policy=rules)
    first = {row.channel for row in queued(tx)}

    ring(tx, policy=rules, now=MORNING + HALF_AN_HOUR, at_most=10)

    assert {row.channel for row in queued(tx)} == first
