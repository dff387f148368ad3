"""What came in at the API, how it was answered and why; a request may be sent again from here."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from app.access import audit
from app.access.guard import may, scope
from app.access.keys import Caller, caller_named
from app.access.roles import Permission
from app.db.transaction import begin
from app.house import House
from app.http import cursors
from app.http.body import PublicId
from app.http.cursors import After, Limit
from app.http.deps import TheHouse, Transaction, secret_of
from app.http.pages import render
from app.http.problems import Problem
from app.ops import requests_store
from app.ops.requests import at_pointer, curl, is_cut
from app.ops.requests_replay import Answered, replay
from app.ops.requests_store import Sieve
from orders_core.errors import NotFound
from orders_core.ids import new_id, show

router = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/v1/requests", tags=["requests"])

Reader = Annotated[Caller, may(Permission.OPS_READ)]
Actor = Annotated[Caller, may(Permission.OPS_ACT)]
Ref = Annotated[UUID, PublicId("rlg"), Path()]
LINES = 40
CLASSES = ("", "2", "4", "5")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see."""

    sieve: Sieve
    after: UUID | None


def _asked(
    status: Annotated[str, Query(pattern="^([1-5]([0-9]{2})?)?$")] = "",
    caller: Annotated[str, Query(max_length=200)] = "",
    method: Annotated[Literal["GET", "POST", "PUT", "PATCH", "DELETE", ""], Query()] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[UUID | None, PublicId("rlg"), Query()] = None,
) -> Asked:
    sieve = Sieve(
        status=int(status) if status else None,
        caller=caller or None,
        method=method or None,
        words=q.strip(),
    )
    return Asked(sieve, before)


@router.get("/ops/requests")
def page(
    request: Request, tx: Transaction, _: Reader, asked: Annotated[Asked, Depends(_asked)]
) -> HTMLResponse:
    """Show the latest requests, newest first."""
    rows = requests_store.page(tx, asked.sieve, after=asked.after, at_most=LINES + 1)
    return render(
        request,
        "ops/requests.html",
        rows=rows[:LINES],
        older=rows[LINES - 1].id if len(rows) > LINES else None,
        sieve=asked.sieve,
        callers=requests_store.callers(tx),
        classes=CLASSES,
        methods=METHODS,
    )


@router.get("/ops/requests/{ref}")
def one(
    request: Request, tx: Transaction, house: TheHouse, reader: Reader, ref: Ref
) -> HTMLResponse:
    """Show one request: what was sent, the problem explained, and a curl."""
    return _shown(request, _row(tx, ref), house, reader)


@router.post("/ops/requests/{ref}/replay")
async def again(
    request: Request,
    house: TheHouse,
    actor: Actor,
    ref: Ref,
    key: Annotated[Literal["same", "new"], Form()] = "same",
) -> HTMLResponse:
    """Send a request again in the name of the key that sent it, and show the answer.

    Under its own Idempotency-Key the stored answer comes again; a new key does the work anew.

    Raises:
        Problem: 409 `not_replayable` if it was not kept whole, or its key may no longer ask.
    """
    row, caller = await run_in_threadpool(_to_replay, house, ref, actor, key)
    new_key = f"replay-{new_id().hex}" if key == "new" else None
    answered = await replay(request.app, row, caller=caller, by=actor.name, new_key=new_key)
    return _shown(request, row, house, actor, answered)


def _to_replay(house: House, ref: UUID, actor: Caller, key: str) -> tuple[Any, Caller]:
    with begin(house.engine) as tx:
        row = _row(tx, ref)
        caller = caller_named(tx, row.caller or "")
        if caller is None or not row.is_whole:
            detail = "its key is gone" if row.is_whole else "its body was not kept as it was"
            raise Problem(status=409, code="not_replayable", detail=detail)
        facts = {"key": key, "caller": caller.name}
        target, why = f"{row.method} {row.path}", f"request {row.request_id} sent again"
        audit.record(tx, actor.name, "request.replay", target, why, facts)
        return row, caller


def _row(tx: Transaction, ref: UUID) -> Any:
    row = requests_store.find(tx, ref)
    if row is None:
        raise NotFound("request", show("rlg", ref))
    return row


def _shown(
    request: Request, row: Any, house: House, reader: Caller, answered: Answered | None = None
) -> HTMLResponse:
    faults = (row.problem or {}).get("errors", ())
    return render(
        request,
        "ops/request.html",
        row=row,
        faults=[(fault, at_pointer(row.body, fault["pointer"])) for fault in faults],
        curl=curl(row, base_url=house.settings.public_url),
        is_cut=is_cut(row),
        may_act=Permission.OPS_ACT in reader.scopes,
        answered=answered,
    )


@api.get("", dependencies=[scope("requests:read")])
def latest(
    tx: Transaction,
    house: TheHouse,
    *,
    status: Annotated[str, Query(pattern="^([1-5]([0-9]{2})?)?$", examples=["4"])] = "",
    caller: Annotated[str, Query(max_length=200)] = "",
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List the requests of this API, newest first: `status` is one, or 4 for all from 400 to 499.

    Bodies stay behind; they are shown to staff at `/ops/requests`.
    """
    secret = secret_of(house)
    rows = requests_store.page(
        tx,
        Sieve(status=int(status) if status else None, caller=caller or None),
        after=cursors.read(secret, after, of="requests"),
        at_most=limit + 1,
    )
    return cursors.page(secret, rows, limit=limit, of="requests").shown(request_body)


def request_body(row: Any) -> dict[str, Any]:
    """Show a request without its body."""
    return {
        "id": show("rlg", row.id),
        "request_id": row.request_id,
        "at": row.at,
        "method": row.method,
        "path": row.path,
        "query": row.query,
        "caller": row.caller,
        "status": row.status,
        "code": row.code,
        "took_ms": row.took_ms,
        "body_bytes": row.body_bytes,
        "replayed_by": row.replayed_by,
        "skipped_before": row.skipped_before,
        "problem": row.problem,
    }
