"""The dev outbox: what left by email, SMS and push, as a phone and a mailbox would show it."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.campaigns.wording import fold
from app.http.body import PublicId
from app.http.deps import Transaction
from app.http.pages import locale_of, render
from app.http.table import csv_answer
from app.messages import capture_store
from app.messages.capture_store import Captured
from app.ops import outbox_store
from app.ops.outbox_store import Sieve
from app.words.phone import sms_length
from app.words.say import say
from orders_core.errors import NotFound
from orders_core.ids import read, show
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.OUTBOX_READ)]
OutRef = Annotated[UUID, PublicId("out"), Path()]
CHANNELS = ("email", "sms", "push")
ON_A_PHONE, IN_A_MAILBOX = ("sms", "push"), ("email",)
A_PHONE, A_MAILBOX = 12, 30
MOST_LINES = 2000  # of a table
COLUMNS = ("left_at", "channel", "address", "subject", "text", "message")
# A mail may carry styles and pictures of its own; it may run nothing, load nothing, send nothing.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; sandbox;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see, and the rest of an address that asks for the same."""

    sieve: Sieve
    before: UUID | None

    def query(self, **changed: str) -> str:
        """Return the parameters of an address that asks for this, some changed; "" or `?…`."""
        person = self.sieve.person_id
        asked = {
            "channel": self.sieve.channel or "",
            "person": show("per", person) if person else "",
            "q": self.sieve.words,
            **changed,
        }
        kept = urlencode({name: value for name, value in asked.items() if value})
        return f"?{kept}" if kept else ""


@dataclass(frozen=True)
class Glass:
    """What a mail is looked at through."""

    width: Literal["wide", "phone"] = "wide"
    look: Literal["light", "dark"] = "light"


def _asked(
    channel: Annotated[Literal["email", "sms", "push", ""], Query()] = "",
    person: Annotated[str, Query(max_length=60)] = "",
    before: Annotated[UUID | None, PublicId("out"), Query()] = None,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Asked:
    person_id = read("per", person) if person else None  # a form sends what nobody chose as ""
    return Asked(Sieve(channel=channel or None, person_id=person_id, words=q.strip()), before)


View = Annotated[Asked, Depends(_asked)]


@router.get("/dev/outbox")
def outbox(request: Request, tx: Transaction, _: Reader, asked: View) -> HTMLResponse:
    """Show what left, newest first."""
    return render(request, "outbox/list.html", **_facts(request, tx, asked), opened=None)


@router.get("/dev/outbox.csv")
def table(tx: Transaction, _: Reader, asked: View) -> Response:
    """Return the list as a table: at most the newest 2,000 lines."""
    rows = outbox_store.left(
        tx, asked.sieve, channels=CHANNELS, before=asked.before, at_most=MOST_LINES
    )
    lines = (
        (
            row.captured_at.isoformat(),
            row.channel,
            row.address,
            row.subject,
            row.body,
            show("msg", row.message_id) if row.message_id else "",
        )
        for row in rows
    )
    return csv_answer("outbox", COLUMNS, lines)


@router.get("/dev/outbox/{out_id}")
def one(
    request: Request,
    tx: Transaction,
    _: Reader,
    out_id: OutRef,
    asked: View,
    *,
    glass: Annotated[Glass, Depends()],
) -> HTMLResponse:
    """Show one message; a mail as wide as a desk or a phone, in the light or in the dark."""
    facts = _facts(request, tx, asked)
    return render(request, "outbox/list.html", **facts, opened=_one(tx, out_id), glass=glass)


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


def _facts(request: Request, tx: Tx, asked: Asked) -> dict[str, Any]:
    left = partial(outbox_store.left, tx, asked.sieve, before=asked.before)
    texts = left(channels=ON_A_PHONE, at_most=A_PHONE)
    mails = left(channels=IN_A_MAILBOX, at_most=A_MAILBOX + 1)
    return {
        "texts": texts,
        "mails": mails[:A_MAILBOX],
        "older": mails[A_MAILBOX - 1].id if len(mails) > A_MAILBOX else None,
        "asked": asked,
        "channels": CHANNELS,
        "people": outbox_store.written_to(tx),
        "folded": fold,
        "sms_says": partial(_sms_says, locale_of(request)),
    }


def _sms_says(locale: str, text: str) -> str:
    units, segments, lone = sms_length(text)
    if segments == 1:
        return say(locale, "outbox.one_segment", units=units, lone=lone)
    return say(locale, "outbox.segments", n=segments, units=units)


def _one(tx: Tx, out_id: UUID) -> Captured:
    found = capture_store.find(tx, out_id)
    if found is None:
        raise NotFound("message", show("out", out_id))
    return found
