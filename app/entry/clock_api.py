"""Demo and test mode only: let business time run faster, or jump."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request

from app.access.guard import scope
from app.access.keys import Caller
from app.db import clock as clock_store
from app.http.body import Body, Whole
from app.http.deps import Transaction, house_of
from app.subscribers.jump import jump

router = APIRouter(prefix="/v1/test/clock", tags=["test"])

Tester = Annotated[Caller, scope("test:clock")]
LONGEST_JUMP_SECONDS = 400 * 24 * 3600
FASTEST = 3600


class Advance(Body):
    """How far to jump forward."""

    seconds: Annotated[int, Whole(1, LONGEST_JUMP_SECONDS)]


class Pace(Body):
    """Business seconds a machine second."""

    rate: Annotated[int, Whole(1, FASTEST)]


@router.get("")
def look(tx: Transaction, _: Tester) -> Any:
    """Say what the shop's clock shows and how many business seconds it runs a machine second."""
    timeline, machine_now = clock_store.read(tx)
    return {"now": timeline.at(machine_now).isoformat(), "rate": timeline.rate}


@router.post("/advance")
def advance(body: Advance, request: Request, _: Tester) -> Any:
    """Jump forward; everything that came due on the way is done, in order, when this answers."""
    house = house_of(request)
    arrived = jump(house, forward=timedelta(seconds=body.seconds))
    return {
        "now": arrived.now.isoformat(),
        "events_handled": arrived.events,
        "messages_settled": arrived.messages,
    }


@router.post("/rate")
def pace(body: Pace, tx: Transaction, _: Tester) -> Any:
    """Let business time run at another rate from now on."""
    return {"now": clock_store.set_rate(tx, rate=float(body.rate)).isoformat(), "rate": body.rate}
