"""An agent answers, and may take the answer back for a few seconds."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from app.desk import case_store as store
from app.desk.case import (
    IN_TALK,
    UNDO_SECONDS,
    Act,
    AlreadySent,
    Author,
    Case,
    Entry,
    after,
    answered_at,
    check_seen,
)
from app.desk.handle import reopen_alone
from app.desk.open import about
from app.hub.notify import notify
from app.hub.policy import Policy
from app.hub.wish import Wish
from app.messages import history_store
from app.messages import store as messages
from app.messages.message import State as MessageState
from orders_core.ids import new_id
from orders_core.tx import Tx

KEY_BYTES = 8
ON_ITS_WAY: Collection[MessageState] = frozenset(
    {MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN}
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an agent answers.

    `key` is that of the form or request: what it brings twice is sent once. `seen` is the version
    of the case the agent looked at. `hold_seconds` may be 0, where nobody would undo.
    """

    text: str
    by: str
    key: str
    seen: int | None = None
    hold_seconds: int = UNDO_SECONDS


@dataclass(frozen=True)
class Undone:
    """A reply that was taken back, and on how many ways it had left already."""

    case: Case
    entry: Entry
    left: int


def reply(tx: Tx, case_id: UUID, words: Words, *, policy: Policy, now: datetime) -> Entry:
    """Answer in a case, through the hub; the first-response clock stops.

    Raises:
        NotFound, NotNow: If there is no such case, or it is resolved.
        CaseMoved: If it changed since the agent looked.
    """
    case = store.hold(tx, case_id)
    key = _key(words)
    if said := store.said_by_key(tx, case_id, key):
        return said
    check_seen(case, words.seen)
    state = after(case, Act.REPLY)
    entry = Entry(
        id=new_id(),
        case_id=case_id,
        author=Author.AGENT,
        by=words.by,
        text=words.text,
        key=key,
        at=now,
    )
    store.say(tx, entry)
    answered = replace(
        case,
        state=state,
        first_responded_at=case.first_responded_at or now,
        assigned_to=case.assigned_to or words.by,
    )
    store.change(tx, answered)
    return _sent(tx, case, entry, words.hold_seconds, policy=policy)


def _key(words: Words) -> str:
    """Name what was said: the same form with other words says something else."""
    digest = blake2b(words.text.encode(), digest_size=KEY_BYTES).hexdigest()
    return f"{words.key}:{digest}"


def _sent(tx: Tx, case: Case, entry: Entry, hold_seconds: int, *, policy: Policy) -> Entry:
    wish = Wish(
        dispatch=f"case:{case.id}:{entry.key}",
        notice="case_answered",
        person_id=case.asker,
        order_id=case.order_id,
        variables={**about(case, policy), "answer": entry.text},
        decide_at=entry.at,
        hold_seconds=hold_seconds,
        is_awaited=_is_in_talk(tx, case, entry.at),
    )
    [decision] = notify(tx, [wish], policy=policy, now=entry.at)
    store.decided(tx, entry.id, decision.id)
    return replace(entry, verdict_id=decision.id)


def _is_in_talk(tx: Tx, case: Case, now: datetime) -> bool:
    """Say whether the person wrote a moment ago: then they are awake, and look for the answer."""
    last = store.last_words(tx, case.id)
    return last is not None and now - last.at <= IN_TALK


def undo(tx: Tx, case_id: UUID, entry_id: UUID, *, now: datetime) -> Undone:
    """Take a reply back; the case is open again, and its clock runs on.

    Undone twice is undone once.

    Raises:
        AlreadySent: If nothing of it could be held back.
    """
    case = store.hold_with_person(tx, case_id)
    entry = store.one_entry(tx, case_id, entry_id)
    if entry.author is not Author.AGENT or entry.verdict_id is None:
        raise AlreadySent(case.number)
    if not entry.stands:
        return Undone(case, entry, _left(tx, entry.verdict_id))
    if not messages.withdraw(tx, [entry.verdict_id], why="the agent took it back", now=now):
        raise AlreadySent(case.number)
    store.withdrawn(tx, entry_id, now=now)
    opened = _open_again(tx, case)
    return Undone(opened, replace(entry, withdrawn_at=now), _left(tx, entry.verdict_id))


def _open_again(tx: Tx, case: Case) -> Case:
    if case.resolved_at is not None:
        reopen_alone(tx, case)
    opened = replace(
        case,
        state=after(case, Act.UNDO),
        first_responded_at=answered_at(store.entries(tx, case.id)),
        resolved_at=None,
    )
    store.change(tx, opened)
    return replace(opened, version=case.version + 1)


def _left(tx: Tx, verdict_id: UUID) -> int:
    return sum(one.state in ON_ITS_WAY for one in history_store.of_verdicts(tx, [verdict_id]))
