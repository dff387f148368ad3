"""Cases as the API shows them, and as it is told of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict

from app.desk.case import MOST_REPLY, Case, Entry
from app.desk.finding import read_finding
from app.desk.intent import Why
from app.desk.short_store import Missing
from app.http.body import Body, Line, OneOf, Prose, PublicId, Whole
from app.orders.bodies import instant
from orders_core.ids import show

MOST_VERSION = 2**31 - 1
Seen = Annotated[int, Whole(1, MOST_VERSION)]


class OpenBody(Body):
    """A question that reached the shop elsewhere and that a person should answer."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"person": "c-8841", "text": "杯子收到时碎了，怎么办？"}]}
    )

    person: Annotated[str, Line(64)]
    text: Annotated[str, Prose(MOST_REPLY)]
    order: Annotated[UUID, PublicId("ord")] | None = None
    because: Annotated[Why, OneOf(Why)] = Why.WANTS_PERSON


class ReplyBody(Body):
    """What is answered; `version` refuses it if the case has changed since it was read."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "明天为您补发一只。", "version": 1}]}
    )

    text: Annotated[str, Prose(MOST_REPLY)]
    version: Seen | None = None


class SeenBody(Body):
    """The version of the case that the caller read, if it matters."""

    version: Seen | None = None


class AssignBody(Body):
    """Who is to answer: a name of the caller's choosing, or null for nobody."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "staff:ana@shop.example"}]})

    to: Annotated[str, Line(120)] | None
    version: Seen | None = None


def case_body(case: Case) -> dict[str, Any]:
    """Show a case."""
    return {
        "id": case.ref,
        "number": case.number,
        "person": show("per", case.person_id) if case.person_id else None,
        "about": _about_body(case.about),
        "order": show("ord", case.order_id) if case.order_id else None,
        "state": case.state,
        "priority": case.priority,
        "signals": list(case.signals),
        "because": case.reason,
        "question": case.question,
        "language": case.language,
        "opened_at": instant(case.opened_at),
        "asked_at": instant(case.asked_at),
        "first_response_due_at": instant(case.first_response_due_at),
        "first_responded_at": instant(case.first_responded_at),
        "resolved_at": instant(case.resolved_at),
        "assigned_to": case.assigned_to,
        "version": case.version,
    }


def _about_body(about: str | None) -> dict[str, str] | None:
    if about is None:
        return None
    finding = read_finding(about)
    return {"warehouse": finding.warehouse, "day": finding.day.isoformat()}


def short_body(one: Missing) -> dict[str, Any]:
    """Show one order that a case about goods lists, and what its shopper chose."""
    return {
        "order": show("ord", one.order_id),
        "number": str(one.number),
        "sku": one.code,
        "units": one.units,
        "state": one.state,
        "found_at": instant(one.found_at),
        "wait_until": instant(one.wait_until),
        "chosen_at": instant(one.chosen_at),
        "settled_at": instant(one.settled_at),
    }


def whole_body(case: Case, entries: Sequence[Entry]) -> Mapping[str, Any]:
    """Show a case with everything that was said in it."""
    return {**case_body(case), "entries": [entry_body(entry) for entry in entries]}


def entry_body(entry: Entry) -> dict[str, Any]:
    """Show one thing that was said."""
    return {
        "id": show("ent", entry.id),
        "author": entry.author,
        "by": entry.by,
        "text": entry.text,
        "at": instant(entry.at),
        "verdict": show("ver", entry.verdict_id) if entry.verdict_id else None,
        "withdrawn_at": instant(entry.withdrawn_at),
    }
