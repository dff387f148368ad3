"""The HTTP of carriers: what they saw of a parcel."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BeforeValidator, ConfigDict, Field

from app.access.guard import scope
from app.access.keys import Caller
from app.db.transaction import attempt
from app.http.body import Body, Line, OneOf, Prose
from app.http.deps import Now, TheHouse
from app.http.problems import Fault, Problem
from app.intake.api import WHOM, asked
from app.intake.envelope import FUTURE
from app.intake.ring import Notify
from app.intake.snapshot import Time
from app.orders.bodies import parcel_body
from orders_core.events import Ring
from orders_core.parcels.parcel import Checkpoint, ParcelStatus, canonical
from orders_core.parcels.scan import Scan, record
from orders_core.parcels.store import Name

router = APIRouter(prefix="/v1/parcels", tags=["parcels"])

MOST_CHECKPOINTS = 500
RECENT = timedelta(hours=48)
Writer = Annotated[Caller, scope("parcels:write")]


class CheckpointBody(Body):
    """One thing a carrier said of a parcel; left out, `at` is now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "at": "2026-11-22T18:05:00+08:00",
                    "code": "at_station",
                    "place": "杭州文三路驿站",
                    "words": "快件已到站，请凭取件码领取",
                    "pickup_code": "7-2-301",
                }
            ]
        }
    )

    at: Time | None = None
    code: Annotated[ParcelStatus, OneOf(ParcelStatus)]
    place: Annotated[str, Line(200, least=0)] = ""
    words: Annotated[str, Prose(1000, least=0)] = ""
    pickup_code: Annotated[str, Line(40)] | None = None
    expected_at: Time | None = None

    def checkpoint(self, now: datetime) -> Checkpoint:
        """Return the checkpoint; without a time it was just seen."""
        return Checkpoint(
            at=self.at or now,
            code=self.code,
            place=self.place,
            words=self.words,
            pickup_code=self.pickup_code,
            expected_at=self.expected_at,
        )


def _listed(body: object) -> object:
    return [body] if isinstance(body, dict) else body


Checkpoints = Annotated[
    tuple[CheckpointBody, ...],
    Field(min_length=1, max_length=MOST_CHECKPOINTS, strict=False),
    BeforeValidator(_listed, json_schema_input_type=CheckpointBody | list[CheckpointBody]),
]


def parcel_name(
    carrier: Annotated[str, Path(), Line(40)], number: Annotated[str, Path(), Line(64)]
) -> Name:
    """Return the parcel that an address names."""
    return canonical(carrier, number)


def _asked(
    now: Now,
    notify: Annotated[
        str | None, Query(description=f"{WHOM} Left out: what was scanned in the last 48 h.")
    ] = None,
) -> Notify:
    return asked(notify) if notify else Notify(now - RECENT)


@router.post("/{carrier}/{number}/checkpoints")
def scanned(
    name: Annotated[Name, Depends(parcel_name)],
    body: Checkpoints,
    house: TheHouse,
    now: Now,
    caller: Writer,
    notify: Annotated[Notify, Depends(_asked)],
) -> Any:
    """Take a carrier's checkpoints of one parcel: one or a list, in any order, any number of times.

    A parcel nobody has shipped yet is kept until an order ships in it.
    """
    _refuse_the_future(body, now)
    scans = [Scan(*name, said.checkpoint(now)) for said in body]
    ring = notify.ring(Ring.NOW)
    recorded = attempt(
        house.engine, lambda tx: record(tx, scans, by=caller.name, at=now, ring=ring)
    )
    return {
        "parcel": parcel_body(recorded.parcels[name]),
        "results": [{"outcome": outcome} for outcome in recorded.outcomes],
    }


def _refuse_the_future(body: Checkpoints, now: datetime) -> None:
    for place, said in enumerate(body):
        if said.at and said.at > now + FUTURE:
            ahead = "lies more than a day ahead of the shop's clock"
            fault = Fault(code="in_the_future", detail=ahead, pointer=f"/{place}/at")
            raise Problem(status=422, code="in_the_future", detail=ahead, errors=[fault])
