"""Two at once: one case of two questions, one answer of two, and no word lost between."""

from collections.abc import Callable
from functools import partial

import pytest

from app.db.transaction import begin
from app.desk import case_store
from app.desk.case import AlreadySent, Case, CaseError, CaseMoved, NotNow, State
from app.desk.handle import reopen, resolve
from app.desk.reply import undo
from app.jobs.lanes import Lane
from app.messages import store as messages
from orders_core.tx import Tx
from tests.app.desk.counter import AGENT, OTHER, answers, asks
from tests.buying import move_in, rows
from tests.shop import MORNING, Shop
from tests.together import together

LATER = MORNING.replace(hour=5)


@pytest.fixture
def case(shop: Shop) -> Case:
    with begin(shop.engine) as tx:
        move_in(tx)
        return asks(tx).case


def at_once(shop: Shop, *acts: Callable[[Tx], object]) -> list[object]:
    """Do every act in a transaction of its own; a refusal is its answer."""

    def alone(act: Callable[[Tx], object]) -> object:
        try:
            with begin(shop.engine) as tx:
                return act(tx)
        except CaseError as refused:
            return refused

    return together(*[partial(alone, act) for act in acts])


def now(shop: Shop, case: Case) -> Case:
    with begin(shop.engine) as tx:
        return case_store.hold(tx, case.id)


def count(shop: Shop, table: str, where: str) -> int:
    with begin(shop.engine) as tx:
        return rows(tx, table, where)


def test_eight_questions_at_once_open_one_case_and_ring_once(shop: Shop):
    with begin(shop.engine) as tx:
        move_in(tx)
    at_once(shop, *[lambda tx, n=n: asks(tx, f"第 {n} 问") for n in range(8)])

    assert count(shop, "support_case", "true") == 1
    assert count(shop, "case_entry", "author = 'shopper'") == 8
    assert count(shop, "verdict", "notice = 'case_received'") == 1


def test_of_two_agents_who_answer_at_once_one_is_told_to_look_again(shop: Shop, case: Case):
    said = at_once(
        shop,
        lambda tx: answers(tx, case, "甲", by=AGENT, seen=case.version),
        lambda tx: answers(tx, case, "乙", by=OTHER, seen=case.version),
    )

    assert sum(isinstance(one, CaseMoved) for one in said) == 1
    assert count(shop, "case_entry", "author = 'agent'") == 1


def test_one_form_sent_by_two_requests_at_once_answers_once(shop: Shop, case: Case):
    said = at_once(shop, *[lambda tx: answers(tx, case, key="form", seen=1) for _ in range(4)])

    assert len({one.id for one in said}) == 1  # type: ignore[attr-defined]
    assert count(shop, "verdict", "notice = 'case_answered'") == 1


def test_of_two_agents_who_resolve_and_answer_at_once_one_wins_whole(shop: Shop, case: Case):
    said = at_once(
        shop,
        lambda tx: resolve(tx, case.id, by=AGENT, seen=case.version, now=LATER),
        lambda tx: answers(tx, case, by=OTHER, seen=case.version),
    )
    refused = [one for one in said if isinstance(one, CaseMoved | NotNow)]
    answered = count(shop, "case_entry", "author = 'agent'")

    assert len(refused) == 1
    assert now(shop, case).state is (State.WAITING if answered else State.RESOLVED)


def test_two_agents_who_resolve_at_once_are_both_right(shop: Shop, case: Case):
    done = at_once(
        shop,
        *[lambda tx: resolve(tx, case.id, by=AGENT, seen=case.version, now=LATER)] * 2,
    )

    assert [one.version for one in done] == [2, 2]  # type: ignore[attr-defined]


def test_a_question_while_an_agent_resolves_is_never_buried(shop: Shop, case: Case):
    for round_of in range(5):
        seen, words = now(shop, case).version, f"第 {round_of} 问"
        at_once(
            shop,
            partial(resolve, case_id=case.id, by=AGENT, seen=seen, now=LATER),
            partial(asks, words=words, at=LATER),
        )
        assert now(shop, case).state is State.OPEN  # refused, or opened again
    assert count(shop, "support_case", "true") == 1


def test_a_question_while_an_agent_reopens_goes_into_the_same_case(shop: Shop, case: Case):
    with begin(shop.engine) as tx:
        resolve(tx, case.id, by=AGENT, seen=None, now=LATER)
    at_once(
        shop,
        lambda tx: reopen(tx, case.id, seen=None),
        lambda tx: asks(tx, "还在吗", at=LATER),
    )

    assert now(shop, case).state is State.OPEN
    assert count(shop, "support_case", "true") == 1


def test_what_a_worker_took_while_the_agent_undid_is_never_called_undone(shop: Shop, case: Case):
    with begin(shop.engine) as tx:
        said = answers(tx, case, hold_seconds=0)
    took, undone = at_once(
        shop,
        lambda tx: len(messages.claim(tx, Lane(1), now=LATER, at_most=9, lease_seconds=60)),
        lambda tx: undo(tx, case.id, said.id, now=LATER),
    )
    withdrawn = count(shop, "message", "notice = 'case_answered' AND state = 'cancelled'")
    left = count(shop, "message", "notice = 'case_answered' AND state = 'sending'")

    assert withdrawn + left == 3
    assert isinstance(undone, AlreadySent) == (withdrawn == 0)
    assert isinstance(took, int)
