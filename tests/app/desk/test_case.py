"""What may be done to a case in which state, and what the clock and the list read out of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.desk.case import (
    EXCERPT,
    MOST_REPLY,
    Act,
    Author,
    Case,
    CaseMoved,
    Entry,
    NotNow,
    State,
    after,
    allowed,
    answered_at,
    check_seen,
    cut,
    excerpt,
)
from app.desk.intent import Why
from orders_core.ids import PersonId, new_id
from tests.shop import MORNING

MINUTE = timedelta(minutes=1)
OPEN = Case(
    id=new_id(),
    number=1001,
    person_id=PersonId(new_id()),
    order_id=None,
    state=State.OPEN,
    priority=4,
    signals=(),
    reason=Why.WANTS_PERSON,
    question="转人工",
    language="zh",
    opened_at=MORNING,
    asked_at=MORNING,
    first_response_due_at=MORNING + timedelta(hours=8),
)
IN = {
    State.OPEN: OPEN,
    State.WAITING: replace(OPEN, state=State.WAITING, first_responded_at=MORNING),
    State.RESOLVED: replace(OPEN, state=State.RESOLVED, resolved_at=MORNING),
}
LEADS_TO = [
    (Act.ASK, State.OPEN, State.OPEN),
    (Act.ASK, State.WAITING, State.OPEN),
    (Act.ASK, State.RESOLVED, State.OPEN),
    (Act.REPLY, State.OPEN, State.WAITING),
    (Act.REPLY, State.WAITING, State.WAITING),
    (Act.REPLY, State.RESOLVED, None),
    (Act.UNDO, State.OPEN, State.OPEN),
    (Act.UNDO, State.WAITING, State.OPEN),
    (Act.UNDO, State.RESOLVED, State.OPEN),
    (Act.RESOLVE, State.OPEN, State.RESOLVED),
    (Act.RESOLVE, State.WAITING, State.RESOLVED),
    (Act.RESOLVE, State.RESOLVED, None),
    (Act.REOPEN, State.OPEN, None),
    (Act.REOPEN, State.WAITING, None),
    (Act.REOPEN, State.RESOLVED, State.OPEN),
    (Act.ASSIGN, State.OPEN, State.OPEN),
    (Act.ASSIGN, State.WAITING, State.WAITING),
    (Act.ASSIGN, State.RESOLVED, None),
]


def test_the_table_says_every_act_in_every_state():
    assert {(act, state) for act, state, _ in LEADS_TO} == {(a, s) for a in Act for s in State}


@pytest.mark.parametrize(("act", "state", "leads_to"), LEADS_TO)
def test_an_act_leads_where_the_table_says(act: Act, state: State, leads_to: State | None):
    if leads_to is None:
        assert act not in allowed(IN[state])
        with pytest.raises(NotNow, match=f"case 1001 is {state}: {act}"):
            after(IN[state], act)
    else:
        assert act in allowed(IN[state])
        assert after(IN[state], act) is leads_to


def test_who_looked_at_an_older_version_is_told_so():
    check_seen(OPEN, None)
    check_seen(OPEN, 1)
    with pytest.raises(CaseMoved, match="at version 1, not 2"):
        check_seen(OPEN, 2)


def said(author: Author, minute: int, *, withdrawn: bool = False) -> Entry:
    at = MORNING + minute * MINUTE
    return Entry(
        id=new_id(),
        case_id=OPEN.id,
        author=author,
        by="x",
        text="x",
        at=at,
        withdrawn_at=at if withdrawn else None,
    )


ASKED, TOLD = said(Author.SHOPPER, 0), said(Author.SHOP, 0)
FIRST, SECOND = said(Author.AGENT, 3), said(Author.AGENT, 5)


@pytest.mark.parametrize(
    ("talk", "answered"),
    [
        ([ASKED, TOLD], None),
        ([ASKED, FIRST, SECOND], 3),
        ([ASKED, said(Author.AGENT, 3, withdrawn=True)], None),
        ([ASKED, said(Author.AGENT, 3, withdrawn=True), SECOND], 5),
        ([ASKED, FIRST, said(Author.SHOPPER, 4)], None),
        ([ASKED, FIRST, said(Author.SHOPPER, 4), SECOND], 5),
    ],
)
def test_the_last_words_are_answered_by_the_first_standing_reply(
    talk: list[Entry], answered: int | None
):
    expected = None if answered is None else MORNING + answered * MINUTE

    assert answered_at(talk) == expected


def test_a_list_shows_the_beginning_on_one_line():
    assert excerpt("  两天\n\n没有动静 ") == "两天 没有动静"
    assert len(excerpt("字" * 999)) == EXCERPT
    assert len(cut("字" * 9_999)) == MOST_REPLY
    assert cut("字") == "字"
