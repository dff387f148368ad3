"""Why did, or didn't, this person get it? A search box, then order, person or message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.house import House
from app.http.body import PublicId
from app.http.deps import Now, TheHouse, Transaction
from app.http.pages import locale_of, render
from app.hub import digest_store
from app.hub.digest_said import digests_of, in_digest
from app.hub.explain import Explained, explain
from app.messages import capture_store
from app.ops import store
from app.ops.limits import limits
from app.ops.search import LONGEST, search
from app.ops.trace import trace
from app.ops.untold import entities, untold
from app.ops.week import week
from app.people import history_store
from app.people.history import acts_of
from app.people.links import links_of
from orders_core.errors import NotFound
from orders_core.ids import PersonId, show
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

MOST_ACTS, MOST_LINES = 12, 100  # of what a person chose

Reader = Annotated[Caller, may(Permission.PEOPLE_READ)]


@dataclass(frozen=True)
class Told:
    """A verdict, what it means, and the messages it became."""

    row: Any
    explained: Explained
    digests: Sequence[str]
    messages: Sequence[Any]


@router.get("/ops/search")
def search_page(
    request: Request, tx: Transaction, _: Reader, q: Annotated[str, Query(max_length=LONGEST)] = ""
) -> Response:
    """Find what the operator has in hand; a single hit opens at once."""
    hits = search(tx, q)
    if len(hits) == 1:
        return RedirectResponse(hits[0].path, status_code=303)
    return render(request, "ops/search.html", q=q.strip(), hits=hits)


@router.get("/ops/orders/{order_id}")
def order_page(
    request: Request,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    _: Reader,
    order_id: Annotated[UUID, PublicId("ord"), Path()],
) -> HTMLResponse:
    """Show an order, its news with the reasons, and everything written about it."""
    found = trace(tx, show("ord", order_id))
    person = store.one_person(tx, found.order.person_id)
    whose = _whose(person, house)
    verdicts, parcels = store.verdicts_of_order(tx, order_id), store.parcels_of(tx, order_id)
    return render(
        request,
        "ops/order.html",
        order=_fields(found.order),
        person=person,
        parcels=parcels,
        verdicts=_told(tx, verdicts, locale_of(request), whose, now),
        limits=_limits(tx, request, found.order.placed_at, whose),
        untold=untold(store.events_of(tx, entities(order_id, parcels)), verdicts),
        steps=found.steps,
    )


@router.get("/ops/people/{person_id}")
def person_page(
    request: Request,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    _: Reader,
    person_id: Annotated[UUID, PublicId("per"), Path()],
) -> HTMLResponse:
    """Show a person and, of every notice, why it was sent, held or not sent."""
    person = store.one_person(tx, person_id)
    if person is None:
        raise NotFound("person", show("per", person_id))
    rows, whose = store.verdicts_of_person(tx, person_id), _whose(person, house)
    said = history_store.page(tx, PersonId(person_id), after=None, at_most=MOST_LINES)
    links, locale = links_of(house.settings), locale_of(request)
    is_shop = house.settings.mode == "production"  # there a person's own pages stay their own
    return render(
        request,
        "ops/person.html",
        person=person,
        contacts=store.contacts(tx, person_id),
        orders=store.latest_orders(tx, person_id),
        verdicts=_told(tx, rows, locale, whose, now),
        limits=_limits(tx, request, person.created_at, whose),
        acts=acts_of(said)[:MOST_ACTS],
        token=None,
        week=week(rows, now=now, zone=whose.zone),
        links=None
        if is_shop or person.erased_at
        else {
            "inbox": links.inbox(PersonId(person_id)),
            "preferences": links.preferences(PersonId(person_id)),
        },
    )


@router.get("/ops/messages/{message_id}")
def message_page(
    request: Request,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    _: Reader,
    message_id: Annotated[UUID, PublicId("msg"), Path()],
) -> HTMLResponse:
    """Show one message: where it stands and why it was sent."""
    message = store.one_message(tx, message_id)
    if message is None:
        raise NotFound("message", show("msg", message_id))
    person = store.one_person(tx, message.person_id)
    whose = _whose(person, house)
    rows = store.verdicts_by_id(tx, [message.verdict_id])
    return render(
        request,
        "ops/message.html",
        message=message,
        left=capture_store.of_message(tx, message_id),
        verdicts=_told(tx, rows, locale_of(request), whose, now),
        limits=_limits(tx, request, message.queued_at, whose),
    )


@dataclass(frozen=True)
class Whose:
    """Whose clock times are shown by: the person's, or the shop's once they were erased."""

    zone: str
    erased_at: datetime | None


def _whose(person: Any, house: House) -> Whose:
    if person is None or person.erased_at is not None:
        return Whose(house.settings.shop_zone, person and person.erased_at)
    return Whose(person.zone, None)


def _limits(tx: Tx, request: Request, began: datetime, whose: Whose) -> list[str]:
    """Say where the record ends, of what was decided since something began."""
    locale = locale_of(request)
    ends = limits(tx, began=began, erased_at=whose.erased_at, zone=whose.zone)
    return [one.words(locale) for one in ends]


def _told(tx: Tx, rows: Sequence[Any], locale: str, whose: Whose, now: datetime) -> list[Told]:
    by_verdict: dict[UUID, list[Any]] = {}
    for message in store.messages_of(tx, [row.id for row in rows]):
        by_verdict.setdefault(message.verdict_id, []).append(message)
    joined = digest_store.joined_by(tx, [row.id for row in rows])
    told = []
    for row in rows:
        messages = by_verdict.get(row.id, [])
        channels = list(dict.fromkeys(message.channel for message in messages))
        words = explain(row, locale=locale, zone=whose.zone, channels=channels)
        found = digests_of(row, joined.get(row.id, ()), erased_at=whose.erased_at, now=now)
        digests = [in_digest(one, locale=locale, zone=whose.zone) for one in found]
        told.append(Told(row, words, digests, messages))
    return told


def _fields(row: Any) -> dict[str, Any]:
    return dict(row._mapping)
