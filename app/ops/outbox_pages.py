"""The dev outbox: every email, SMS and push that left, as its reader would see it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.http.body import PublicId
from app.http.deps import Transaction
from app.http.pages import render
from app.messages import capture_store
from app.messages.capture_store import Captured
from orders_core.errors import NotFound
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.OUTBOX_READ)]
OutRef = Annotated[UUID, PublicId("out"), Path()]
CHANNELS = ("email", "sms", "push")
A_PAGE = 40
# A mail may carry styles and pictures of its own; it may run nothing, load nothing, send nothing.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; sandbox;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@router.get("/dev/outbox")
def outbox(
    request: Request,
    tx: Transaction,
    _: Reader,
    channel: Annotated[Literal["email", "sms", "push"] | None, Query()] = None,
    before: Annotated[UUID | None, PublicId("out"), Query()] = None,
) -> HTMLResponse:
    """List what left, newest first."""
    return render(request, "outbox/list.html", **_list(tx, channel, before), opened=None)


@router.get("/dev/outbox/{out_id}")
def one(
    request: Request,
    tx: Transaction,
    _: Reader,
    out_id: OutRef,
    channel: Annotated[Literal["email", "sms", "push"] | None, Query()] = None,
) -> HTMLResponse:
    """Show one message beside the list."""
    return render(request, "outbox/list.html", **_list(tx, channel, None), opened=_one(tx, out_id))


@router.get("/dev/outbox/{out_id}/html")
def mail(tx: Transaction, _: Reader, out_id: OutRef) -> HTMLResponse:
    """Return a mail's HTML for its frame, under a policy that lets nothing run."""
    html = _one(tx, out_id).html or ""
    return HTMLResponse(
        html,
        headers={
            "content-security-policy": MAIL_CSP,
            "referrer-policy": "no-referrer",
            "cache-control": "no-store",
        },
    )


def _list(tx: Tx, channel: str | None, before: UUID | None) -> dict[str, Any]:
    rows = capture_store.page(tx, channel=channel, after=before, at_most=A_PAGE + 1)
    return {
        "rows": rows[:A_PAGE],
        "older": rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
        "channel": channel,
        "channels": CHANNELS,
    }


def _one(tx: Tx, out_id: UUID) -> Captured:
    found = capture_store.find(tx, out_id)
    if found is None:
        raise NotFound("message", show("out", out_id))
    return found
