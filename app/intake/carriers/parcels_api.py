"""The HTTP of one parcel: its whole story, its numbers, the day it is expected."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import ConfigDict

from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import Body, Line, OneOf
from app.http.deps import Now, Transaction
from app.intake.carriers.api import Writer, parcel_name
from app.intake.snapshot import Time
from app.orders import late_store
from app.orders.bodies import instant, parcel_body
from ml.late.journey import Outlook
from orders_core.errors import NotFound
from orders_core.events import Change, Event
from orders_core.ids import show
from orders_core.outbox.reading import history_of
from orders_core.parcels import relabel_store, store
from orders_core.parcels.expect import expect
from orders_core.parcels.parcel import Checkpoint, ExpectedSource, Parcel
from orders_core.parcels.relabel import relabel
from orders_core.parcels.store import Name
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/parcels", tags=["parcels"])

Reader = Annotated[Caller, scope("orders:read")]
Named = Annotated[Name, Depends(parcel_name)]


class ExpectedBody(Body):
    """The day a parcel is expected, and who says so; `null` takes a clerk's day back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"at": "2026-11-26T18:00:00+08:00", "source": "clerk", "why": "carrier phoned"}
            ]
        }
    )

    at: Time | None
    source: Annotated[ExpectedSource, OneOf(ExpectedSource)] = ExpectedSource.CLERK
    why: Annotated[str, Line(200)] = "expected"


class RelabelBody(Body):
    """What the parcel goes by from now on; left out, the carrier is the same."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"carrier": "jd", "number": "JDVB00012345678"}]}
    )

    number: Annotated[str, Line(64)]
    carrier: Annotated[str, Line(40)] | None = None
    why: Annotated[str, Line(200)] = "relabelled"


@router.get("/{carrier}/{number}")
def read(name: Named, tx: Transaction, _: Reader) -> Any:
    """Read a parcel under any of its numbers: what its carriers said, and every new day."""
    parcel = store.one(tx, name)
    if parcel is None:
        raise NotFound("parcel", " ".join(name))
    return _shown(tx, parcel)


@router.put("/{carrier}/{number}/expected")
def expected(name: Named, body: ExpectedBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Say when a parcel will arrive.

    A clerk's day stands until a person changes it, a carrier's outweighs a model's, a model's the
    shop's promise: `outcome` is `set`, `unchanged` or `outranked`.
    """
    source, change = body.source, Change(by=caller.name, why=body.why, at=now)
    if body.at is None:
        source = ExpectedSource.CLERK  # nobody else's day can be taken back
    found = expect(tx, name, body.at, source=source, change=change)
    return {"outcome": found.revision, "parcel": parcel_body(found.parcel)}


@router.post("/{carrier}/{number}/relabel")
def relabelled(name: Named, body: RelabelBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Let a parcel go on under another number, or with another carrier; its story goes along.

    The old number stays readable. Said twice it changes nothing.
    """
    change = Change(by=caller.name, why=body.why, at=now)
    to = (body.carrier or name[0], body.number)
    return _shown(tx, relabel(tx, name, to=to, change=change))


def _shown(tx: Tx, parcel: Parcel) -> dict[str, Any]:
    before = relabel_store.earlier(tx, parcel.id)
    said = store.checkpoints_of(tx, [parcel.id]).get(parcel.id, [])
    events = [
        event for one in (*(i for i, _ in before), parcel.id) for event in history_of(tx, one)
    ]
    return {
        **parcel_body(parcel),
        "order": show("ord", parcel.order_id) if parcel.order_id else None,
        "direction": parcel.direction,
        "earlier_numbers": [{"carrier": c, "number": n} for _, (c, n) in before],
        "checkpoints": [_checkpoint(one) for one in said],
        "outlook": _outlook(late_store.outlook_of(tx, parcel.id)),
        "revisions": [_revision(one) for one in _revisions(events)],
    }


def _checkpoint(said: Checkpoint) -> dict[str, Any]:
    return {
        "at": instant(said.at),
        "code": said.code,
        "place": said.place,
        "words": said.words,
        "pickup_code": said.pickup_code,
        "expected_at": instant(said.expected_at),
    }


def _outlook(kept: tuple[datetime, Outlook] | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    looked_at, said = kept
    return {
        "late_percent": round(100 * said.late_share),
        "likely_at": instant(said.likely_at),
        "low_at": instant(said.low_at),
        "high_at": instant(said.high_at),
        "looked_at": instant(looked_at),
    }


def _revisions(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the changes that named another day than was expected, whatever its number was then."""
    day: str | None = None
    for event in events:
        named = event.new.get("expected_at")
        is_birth = event.old is None and named is None  # a new number says nothing of the day
        if named != day and not is_birth:
            day = named
            yield event


def _revision(event: Event) -> dict[str, Any]:
    return {
        "expected_at": event.new["expected_at"],
        "source": event.new["expected_source"],
        "by": event.by,
        "why": event.why,
        "at": instant(event.occurred_at),
    }
