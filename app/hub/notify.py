"""The one door: every message to a person is decided and queued here, whoever wishes for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.hub import displace_store, escalate_plan, store, switch
from app.hub.bounds import Bounds
from app.hub.catalogue import Kind, Notice, find
from app.hub.decide_each import Row, decide_each
from app.hub.decision import Decision
from app.hub.digest_collect import collect
from app.hub.facts import Known
from app.hub.lead import Asked, Leads
from app.hub.meet import meet
from app.hub.overtaken import overtake
from app.hub.policy import Policy
from app.hub.question import Question
from app.hub.quiet_hours import stands_until
from app.hub.variables import variables_of
from app.hub.verdict import Digest, Downgrade, Send, Skip, Verdict, Wait
from app.hub.wish import Wish
from app.messages.queue import Draft, queue
from app.people import mute_store
from app.people.order_wish import OrderWishes, about
from app.people.recipient import Recipient
from orders_core.ids import PersonId
from orders_core.tx import Tx


def notify(tx: Tx, wishes: Sequence[Wish], *, policy: Policy, now: datetime) -> Sequence[Decision]:
    """Decide each wish, and queue what may be sent; all in the caller's transaction.

    A wish that was told before, here or in any other process, is left out of the answer. A notice
    in its many channels is one decision and one message per channel.

    Args:
        now: Business time of the call; each wish is decided at its own `decide_at`.

    Raises:
        UnknownNotice: If a wish names a notice that the catalogue lacks.
    """
    for name in {wish.notice for wish in wishes}:
        find(name)
    fresh = store.tell_once(tx, wishes)
    if not fresh:
        return []
    people = meet(tx, {wish.person_id for wish in fresh})
    said = mute_store.wishes(tx, {wish.order_id for wish in fresh if wish.order_id})
    bounds = _bounds(tx, policy.bounds, [wish.what for wish in fresh])
    capped = {wish.person_id for wish in fresh if bounds.caps.concern(wish.what)}
    locked = store.lock_pressure(tx, capped)
    asked = [(wish, _known(wish, _reached(wish, people), said)) for wish in fresh]
    decisions, heard_by = _decide(tx, asked, bounds, locked)
    displace_store.end(tx, decisions, now=now)
    store.write_verdicts(tx, decisions, bounds)
    store.write_pressure(tx, heard_by)
    _put(tx, decisions, people, replace(policy, bounds=bounds), now)
    return decisions


def _decide(
    tx: Tx, asked: Asked, bounds: Bounds, locked: Mapping[PersonId, Row]
) -> tuple[list[Decision], Mapping[PersonId, Row]]:
    """Decide a batch: with the offers that make way for it, and again where others led a digest."""
    decisions, heard_by = decide_each(asked, bounds, locked)
    pressed = {made.wish.person_id for made in decisions if made.counted.is_pressed}
    offers = displace_store.claim(tx, pressed) if pressed else {}
    if offers:
        decisions, heard_by = decide_each(asked, bounds, locked, offers=offers)
    leading = Leads(tx, bounds)
    while again := leading.knowing(asked, decisions):
        asked = again
        decisions, heard_by = decide_each(asked, bounds, locked, offers=offers)
    return decisions, heard_by


def _put(
    tx: Tx,
    decisions: Sequence[Decision],
    people: Mapping[PersonId, Recipient],
    policy: Policy,
    now: datetime,
) -> None:
    """Queue what goes out, plan what is kept back, collect what is folded; slots come last."""

    def facts(made: Decision) -> Mapping[str, Any]:
        return variables_of(made, people[made.wish.person_id], policy.voice)

    def ask(made: Decision) -> Question:
        return _question(made.wish, _reached(made.wish, people), policy.bounds)

    queue(tx, [draft for made in decisions for draft in _drafts(made, people, policy, now)])
    in_earnest = [made for made in decisions if not made.wish.is_trial]
    overtake(tx, in_earnest, now=now)
    escalate_plan.plan(tx, in_earnest, facts)
    collect(tx, in_earnest, ask=ask, facts=facts, now=now)


def _question(wish: Wish, person: Recipient, bounds: Bounds) -> Question:
    return Question(wish.what, person, (), bounds, wish.decide_at)


def _reached(wish: Wish, people: Mapping[PersonId, Recipient]) -> Recipient:
    """Return whom a wish is for, as it may reach them: at one address only where it names one."""
    person = people[wish.person_id]
    if wish.to is None:
        return person
    channel, address = wish.to
    return replace(person, addresses={channel: (address,)})


def _known(wish: Wish, person: Recipient, said: OrderWishes) -> Known:
    return Known(wish.what, about(person, wish.order_id, said), wish.standing)


def _bounds(tx: Tx, bounds: Bounds, notices: Sequence[Notice]) -> Bounds:
    """Hold the switch still while marketing is decided, so that a stop leaves nothing behind it."""
    if any(notice.kind is Kind.MARKETING for notice in notices):
        return replace(bounds, is_marketing_stopped=switch.hold(tx))
    return bounds


@dataclass(frozen=True)
class Due:
    """One channel of a verdict, and the business time it goes out at."""

    channel: str
    at: datetime


def _due(verdict: Verdict, decide_at: datetime) -> list[Due]:
    match verdict.answer:
        case Send(channels) | Downgrade(channels) | Digest(_, channels):
            return [Due(channel, decide_at) for channel in channels]
        case Wait(until, channels, at_once):
            now = [Due(channel, decide_at) for channel in at_once]
            return now + [Due(channel, until) for channel in channels]
        case Skip():
            return []


def _drafts(
    decision: Decision, people: Mapping[PersonId, Recipient], policy: Policy, now: datetime
) -> list[Draft]:
    wish, person = decision.wish, _reached(decision.wish, people)
    notice = wish.what
    dues = _due(decision.verdict, wish.decide_at)
    variables = variables_of(decision, person, policy.voice) if dues else {}
    return [
        Draft(
            verdict_id=decision.id,
            person_id=wish.person_id,
            order_id=wish.order_id,
            notice=notice.name,
            category=notice.category,
            channel=due.channel,
            address=person.address(due.channel) or "",
            locale=person.locale,
            kind=notice.kind,
            lane=notice.lane,
            variables=variables,
            due_at=due.at,
            expires_at=notice.useful_until(max(due.at, now), wish.variables),
            queued_at=now,
            hold_seconds=wish.hold_seconds,
            stands_until=_stands_until(wish, person, policy.bounds, due, now),
            entry=decision.entry_on(due.channel),
            is_trial=wish.is_trial,
        )
        for due in dues
    ]


def _stands_until(
    wish: Wish, person: Recipient, bounds: Bounds, due: Due, now: datetime
) -> datetime | None:
    """Say when it has to be decided again before it may leave; None if never.

    What waits, at the end of its wait; a bell that may ring, when the next hours begin that hold
    it. What replay tells is decided as of the past and stands.
    """
    if due.at > now:
        return due.at
    if wish.event_id is not None and wish.standing is None:
        return None
    return stands_until(_question(wish, person, bounds), due.channel)
