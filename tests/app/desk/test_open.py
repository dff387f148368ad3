"""Questions that become cases: one a person and order, told once, opened again within a week."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.desk import case_store
from app.desk.case import Author, State
from app.desk.handle import resolve
from app.desk.intent import Why
from app.desk.priority import Signal
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.app.desk.counter import AGENT, answers, asks, sent
from tests.buying import MUG, bought, fill, move_in, rows
from tests.cast import ANA, BEN
from tests.shop import MORNING

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def order(tx: Tx) -> OrderId:
    move_in(tx)
    fill(tx, {MUG: 9})
    return bought(tx, (MUG, 1))


def test_a_question_opens_a_case_with_its_clock(tx: Tx, order: OrderId):
    opened = asks(tx, "你好，\n我要退款", order_id=order)

    case = opened.case
    assert opened.is_new
    assert (case.state, case.priority, case.signals) == (State.OPEN, 3, (Signal.MONEY,))
    assert case.question == "你好， 我要退款"
    assert case.first_response_due_at == MORNING + 120 * MINUTE
    assert case_store.hold(tx, case.id) == case
    assert [entry.author for entry in case_store.entries(tx, case.id)] == ["shopper", "shop"]


def test_the_person_is_told_once_a_case(tx: Tx, order: OrderId):
    asks(tx, order_id=order)
    asks(tx, "还有人在吗", order_id=order, at=MORNING + 5 * MINUTE)

    assert sent(tx, "case_received") == [("email", "queued"), ("inapp", "queued")]


def test_a_further_question_goes_on_in_the_same_case(tx: Tx, order: OrderId):
    first = asks(tx, "可以改地址吗", order_id=order)
    again = asks(tx, "太差了", order_id=order, at=MORNING + 30 * MINUTE)

    assert (again.is_new, again.case.id) == (False, first.case.id)
    assert again.case.question == "太差了"
    assert again.case.signals == (Signal.ANGRY, Signal.SECOND_CONTACT)
    assert (first.case.priority, again.case.priority) == (4, 1)
    assert again.case.asked_at == MORNING  # nobody answered yet: the wait began there
    assert again.case.first_response_due_at == MORNING + 45 * MINUTE


def test_asking_calmly_again_does_not_make_it_less_urgent(tx: Tx, order: OrderId):
    first = asks(tx, "我要投诉，退款", order_id=order)
    again = asks(tx, "谢谢", order_id=order, at=MORNING + 5 * MINUTE)

    assert (first.case.priority, again.case.priority) == (1, 1)
    assert again.case.first_response_due_at == first.case.first_response_due_at


def test_what_is_asked_after_an_answer_starts_the_clock_anew(tx: Tx, order: OrderId):
    case = asks(tx, order_id=order).case
    answers(tx, case, at=MORNING + 10 * MINUTE)
    again = asks(tx, "还没到账", order_id=order, at=MORNING + 60 * MINUTE).case

    assert (again.state, again.first_responded_at) == (State.OPEN, None)
    assert again.asked_at == MORNING + 60 * MINUTE
    assert again.first_response_due_at == MORNING + 90 * MINUTE  # money, and asked before


def test_within_a_week_a_resolved_case_opens_again_and_later_a_new_one(tx: Tx, order: OrderId):
    first = asks(tx, order_id=order).case
    resolve(tx, first.id, by=AGENT, seen=None, now=MORNING)
    within = asks(tx, "还没到账", order_id=order, at=MORNING + 7 * DAY)
    assert (within.is_new, within.case.id) == (False, first.id)
    assert within.case.resolved_at is None

    resolve(tx, first.id, by=AGENT, seen=None, now=MORNING + 7 * DAY)
    later = asks(tx, "还没到账", order_id=order, at=MORNING + 14 * DAY + MINUTE)
    assert later.is_new


def test_cases_are_one_a_person_and_order(tx: Tx, order: OrderId):
    about_it = asks(tx, order_id=order).case
    about_nothing = asks(tx).case
    of_ben = asks(tx, who=BEN).case

    assert len({about_it.id, about_nothing.id, of_ben.id}) == 3
    assert asks(tx, "还在吗").case.id == about_nothing.id
    assert rows(tx, "support_case") == 3


def test_the_database_itself_refuses_a_second_open_case(tx: Tx, order: OrderId):
    case = asks(tx).case
    twin = {"id": new_id(), "number": case.number + 1, "of": case.id}
    columns = (
        "person_id, order_id, state, priority, signals, reason, question, language, opened_at,"
        " asked_at, first_response_due_at"
    )

    with pytest.raises(IntegrityError, match="uq_support_case_unresolved"):
        tx.execute(
            text(
                f"INSERT INTO support_case (id, number, {columns})"  # noqa: S608 - our own words
                f" SELECT :id, :number, {columns} FROM support_case WHERE id = :of"
            ),
            twin,
        )


def test_a_second_click_says_nothing_twice(tx: Tx, order: OrderId):
    case = asks(tx, "转人工").case
    asks(tx, "转人工", at=MORNING + timedelta(seconds=2))
    assert rows(tx, "case_entry", "author = 'shopper'") == 1

    asks(tx, "转人工", at=MORNING + 2 * MINUTE)
    said = [one for one in case_store.entries(tx, case.id) if one.author is Author.SHOPPER]
    assert len(said) == 2


def test_somebody_who_asked_lately_is_asking_again_whatever_about(tx: Tx, order: OrderId):
    first = asks(tx, "可以改地址吗", order_id=order).case
    resolve(tx, first.id, by=AGENT, seen=None, now=MORNING)
    other = asks(tx, "可以开发票吗", at=MORNING + DAY).case

    assert (first.signals, other.signals) == ((), (Signal.SECOND_CONTACT,))


def test_a_late_parcel_presses(tx: Tx, order: OrderId):
    tx.execute(
        text(
            "INSERT INTO parcel (id, order_id, carrier, number, status, promised_at, expected_at,"
            " expected_source, changed_by, change_reason, changed_at) VALUES (:id, :order, 'sf',"
            " 'SF1', 'in_transit', :promised, :expected, 'carrier', 'x', 'x', :promised)"
        ),
        {"id": new_id(), "order": order, "promised": MORNING, "expected": MORNING + DAY},
    )

    assert asks(tx, "在吗", order_id=order).case.signals == (Signal.LATE_PARCEL,)


def test_a_very_long_question_is_kept_as_far_as_it_can_be_read(tx: Tx, order: OrderId):
    case = asks(tx, "为什么" * 9_000, because=Why.TOO_LONG).case
    [said, _] = case_store.entries(tx, case.id)

    assert (len(said.text), said.by) == (4000, ANA.name)
