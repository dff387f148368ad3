"""The people behind a number: who would be reached, or was, or was not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.campaigns import reach_store, segment_store, store, told_store
from app.campaigns import view as views
from app.campaigns.campaign import PREFIX
from app.campaigns.reach_store import MOST_EXAMPLES
from app.campaigns.segment_store import Someone
from app.http.body import PublicId
from app.http.deps import Transaction
from app.http.pages import render
from app.http.table import csv_answer
from app.people.choices import BELLS
from app.people.store import recipients
from app.words import show
from orders_core import ids
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.CAMPAIGNS_READ)]
Ref = Annotated[UUID, PublicId(PREFIX), Path()]
A_PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which people are asked for: of the weighed `reach`, or of who was `told`, by outcome."""

    of: Literal["reach", "told"]
    outcome: str
    after: UUID | None


def _wanted(
    of: Annotated[Literal["reach", "told"], Query()] = "told",
    outcome: Annotated[str, Query(max_length=40)] = told_store.SENT_AT_ONCE,
    after: Annotated[UUID | None, PublicId("per"), Query()] = None,
) -> Wanted:
    return Wanted(of, outcome if outcome in views.OUTCOMES else told_store.SENT_AT_ONCE, after)


Asked = Annotated[Wanted, Depends(_wanted)]


@dataclass(frozen=True)
class Shown:
    """One person, and their addresses in part, by channel."""

    person: Someone
    addresses: Sequence[tuple[str, str]]


@router.get("/campaigns/{campaign_id}/people")
def people(
    request: Request, tx: Transaction, caller: Reader, campaign_id: Ref, wanted: Asked
) -> HTMLResponse:
    """Show the people of one outcome, page by page."""
    campaign = store.find(tx, campaign_id)
    found = _ids(tx, campaign_id, wanted, at_most=A_PAGE + 1)
    return render(
        request,
        "campaigns/people.html",
        campaign=campaign,
        wanted=wanted,
        count=_count(tx, campaign_id, wanted),
        kept=MOST_EXAMPLES,
        rows=_shown(tx, found[:A_PAGE]),
        older=found[A_PAGE - 1] if len(found) > A_PAGE else None,
        may_open=Permission.PEOPLE_READ in caller.scopes,
    )


@router.get("/campaigns/{campaign_id}/people.csv")
def table(tx: Transaction, _: Reader, campaign_id: Ref, wanted: Asked) -> Response:
    """Return the first five hundred people of one outcome as a table, without addresses."""
    store.find(tx, campaign_id)
    found = segment_store.named(tx, _ids(tx, campaign_id, wanted, at_most=MOST_EXAMPLES))
    rows = [(ids.show("per", one.id), one.locale, one.zone, wanted.outcome) for one in found]
    names = ("person", "locale", "zone", "outcome")
    return csv_answer(f"people-{wanted.outcome}", names, rows)


def _ids(tx: Tx, campaign_id: UUID, wanted: Wanted, *, at_most: int) -> Sequence[UUID]:
    if wanted.of == "told":
        return told_store.people(
            tx, campaign_id, wanted.outcome, after=wanted.after, at_most=at_most
        )
    weighed = reach_store.latest(tx, campaign_id)
    examples = weighed.examples.get(wanted.outcome, ()) if weighed else ()
    kept = sorted(ids.read("per", one) for one in examples)
    return [one for one in kept if wanted.after is None or one > wanted.after][:at_most]


def _count(tx: Tx, campaign_id: UUID, wanted: Wanted) -> int:
    if wanted.of == "told":
        return told_store.tally(tx, campaign_id).get(wanted.outcome, 0)
    weighed = reach_store.latest(tx, campaign_id)
    return weighed.outcomes.get(wanted.outcome, 0) if weighed else 0


def _shown(tx: Tx, found: Sequence[UUID]) -> Sequence[Shown]:
    named = segment_store.named(tx, found)
    known = recipients(tx, [one.id for one in named])
    return [
        Shown(
            one,
            [
                (channel, show.masked(address))
                for channel, addresses in sorted(known[one.id].addresses.items())
                if channel in BELLS
                for address in addresses[:1]
            ],
        )
        for one in named
    ]
