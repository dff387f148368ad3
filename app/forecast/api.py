"""The HTTP of the forecast: contacts, promotions and rosters in, the plan out."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query

from app.access.guard import scope
from app.access.keys import Caller
from app.forecast import contacts_store, make, plan_store, promotions, roster_store, run_store
from app.forecast.bodies import (
    ContactsBody,
    PromotionBody,
    RosterBody,
    plan_body,
    promotion_body,
    roster_body,
    run_body,
    show_run,
)
from app.http.body import Instant, Line, OneOf, PublicId
from app.http.deps import Now, Transaction
from app.http.idempotency import KeyedOnce
from app.http.problems import Problem
from ml.load.slots import slot_of
from orders_core.errors import NotFound

router = APIRouter(prefix="/v1/forecast", tags=["forecast"])

Reader = Annotated[Caller, scope("forecast:read")]
Writer = Annotated[Caller, scope("forecast:write")]
Reference = Annotated[str, Line(64), Path(description="The shop's own reference of the promotion.")]
From = Annotated[Instant | None, Query(alias="from")]
To = Annotated[Instant | None, Query(alias="to")]
A_WEEK = timedelta(days=7)
LONGEST = timedelta(days=62)
PROMOTIONS_SHOWN = timedelta(days=400)


class By(StrEnum):
    """How finely a plan is read."""

    SLOT = "slot"
    GROUP = "group"


@router.put("/contacts")
def put_contacts(body: ContactsBody, tx: Transaction, _: Writer) -> Any:
    """Tell how many contacts another system counted, by half hour and what they are about.

    At most 5,000 `slots` and 2,000 `hours` a call. They count beside those that came in here. The
    next plan, within the hour, knows of them.
    """
    contacts_store.put(tx, body.source, body.counts)
    return {"source": body.source, "slots": len(body.slots), "hours": len(body.hours)}


@router.put("/promotions/{reference}")
def put_promotion(
    reference: Reference, body: PromotionBody, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Write a promotion under your own reference; a fresh plan is asked for if that is news."""
    promotion = body.promotion(reference)
    if promotions.put(tx, promotion, now=now):
        make.ask(tx, why="promotion", by=caller.name, now=now)
    return promotion_body(promotion)


@router.get("/promotions")
def read_promotions(tx: Transaction, now: Now, _: Reader) -> Any:
    """List the promotions of a year and a month each way, in the order they start."""
    found = promotions.between(tx, since=now - PROMOTIONS_SHOWN, until=now + PROMOTIONS_SHOWN)
    return {"data": [promotion_body(promotion) for promotion in found]}


@router.put("/roster")
def put_roster(body: RosterBody, tx: Transaction, _: Writer) -> Any:
    """Tell how many people are rostered, by half hour or by the hour.

    At most 5,000 `slots` and 2,000 `hours` a call; what is not named stays as it was told.
    """
    roster_store.put(tx, body.people)
    return {"slots": len(body.slots), "hours": len(body.hours)}


@router.get("/roster")
def read_roster(tx: Transaction, now: Now, _: Reader, since: From = None, until: To = None) -> Any:
    """Read who is rostered by half hour, as `PUT` takes it: by default the week from this one on.

    What nobody told lacks.
    """
    first, last = stretch(now, since, until)
    return {"slots": roster_body(roster_store.read(tx, since=first, until=last))}


@router.post("/runs", status_code=202)
def ask_for_a_run(once: KeyedOnce, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Ask the worker for a fresh plan; it learns for up to a minute, `GET` of the run says when."""

    def work() -> tuple[int, dict[str, Any]]:
        run_id = make.ask(tx, why="asked", by=caller.name, now=now)
        return 202, {"id": show_run(run_id), "state": "asked"}

    return once.run(tx, caller.name, work)


@router.get("/runs/{run_id}")
def read_run(run_id: Annotated[UUID, PublicId("fcr"), Path()], tx: Transaction, _: Reader) -> Any:
    """Read how a run stands and, once it is stored, what it rests on."""
    run = run_store.find(tx, run_id)
    if run is None:
        raise NotFound("run", show_run(run_id))
    return run_body(run)


@router.get("/plan")
def read_plan(
    tx: Transaction,
    now: Now,
    _: Reader,
    since: From = None,
    until: To = None,
    by: Annotated[By, OneOf(By)] = By.SLOT,
) -> Any:
    """Read contacts and people by half hour: by default this one and the seven days from it.

    `usual` is the mean of the last four same weekdays, `baseline` that times the promotion's
    multiplier; `low` to `high` holds 80 % of what may come. `by=group` adds what contacts are
    about. Half hours that are over show what was foreseen of them. Six weeks are planned ahead.
    """
    first, last = stretch(now, since, until)
    run = run_store.latest(tx)
    slots = plan_store.plan(tx, since=first, until=last)
    groups = plan_store.groups(tx, since=first, until=last) if by is By.GROUP else None
    return {"run": run_body(run) if run else None, "data": plan_body(slots, groups)}


def stretch(
    now: datetime, since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime]:
    """Return the half hours asked for: the week from this one on, if none were."""
    first = slot_of(since or now)
    last = until or first + A_WEEK
    if not first < last <= first + LONGEST:
        raise Problem(
            status=422,
            code="bad_range",
            detail="`to` must lie after `from`, by 62 days at most",
        )
    return first, last
