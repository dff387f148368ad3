"""Paste a payload and see which notices it implies, to whom and why. Nothing of it is kept."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Form, Request
from fastapi.responses import HTMLResponse

from app.access.guard import may, scope
from app.access.keys import Caller
from app.access.roles import Permission
from app.http.deps import Now, TheHouse
from app.http.pages import locale_of, render
from app.http.problems import Problem
from app.http.reading import check_json
from app.intake.api import ENVELOPE_EXAMPLE
from app.intake.snapshot import EXAMPLE
from app.ops import try_run
from app.ops.try_run import Tried, try_out

router = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/v1", tags=["events"])

Reader = Annotated[Caller, may(Permission.OPS_READ)]
Writer = Annotated[Caller, scope("events:write")]
MOST_CHARACTERS = 200_000
DOCUMENTED = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {}, "example": ENVELOPE_EXAMPLE}},
    }
}


@api.post("/events:dry-run", openapi_extra=DOCUMENTED)
def dry_run(
    payload: Annotated[Any, Body()], house: TheHouse, now: Now, caller: Writer
) -> dict[str, Any]:
    """Say what a payload would do, and do none of it: events, notices, verdicts with every rule.

    It takes one CloudEvent or up to 20, an order's snapshot without its envelope, or the body of
    `POST /v1/notices` (a key needs `notices:write` for that). Everybody is told, as with
    `notify=yes`.
    """
    if try_run.notice_of(payload) and Permission.NOTICES_WRITE not in caller.scopes:
        detail = f"this API key lacks {Permission.NOTICES_WRITE}"
        raise Problem(status=403, code="missing_scope", detail=detail)
    return dict(try_run.shown(try_out(house, payload, caller=caller, now=now, locale="en")))


@router.get("/ops/try")
def page(request: Request, now: Now, _: Reader) -> HTMLResponse:
    """Show the form with a sample in it, an order of just now."""
    undated = {name: value for name, value in EXAMPLE.items() if not name.endswith("_at")}
    dated = {**undated, "parcels": [], "occurred_at": now.isoformat(timespec="seconds")}
    sample = orjson.dumps(dated, option=orjson.OPT_INDENT_2).decode()
    return render(request, "ops/try.html", payload=sample, tried=None, problem=None)


@router.post("/ops/try")
def tried(
    request: Request,
    house: TheHouse,
    now: Now,
    reader: Reader,
    payload: Annotated[str, Form(max_length=MOST_CHARACTERS)] = "",
) -> HTMLResponse:
    """Show what the payload would do, or what is wrong with it."""
    outcome: Tried | None = None
    problem: Problem | None = None
    try:
        check_json(payload.encode("utf-8", "replace"))
        given = orjson.loads(payload)
        outcome = try_out(house, given, caller=reader, now=now, locale=locale_of(request))
    except Problem as fault:
        problem = fault
    return render(
        request,
        "ops/try.html",
        status=422 if problem else 200,
        payload=payload,
        tried=outcome,
        problem=problem,
        implied=try_run.names,
    )
