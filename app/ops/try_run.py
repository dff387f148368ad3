"""Try a payload: everything it would do is done, shown, and taken back. Nothing of it stays.

It runs through the very doors, rules and templates that the real one would, in one transaction that
always ends in an exception.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from app.access.keys import Caller
from app.access.roles import Permission
from app.db.transaction import attempt
from app.house import House
from app.http.problems import Problem
from app.hub import verdict_store
from app.hub.bodies import verdict_body
from app.hub.by_hand import read_asked, read_body, tell_by_hand
from app.hub.explain import Explained, explain
from app.hub.policy import read_policy
from app.hub.react import implied, react
from app.hub.verdict_store import StoredVerdict
from app.intake.envelope import NOTICE, ORDER_SNAPSHOT
from app.intake.events import Result, accept
from app.intake.take import Terms
from app.messages import history_store
from app.messages.history_store import Message
from app.ops.store import one_person
from app.ops.try_store import new_events
from app.templating.render import Rendered, Renderer, RenderFailed
from orders_core.events import Event, Ring
from orders_core.ids import new_id
from orders_core.tx import Tx

MOST_EVENTS, MOST_SHOWN = 20, 20
TEMPLATES = Path(__file__).parents[2] / "templates"
SOURCE = "try"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One message as it would leave; `words` is None where its template failed."""

    message: Message
    words: Rendered | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """One person, one notice: what would be decided, why, and what would leave."""

    verdict: StoredVerdict
    explained: Explained
    person: str
    previews: Sequence[Preview]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a payload would do. `told_before` counts news that was told already."""

    kind: str  #: events or notice
    results: Sequence[Result] = ()
    events: Sequence[Event] = ()
    told: Sequence[Told] = ()
    told_before: int = 0
    more: int = 0  #: decisions beyond those shown


class _TakenBack(Exception):
    """Ends the transaction of a try; carries what it showed."""

    def __init__(self, tried: Tried) -> None:
        self.tried = tried


def try_out(house: House, payload: Any, *, caller: Caller, now: datetime, locale: str) -> Tried:
    """Do what a payload asks, look at what came of it, and take all of it back.

    Args:
        payload: One CloudEvent or up to 20, an order's snapshot without its envelope, or a notice.
        locale: The language of the explanations; messages are in their people's own.

    Raises:
        Problem: What the real door would refuse it with, as far as its form is concerned.
    """

    def work(tx: Tx) -> None:
        if said := notice_of(payload):
            raise _TakenBack(_notice(tx, house, said, now=now, locale=locale))
        raise _TakenBack(_events(tx, house, payload, caller=caller, now=now, locale=locale))

    try:
        attempt(house.engine, work)
    except _TakenBack as end:
        return end.tried
    raise AssertionError("a try ends by being taken back")


def notice_of(payload: Any) -> Mapping[str, Any] | None:
    """Return the body of a notice, bare or as the data of an event; None of any other event."""
    if not isinstance(payload, dict):
        return None
    if "notice" in payload:
        return payload
    data = payload.get("data")
    if payload.get("type") != NOTICE or not isinstance(data, dict):
        return None
    return {**data, "dispatch": f"{payload.get('source')} {payload.get('id')}"}


def _notice(
    tx: Tx, house: House, payload: Mapping[str, Any], *, now: datetime, locale: str
) -> Tried:
    said = read_body(payload)
    policy = read_policy(tx, house.settings)
    dispatch = said.dispatch or f"try-{new_id().hex}"
    done = tell_by_hand(tx, read_asked(tx, said), dispatch, policy=policy, now=now)
    ids = [decision.id for decision in done.decisions]
    return Tried(
        kind="notice",
        told=_told(tx, ids[:MOST_SHOWN], house, locale),
        told_before=len(done.before),
        more=max(0, len(ids) - MOST_SHOWN),
    )


def _events(
    tx: Tx, house: House, payload: Any, *, caller: Caller, now: datetime, locale: str
) -> Tried:
    raw = payload if isinstance(payload, list) else [payload]
    if not 1 <= len(raw) <= MOST_EVENTS:
        detail = f"a try takes 1 to {MOST_EVENTS} events"
        raise Problem(status=422, code="too_many", detail=detail)
    terms = Terms(
        by=caller.name,
        ring=lambda _: Ring.NOW,
        now=now,
        locale=house.settings.shop_locale,
        zone=house.settings.shop_zone,
        heed=house.heed,
        notices=house.notices if Permission.NOTICES_WRITE in caller.scopes else None,
    )
    enclosed = [_in_envelope(one, now) for one in raw]
    results = accept(tx, enclosed, terms, region=house.settings.default_region)
    orders = {UUID(str(one.order_id)) for one in results if one.order_id is not None}
    events = new_events(tx, orders) if orders else []
    decisions = react(tx, events, policy=read_policy(tx, house.settings), now=now)
    ids = [decision.id for decision in decisions]
    return Tried(
        kind="events",
        results=results,
        events=events,
        told=_told(tx, ids[:MOST_SHOWN], house, locale),
        told_before=sum(len(implied(event)) for event in events) - len(decisions),
        more=max(0, len(ids) - MOST_SHOWN),
    )


def _in_envelope(one: Any, now: datetime) -> Any:
    """Put a bare snapshot into an envelope; leave what has one as it is."""
    if not isinstance(one, dict) or "specversion" in one or "status" not in one:
        return one
    return {
        "specversion": "1.0",
        "type": ORDER_SNAPSHOT,
        "source": SOURCE,
        "id": f"try-{new_id().hex}",
        "time": now.isoformat(),
        "data": one,
    }


def _told(tx: Tx, ids: Sequence[UUID], house: House, locale: str) -> Sequence[Told]:
    found = [one for id_ in ids if (one := verdict_store.find(tx, id_))]
    messages: dict[UUID, list[Message]] = {}
    for message in history_store.of_verdicts(tx, ids):
        messages.setdefault(message.verdict_id, []).append(message)
    told = []
    for verdict in found:
        person = one_person(tx, verdict.person_id)
        theirs = messages.get(verdict.id, [])
        words = explain(
            verdict,
            locale=locale,
            zone=person.zone if person else house.settings.shop_zone,
            channels=[message.channel for message in theirs],
        )
        told.append(
            Told(
                verdict=verdict,
                explained=words,
                person=(person.name or person.reference) if person else "",
                previews=[_preview(message) for message in theirs],
            )
        )
    return told


def _preview(message: Message) -> Preview:
    try:
        words = renderer().render(
            message.notice, message.channel, message.locale, message.variables
        )
    except RenderFailed:
        return Preview(message=message, words=None)
    return Preview(message=message, words=words)


@cache
def renderer() -> Renderer:
    """Return the process's renderer of notices."""
    return Renderer.of_folder(TEMPLATES)


def shown(tried: Tried) -> Mapping[str, Any]:
    """Return a try as the API shows it; what messages say stays behind, links of people in it."""
    return {
        "written": False,
        "kind": tried.kind,
        "results": [_result(one) for one in tried.results],
        "events": [
            {"type": one.type, "old": one.old, "new": one.new, "notices": names(one)}
            for one in tried.events
        ],
        "decided": [
            {
                **verdict_body(one.verdict),
                "messages": [
                    {"channel": p.message.channel, "due_at": p.message.due_at}
                    | {"title": p.words.title if p.words else None}
                    for p in one.previews
                ],
            }
            for one in tried.told
        ],
        "told_before": tried.told_before,
        "more": tried.more,
    }


def names(event: Event) -> list[str]:
    """Name the notices that an event implies."""
    return [notice.name for notice in implied(event)]


def _result(one: Result) -> Mapping[str, Any]:
    body: dict[str, Any] = {"id": one.id, "outcome": one.outcome}
    if one.reason is not None:
        body["reason"] = asdict(one.reason)
    return body
