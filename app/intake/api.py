"""The HTTP of events: foreign news in as CloudEvents, ours out as a feed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request

from app.access.guard import scope
from app.access.keys import Caller
from app.db.transaction import attempt
from app.http import cursors
from app.http.cursors import After, Limit
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.http.problems import Fault, Problem
from app.intake import store
from app.intake.envelope import NOTICE, ORDER_SNAPSHOT, Reason, from_headers
from app.intake.events import Result, accept
from app.intake.ring import BadNotify, Notify, read_notify
from app.intake.snapshot import EXAMPLE, SnapshotBody
from app.intake.take import Terms
from app.orders.bodies import instant
from orders_core.events import Event, Ring
from orders_core.ids import show

router = APIRouter(prefix="/v1", tags=["events"])

MOST_EVENTS = 500
ONE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
PREFIX_OF = {"order": "ord", "parcel": "par"}
MAY_TELL = "notices:write"
Writer = Annotated[Caller, scope("events:write")]
Reader = Annotated[Caller, scope("events:read")]
BEGIN = "Where to begin without `after`: at the oldest event, or with news only."
WHOM = "Whom the news may reach: `never`, `yes`, or whatever happened since a time."


def _inlined(schema: dict[str, Any]) -> Any:
    """Put the definitions where the schema refers to them: it stands in another document."""
    known = schema.pop("$defs", {})

    def put(part: Any) -> Any:
        if isinstance(part, list):
            return [put(one) for one in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return put(known[part["$ref"].rpartition("/")[2]])
        return {name: put(member) for name, member in part.items()}

    return put(schema)


ENVELOPE_EXAMPLE = {
    "specversion": "1.0",
    "id": "taoli-20261122-000017",
    "source": "taoli",
    "type": ORDER_SNAPSHOT,
    "time": "2026-11-22T09:30:00+08:00",
    "data": EXAMPLE,
}
NOTICE_EXAMPLE = {
    "specversion": "1.0",
    "id": "taoli-points-2026-12-8841",
    "source": "taoli",
    "type": NOTICE,
    "data": {
        "notice": "points_expiring",
        "person": "c-8841",
        "facts": {"points": 300, "expires_at": "2026-12-31T15:59:59Z"},
    },
}
AS_NOTICE = {"type": "object", "description": "Of a `notice`: as `POST /v1/notices` takes it."}
ENVELOPE_SCHEMA = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "data"],
    "examples": [ENVELOPE_EXAMPLE, NOTICE_EXAMPLE],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "maxLength": 255},
        "source": {"type": "string", "maxLength": 200, "description": "The shop it comes from."},
        "type": {"enum": [ORDER_SNAPSHOT, NOTICE]},
        "time": {"type": "string", "format": "date-time"},
        "data": {"anyOf": [_inlined(SnapshotBody.model_json_schema()), AS_NOTICE]},
    },
}
DOCUMENTED = {
    "requestBody": {
        "required": True,
        "content": {
            ONE: {"schema": ENVELOPE_SCHEMA, "example": ENVELOPE_EXAMPLE},
            BATCH: {
                "schema": {"type": "array", "maxItems": MOST_EVENTS, "items": ENVELOPE_SCHEMA},
                "example": [ENVELOPE_EXAMPLE, NOTICE_EXAMPLE],
            },
        },
    }
}


def asked(text: str) -> Notify:
    """Read the query parameter `notify`.

    Raises:
        Problem: 422 `bad_notify`.
    """
    try:
        return read_notify(text)
    except BadNotify as fault:
        said = Fault(code="bad_notify", detail=str(fault), pointer="/notify", place="query")
        raise Problem(status=422, code="bad_notify", detail=str(fault), errors=[said]) from None


def _asked(notify: Annotated[str, Query(description=WHOM)] = "never") -> Notify:
    return asked(notify)


async def _events(request: Request) -> Sequence[Any]:
    """Read the events of a request in any of the three forms that CloudEvents has over HTTP."""
    body = orjson.loads(await request.body() or b"null")
    if "ce-specversion" in request.headers:
        return [from_headers(request.headers, body)]
    events = body if isinstance(body, list) else [body]
    if len(events) > MOST_EVENTS:
        detail = f"a batch has at most {MOST_EVENTS} events"
        raise Problem(status=422, code="too_many", detail=detail)
    return events


@router.post("/events", openapi_extra=DOCUMENTED)
def take(
    events: Annotated[Sequence[Any], Depends(_events)],
    request: Request,
    house: TheHouse,
    now: Now,
    caller: Writer,
    notify: Annotated[Notify, Depends(_asked)],
) -> Any:
    """Take foreign orders and notices in as CloudEvents: one, one in binary mode, or a batch.

    Each event of a batch is told apart: `accepted`, `duplicate`, `stale` (older than what is known:
    it fills gaps and tells nobody) or `rejected` with its reason. A single event that is rejected
    answers 422. Nobody is told of an order unless `notify` says so. An event of the type `notice`
    tells whoever its data names what its data says, as `POST /v1/notices` does, once for good; its
    key needs the scope `notices:write` too.
    """
    terms = Terms(
        by=caller.name,
        ring=notify.ring(Ring.NOW),
        now=now,
        locale=house.settings.shop_locale,
        zone=house.settings.shop_zone,
        heed=house.heed,
        notices=house.notices if MAY_TELL in caller.scopes else None,
    )
    region = house.settings.default_region
    results = attempt(house.engine, lambda tx: accept(tx, events, terms, region=region))
    is_batch = request.headers.get("content-type", "").startswith(BATCH) or len(events) != 1
    if not is_batch and (reason := results[0].reason):
        fault = Fault(code=reason.code, detail=reason.detail, pointer=reason.pointer)
        detail = f"{reason.pointer} {reason.detail}".strip()
        raise Problem(status=422, code=reason.code, detail=detail, errors=[fault])
    return {"results": [_result(result) for result in results]}


@router.get("/events")
def feed(
    house: TheHouse,
    tx: Transaction,
    now: Now,
    _: Reader,
    *,
    limit: Limit = 100,
    after: After = None,
    begin: Annotated[Literal["oldest", "now"], Query(description=BEGIN)] = "oldest",
) -> Any:
    """Read what happened, oldest first, as CloudEvents.

    Come back with `next` to continue, also when `has_more` is false: it is where news will appear.
    `now` is the shop's own time.
    """
    secret = secret_of(house)
    if begin == "now" and after is None:
        end = cursors.write(secret, store.feed_end(tx), of="feed")
        return {"data": [], "has_more": False, "next": end, "now": instant(now)}
    rows = store.feed(tx, after=cursors.read(secret, after, of="feed"), at_most=limit + 1)
    shown = rows[:limit]
    return {
        "data": [_event(event, house.settings.public_url) for event in shown],
        "has_more": len(rows) > limit,
        "next": cursors.write(secret, shown[-1].id, of="feed") if shown else after,
        "now": instant(now),
    }


def _result(result: Result) -> Mapping[str, Any]:
    body: dict[str, Any] = {"id": result.id, "outcome": result.outcome}
    if result.order_id is not None:
        body |= {"order": show("ord", result.order_id), "status": result.status}
    if result.reason is not None:
        body["reason"] = _reason(result.reason)
    if result.warnings:
        body["warnings"] = [_reason(warning) for warning in result.warnings]
    return body


def _reason(reason: Reason) -> Mapping[str, str]:
    return asdict(reason)


def _event(event: Event, source: str) -> Mapping[str, Any]:
    return {
        "specversion": "1.0",
        "id": show("evt", event.id),
        "source": source,
        "type": event.type,
        "subject": show(PREFIX_OF[event.entity], event.entity_id),
        "time": instant(event.occurred_at),
        "data": {
            "version": event.version,
            "old": event.old,
            "new": event.new,
            "by": event.by,
            "why": event.why,
            "ring": event.ring,
        },
    }
