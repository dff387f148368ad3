"""The HTTP of campaigns: write, weigh, schedule, stop, and see how far each has come."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Path

from app.access.guard import scope
from app.access.keys import Caller
from app.campaigns import best_time, change, reach, reach_store, store, told_store
from app.campaigns.bodies import (
    CampaignBody,
    WhyBody,
    campaign_body,
    progress_body,
    reach_body,
    times_body,
)
from app.campaigns.campaign import PREFIX
from app.campaigns.change import Act
from app.campaigns.progress import progress
from app.http import cursors
from app.http.body import Line, PublicId
from app.http.cursors import After, Limit
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.http.idempotency import KeyedOnce
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"])

READ = scope("campaigns:read")
Writer = Annotated[Caller, scope("campaigns:write")]
Ref = Annotated[UUID, PublicId(PREFIX), Path()]
NOTHING_SAID = WhyBody()


@router.post("", status_code=201)
def create(said: CampaignBody, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Write a campaign as a draft; nobody hears of it before it is scheduled."""
    draft = said.draft()

    def work() -> tuple[int, Mapping[str, Any]]:
        campaign_id = change.write(tx, draft, Act(caller.name, now))
        return 201, campaign_body(store.find(tx, campaign_id))

    return once.run(tx, caller.name, work)


@router.get("", dependencies=[READ])
def page(tx: Transaction, house: TheHouse, limit: Limit = 50, after: After = None) -> Any:
    """List campaigns, newest first."""
    secret = secret_of(house)
    begins = cursors.read(secret, after, of="campaigns")
    rows = store.page(tx, after=begins, at_most=limit + 1)
    return cursors.page(secret, rows, limit=limit, of="campaigns").shown(campaign_body)


@router.get("/{campaign_id}", dependencies=[READ])
def one(tx: Transaction, campaign_id: Ref) -> Any:
    """Show a campaign, and what its reach was weighed at last."""
    found = reach_store.latest(tx, campaign_id)
    return {
        **campaign_body(store.find(tx, campaign_id)),
        "reach": reach_body(found) if found else None,
    }


@router.put("/{campaign_id}")
def rewrite(said: CampaignBody, tx: Transaction, now: Now, caller: Writer, campaign_id: Ref) -> Any:
    """Write a draft anew, whole."""
    change.rewrite(tx, campaign_id, said.draft(), Act(caller.name, now))
    return campaign_body(store.find(tx, campaign_id))


@router.post("/{campaign_id}/estimate", status_code=202)
def estimate(
    once: KeyedOnce,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    caller: Writer,
    campaign_id: Ref,
) -> Any:
    """Ask the worker to weigh everybody with the real decision; `GET` shows it as it is counted."""

    def work() -> tuple[int, Mapping[str, Any]]:
        reach.ask(tx, campaign_id, settings=house.settings, now=now)
        found = reach_store.latest(tx, campaign_id)
        return 202, reach_body(found) if found else {}

    return once.run(tx, caller.name, work)


@router.post("/{campaign_id}/schedule", status_code=202)
def schedule(
    once: KeyedOnce,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    caller: Writer,
    campaign_id: Ref,
) -> Any:
    """Let the countdown begin; until it ends `abort` leaves nothing behind."""

    def work() -> tuple[int, Mapping[str, Any]]:
        change.schedule(tx, campaign_id, Act(caller.name, now), settings=house.settings)
        return 202, _stands(tx, campaign_id)

    return once.run(tx, caller.name, work)


@router.post("/{campaign_id}/abort")
def abort(
    tx: Transaction, now: Now, caller: Writer, campaign_id: Ref, said: WhyBody = NOTHING_SAID
) -> Any:
    """Make a campaign that has not begun a draft again; nobody was told."""
    change.abort(tx, campaign_id, Act(caller.name, now, said.why))
    return _stands(tx, campaign_id)


@router.post("/{campaign_id}/pause")
def pause(
    tx: Transaction, now: Now, caller: Writer, campaign_id: Ref, said: WhyBody = NOTHING_SAID
) -> Any:
    """Decide about nobody further; what was decided and is queued leaves."""
    change.pause(tx, campaign_id, Act(caller.name, now, said.why))
    return _stands(tx, campaign_id)


@router.post("/{campaign_id}/resume")
def resume(
    tx: Transaction, now: Now, caller: Writer, campaign_id: Ref, said: WhyBody = NOTHING_SAID
) -> Any:
    """Go on behind the last person decided."""
    change.resume(tx, campaign_id, Act(caller.name, now, said.why))
    return _stands(tx, campaign_id)


@router.post("/{campaign_id}/cancel")
def cancel(
    tx: Transaction, now: Now, caller: Writer, campaign_id: Ref, said: WhyBody = NOTHING_SAID
) -> Any:
    """End a campaign and withdraw what is queued; what is being sent this moment leaves."""
    change.cancel(tx, campaign_id, Act(caller.name, now, said.why))
    return _stands(tx, campaign_id)


@router.get("/{campaign_id}/progress", dependencies=[READ])
def how_far(tx: Transaction, now: Now, campaign_id: Ref) -> Any:
    """Show how far a campaign has come: its countdown, slots, people by outcome, messages.

    `times` is there where each person has an hour: what that brought, or null while it is early.
    """
    times = best_time.measured(tx, store.find(tx, campaign_id), now=now)
    return {**_stands(tx, campaign_id), "times": times_body(times) if times else None}


@router.get("/{campaign_id}/people", dependencies=[READ])
def people(
    tx: Transaction,
    house: TheHouse,
    campaign_id: Ref,
    outcome: Annotated[str, Line(40)],
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List the people that were decided about with one outcome, in the order of ids."""
    secret, of = secret_of(house), f"campaign:{campaign_id}:{outcome}"
    begins = cursors.read(secret, after, of=of)
    store.find(tx, campaign_id)
    rows = told_store.people(tx, campaign_id, outcome, after=begins, at_most=limit + 1)
    found = cursors.page(secret, [_Row(row) for row in rows], limit=limit, of=of)
    return found.shown(lambda row: {"person": show("per", row.id)})


class _Row(NamedTuple):
    """A person as a row of a page."""

    id: UUID


def _stands(tx: Tx, campaign_id: UUID) -> dict[str, Any]:
    found = store.find(tx, campaign_id)
    return {"id": found.ref, **progress_body(progress(tx, found))}
