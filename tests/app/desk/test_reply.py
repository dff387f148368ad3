"""Answers: once, through the hub, held for eight seconds, taken back where they have not left."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.desk import case_store
from app.desk.case import AlreadySent, Case, CaseMoved, NotNow, OtherCaseOpen, State
from app.desk.handle import assign, reopen, resolve
from app.desk.reply import undo
from app.desk.undo_store import seconds_held
from orders_core.errors import NotFound
from orders_core.ids import new_id
from orders_core.tx import Tx
from tests.app.desk.counter import AGENT, OTHER, answers, asks, claim_all, sent
from tests.buying import move_in, rows
from tests.cast import BEN
from tests.shop import MORNING

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATER = MORNING + 9 * MINUTE
EVERYWHERE = ("email", "inapp", "push")


@pytest.fixture
def case(tx: Tx) -> Case:
    move_in(tx)
    return asks(tx).case


def now(tx: Tx, case: Case) -> Case:
    return case_store.hold(tx, case.id)


def test_an_answer_goes_to_the_person_and_stops_the_clock(tx: Tx, case: Case):
    said = answers(tx, case, at=LATER)

    answered = now(tx, case)
    assert (answered.state, answered.first_responded_at) == (State.WAITING, LATER)
    assert (answered.assigned_to, answered.version) == (AGENT, case.version + 1)
    assert sent(tx, "case_answered") == [(channel, "queued") for channel in EVERYWHERE]
    assert said.verdict_id is not None
    variables = tx.execute(
        text("SELECT variables FROM message WHERE verdict_id = :id LIMIT 1"),
        {"id": said.verdict_id},
    ).scalar_one()
    assert (variables["answer"], variables["question"]) == (said.text, case.question)


def test_an_answer_is_held_for_eight_seconds(tx: Tx, case: Case):
    held = answers(tx, case).verdict_id
    at_once = answers(tx, case, "再补充一句", hold_seconds=0).verdict_id
    assert held is not None
    assert at_once is not None

    left = seconds_held(tx, [held, at_once])
    assert 6 < left[held] <= 8
    assert left[at_once] == 0


def test_the_same_form_sent_twice_answers_once(tx: Tx, case: Case):
    first = answers(tx, case, key="form-1", seen=1)
    second = answers(tx, case, key="form-1", seen=1)

    assert first.id == second.id
    assert rows(tx, "message", "notice = 'case_answered'") == len(EVERYWHERE)


def test_a_form_that_comes_back_with_other_words_is_another_answer(tx: Tx, case: Case):
    answers(tx, case, "一", key="form-1")
    answers(tx, case, "二", key="form-1")

    assert rows(tx, "case_entry", "author = 'agent'") == 2


def test_an_answer_to_what_changed_meanwhile_is_refused(tx: Tx, case: Case):
    asks(tx, "还在吗", at=LATER)

    with pytest.raises(CaseMoved):
        answers(tx, case, seen=case.version)
    assert rows(tx, "message", "notice = 'case_answered'") == 0


def test_a_resolved_case_is_opened_before_it_is_answered(tx: Tx, case: Case):
    resolve(tx, case.id, by=AGENT, seen=None, now=LATER)

    with pytest.raises(NotNow):
        answers(tx, case)


def test_an_answer_taken_back_reaches_nobody_and_the_clock_runs_on(tx: Tx, case: Case):
    said = answers(tx, case, at=LATER)
    undone = undo(tx, case.id, said.id, now=LATER)

    assert undone.left == 0
    assert sent(tx, "case_answered") == [(channel, "cancelled") for channel in EVERYWHERE]
    again = now(tx, case)
    assert (again.state, again.first_responded_at) == (State.OPEN, None)
    assert again.first_response_due_at == case.first_response_due_at
    assert not case_store.one_entry(tx, case.id, said.id).stands


def test_taking_back_twice_takes_back_once(tx: Tx, case: Case):
    said = answers(tx, case)
    first = undo(tx, case.id, said.id, now=LATER)
    second = undo(tx, case.id, said.id, now=LATER + MINUTE)

    assert first.entry.withdrawn_at == second.entry.withdrawn_at == LATER
    assert first.case.version == second.case.version


def test_an_earlier_answer_keeps_the_clock_stopped(tx: Tx, case: Case):
    answers(tx, case, at=LATER)
    second = answers(tx, case, "再补充一句", at=LATER + MINUTE)
    undo(tx, case.id, second.id, now=LATER + MINUTE)

    assert now(tx, case).first_responded_at == LATER


def test_what_has_left_is_said_to_have_left(tx: Tx, case: Case):
    said = answers(tx, case)
    tx.execute(text("UPDATE message SET state = 'sent' WHERE channel = 'inapp'"))

    assert undo(tx, case.id, said.id, now=LATER).left == 1


def test_what_left_everywhere_cannot_be_taken_back(tx: Tx, case: Case):
    said = answers(tx, case)
    claim_all(tx)

    with pytest.raises(AlreadySent):
        undo(tx, case.id, said.id, now=LATER)
    assert now(tx, case).state is State.WAITING
    assert case_store.one_entry(tx, case.id, said.id).stands


def test_only_answers_are_taken_back_and_only_of_their_own_case(tx: Tx, case: Case):
    question = case_store.entries(tx, case.id)[0]
    elsewhere = answers(tx, asks(tx, order_id=None, who=BEN).case)

    with pytest.raises(AlreadySent):
        undo(tx, case.id, question.id, now=LATER)
    with pytest.raises(NotFound):
        undo(tx, case.id, elsewhere.id, now=LATER)


def test_taking_back_opens_a_case_that_was_resolved_since(tx: Tx, case: Case):
    said = answers(tx, case)
    resolve(tx, case.id, by=AGENT, seen=None, now=LATER)
    undo(tx, case.id, said.id, now=LATER)

    assert (now(tx, case).state, now(tx, case).resolved_at) == (State.OPEN, None)


def test_resolving_twice_resolves_once_and_reopening_likewise(tx: Tx, case: Case):
    resolve(tx, case.id, by=AGENT, seen=1, now=LATER)
    assert resolve(tx, case.id, by=OTHER, seen=1, now=LATER + DAY).resolved_at == LATER
    reopen(tx, case.id, seen=2)
    assert reopen(tx, case.id, seen=2).version == 3


def test_a_question_between_look_and_resolve_keeps_the_case_open(tx: Tx, case: Case):
    asks(tx, "还在吗", at=LATER)

    with pytest.raises(CaseMoved):
        resolve(tx, case.id, by=AGENT, seen=case.version, now=LATER)
    assert now(tx, case).state is State.OPEN


def test_an_old_case_stays_closed_beside_a_newer_one_about_the_same(tx: Tx, case: Case):
    resolve(tx, case.id, by=AGENT, seen=None, now=MORNING)
    newer = asks(tx, at=MORNING + 8 * DAY).case

    with pytest.raises(OtherCaseOpen, match=f"case {newer.number}"):
        reopen(tx, case.id, seen=None)


def test_a_case_is_given_to_somebody_and_back(tx: Tx, case: Case):
    assert assign(tx, case.id, to=AGENT, seen=1).assigned_to == AGENT
    assert assign(tx, case.id, to=AGENT, seen=1).version == 2  # theirs already
    with pytest.raises(CaseMoved):
        assign(tx, case.id, to=OTHER, seen=1)
    assert assign(tx, case.id, to=None, seen=2).assigned_to is None


def test_nothing_is_done_to_a_case_that_is_not_there(tx: Tx):
    for act in (
        lambda: answers(tx, new_id()),
        lambda: undo(tx, new_id(), new_id(), now=LATER),
        lambda: resolve(tx, new_id(), by=AGENT, seen=None, now=LATER),
        lambda: reopen(tx, new_id(), seen=None),
        lambda: assign(tx, new_id(), to=None, seen=None),
    ):
        with pytest.raises(NotFound):
            act()
