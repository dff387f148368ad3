"""The one door: every message to a person is decided and queued here, whoever wishes for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.hub import escalate_plan, store, switch
from app.hub.bounds import Bounds
from app.hub.catalogue import Collapse, Kind, Notice, find
from app.hub.decide import decide
from app.hub.digest_collect import collect
from app.hub.facts import Known, pack_pressure, reach, remember
from app.hub.meet import meet
from app.hub.memory import remembered
from app.hub.policy import Policy, Voice
from app.hub.pressure import add, heard, seconds_of
from app.hub.question import Question
from app.hub.quiet_hours import stands_until
from app.hub.store import Decision
from app.hub.verdict import Digest, Downgrade, Send, Skip, Verdict, Wait
from app.hub.wish import Wish
from app.messages.queue import Draft, queue
from app.people import mute_store
from app.people.choices import BELLS
from app.people.links import Links
from app.people.recipient import Recipient
from app.words import show
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx

# What a template may ask for; facts that a notice lacks are None there.
FACTS = (
    "order_number",
    "total_minor",
    "currency",
    "items",
    "placed_at",
    "carrier",
    "parcel_number",
    "place",
    "pickup_code",
    "expected_at",
    "promised_at",
    "cancel_reason",
    "cancelled_at",
    "short_items",
    "short_choices",
    "back_minor",
    "who_pays",
    "question",
    "answer",
    "case_url",
    "code",
    "giver",
    "gift_words",
)


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
    muted = mute_store.muted(tx, {wish.order_id for wish in fresh if wish.order_id})
    bounds = _bounds(tx, policy.bounds, [wish.what for wish in fresh])
    capped = {wish.person_id for wish in fresh if bounds.caps.concern(wish.what)}
    pressure = dict(store.lock_pressure(tx, capped))
    decisions = []
    for wish in fresh:
        notice, recent = wish.what, pressure.get(wish.person_id, ())
        known = _known(wish, people[wish.person_id], muted)
        verdict, seen = _decide(wish, known, recent, bounds), None
        if bounds.caps.concern(notice):
            more = heard(verdict.answer, notice, wish.decide_at)
            pressure[wish.person_id] = remembered(
                add(recent, more), bounds, now_seconds=seconds_of(wish.decide_at)
            )
            seen = pack_pressure(recent, now=wish.decide_at, reach=reach(bounds))
        decisions.append(Decision.of(wish, verdict, remember(known), seen))
    store.write_verdicts(tx, decisions, bounds)
    store.write_pressure(tx, pressure)
    _put(tx, decisions, people, replace(policy, bounds=bounds), now)
    return decisions


def _put(
    tx: Tx,
    decisions: Sequence[Decision],
    people: Mapping[PersonId, Recipient],
    policy: Policy,
    now: datetime,
) -> None:
    """Queue what goes out, plan what is kept back, collect what is folded; slots come last."""

    def facts(made: Decision) -> Mapping[str, Any]:
        return _variables(made.wish, people[made.wish.person_id], policy.voice)

    def ask(made: Decision) -> Question:
        return _question(made.wish, people[made.wish.person_id], policy.bounds)

    queue(tx, [draft for made in decisions for draft in _drafts(made, people, policy, now)])
    escalate_plan.plan(tx, decisions, facts)
    collect(tx, decisions, ask=ask, facts=facts, now=now)


def _question(wish: Wish, person: Recipient, bounds: Bounds) -> Question:
    return Question(wish.what, person, (), bounds, wish.decide_at)


def _known(wish: Wish, person: Recipient, muted: Collection[OrderId]) -> Known:
    if wish.order_id in muted:
        person = replace(person, mutes_order=True)
    return Known(wish.what, person, wish.standing)


def _decide(wish: Wish, known: Known, recent: Sequence[int], bounds: Bounds) -> Verdict:
    notice, person = known.notice, known.person
    return decide(notice, person, recent, bounds, wish.decide_at, standing=known.standing)


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
    wish, person = decision.wish, people[decision.wish.person_id]
    notice = wish.what
    dues = _due(decision.verdict, wish.decide_at)
    variables = _variables(wish, person, policy.voice) if dues else {}
    return [
        Draft(
            verdict_id=decision.id,
            person_id=wish.person_id,
            order_id=wish.order_id,
            notice=notice.name,
            channel=due.channel,
            address=person.address(due.channel) or "",
            locale=person.locale,
            kind=notice.kind,
            lane=notice.lane,
            variables=variables,
            due_at=due.at,
            expires_at=max(due.at, now) + notice.ttl,
            queued_at=now,
            hold_seconds=wish.hold_seconds,
            stands_until=_stands_until(wish, person, policy.bounds, due, now),
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
    if due.channel not in BELLS or (wish.event_id is not None and wish.standing is None):
        return None
    return stands_until(_question(wish, person, bounds), due.channel)


def _variables(wish: Wish, person: Recipient, voice: Voice) -> Mapping[str, Any]:
    """Return everything the templates of a notice may ask for."""
    notice, links = wish.what, voice.links
    about_us: dict[str, Any] = {
        "shop": voice.name(person.locale),
        "name": person.name,
        "zone": person.zone,
        "order_url": _way_back(wish, notice, person, links),
        "preferences_url": None
        if notice.kind is Kind.SECURITY
        else links.preferences(person.person_id),
    }
    if voice.shows_goods:
        about_us["shows_items"] = True
    if notice.collapse is not Collapse.NEVER:
        about_us["collapse"] = str(notice.collapse)
    if notice.kind is Kind.MARKETING:
        about_us["unsubscribe_url"] = links.unsubscribe(person.person_id, notice.category)
    facts = dict.fromkeys(FACTS) | dict(wish.variables)
    if facts["carrier"]:
        facts["carrier"] = show.carrier(person.locale, facts["carrier"])
    named = {name: _named_in(person.locale, facts[name]) for name in ("items", "short_items")}
    return facts | named | about_us


def _way_back(wish: Wish, notice: Notice, person: Recipient, links: Links) -> str | None:
    """Return where a message leads: its order's page, else the inbox; a code leads nowhere."""
    if notice.kind is Kind.SECURITY:
        return None
    if wish.order_id is None:
        return links.inbox(person.person_id)
    return links.shared_order(wish.order_id) if notice.for_receiver else links.order(wish.order_id)


def _named_in(locale: str, items: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Name the goods in the person's language, as far as they have a name there."""
    return [
        {
            "title": (item.get("title_zh") if locale == "zh" else None) or item["title"],
            "quantity": item["quantity"],
        }
        for item in items or ()
    ]
