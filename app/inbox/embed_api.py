"""The HTTP of an inbox inside a page of the shop: one person's token opens that person's alone."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.access.guard import scope, token
from app.access.keys import Caller
from app.house import House
from app.http import cursors
from app.http.body import Line, OneOf, Prose, PublicId, Whole
from app.http.cursors import After
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.http.problems import Problem
from app.inbox import announcement_store, shelf_store, store
from app.inbox.announcement import PREFIX
from app.inbox.bodies import ItemsBody, ReadAllBody, announced_body, to_come, unread_body
from app.inbox.bundle import Bundle
from app.inbox.embed_bodies import LaterBody, LineBody, TokenBody, bundles_body
from app.inbox.item import Folder, Mark
from app.inbox.later import tomorrow_at_nine
from app.inbox.live import Live
from app.people import store as people
from app.people.links import BadLink, Holder, links_of
from app.people.person import LOCALES, name_of
from orders_core.errors import NotFound
from orders_core.ids import PersonId, show
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/embed/inbox", tags=["embed"])
tokens = APIRouter(prefix="/v1/people/{who}/inbox-token", tags=["embed"])

A_PAGE, MOST_ON_A_PAGE = 20, 50  # bundles
ASK_AGAIN_MILLISECONDS = 3000
AGAIN = {"Retry-After": "30"}


def _opened(house: House, text: str) -> Holder:
    try:
        return links_of(house.settings).holder(text, at=time.time())
    except BadLink:
        detail = "this is no token of an embedded inbox; ask your server for one"
        raise Problem(status=401, code="bad_token", detail=detail) from None


TheHolder = Annotated[Holder, token("inbox", _opened)]
Who = Annotated[
    str, Line(64), Path(description="Our id (`per_…`) or the shop's own reference of the person.")
]
Writer = Annotated[Caller, scope("people:write")]
AnnouncementRef = Annotated[UUID, PublicId(PREFIX), Path()]


def _lang(
    lang: Annotated[str, Query(description="zh or en; else the person's own.")] = "",
) -> str | None:
    return lang if lang in LOCALES else None


@dataclass(frozen=True)
class Glance:
    """What a page shows of an inbox; a search looks in every folder."""

    folder: Annotated[Folder, OneOf(Folder), Query()] = Folder.INBOX
    q: Annotated[str, Prose(200, 0), Query()] = ""
    limit: Annotated[int, Whole(1, MOST_ON_A_PAGE), Query()] = A_PAGE
    after: After = None


Look = Annotated[Glance, Depends()]
Tongue = Annotated[str | None, Depends(_lang)]


@tokens.post("")
def inbox_token(
    who: Who, tx: Transaction, house: TheHouse, _: Writer, said: TokenBody | None = None
) -> Any:
    """Sign a token that shows this person's inbox in a page of yours, for an hour by default."""
    person = people.find(tx, name_of(who))
    until = int(time.time()) + (said or TokenBody()).life_seconds
    return {
        "token": links_of(house.settings).embedded(person.id, until=until),
        "person": show("per", person.id),
        "expires_at": datetime.fromtimestamp(until, UTC).isoformat(),
    }


@router.get("")
def inbox(
    tx: Transaction, now: Now, house: TheHouse, holder: TheHolder, look: Look, tongue: Tongue
) -> Any:
    """List a folder bundle by bundle, urgent first; its first page brings the announcements."""
    whose = holder.person_id
    of = f"embed:{whose}:{'search' if look.q else look.folder}"
    after = cursors.read(secret_of(house), look.after, of=of)
    found = _found(tx, whose, look, now, after)
    page, rest = found[: look.limit], found[look.limit :]
    ahead = [] if look.q or after else shelf_store.lifted(tx, whose, look.folder, now=now)
    last = cursors.write(secret_of(house), page[-1].newest.id, of=of) if rest else None
    return {
        "data": bundles_body([*ahead, *page], links_of(house.settings), now),
        "has_more": last is not None,
        "next": last,
        "announcements": [] if look.q or after else _announced(tx, whose, tongue, now),
    } | _counts(tx, whose, now)


@router.get("/count")
def count(tx: Transaction, now: Now, holder: TheHolder) -> Any:
    """Count what is unread in each folder: what a closed bell shows."""
    return _counts(tx, holder.person_id, now)


@router.get("/stream")
async def stream(request: Request, holder: TheHolder) -> EventSourceResponse:
    """Send a hint whenever the inbox may have news, until the token is over."""
    live = cast(Live, request.app.state.live)
    if live.is_full:
        raise Problem(status=503, code="busy", detail="too many inboxes are open", headers=AGAIN)
    return EventSourceResponse(_hints(live, holder), ping=60)


async def _hints(live: Live, holder: Holder) -> AsyncIterator[ServerSentEvent]:
    async for is_news in live.hints(holder.person_id):
        if time.time() >= holder.until:
            return
        if is_news:
            yield ServerSentEvent(event="news", data="1", retry=ASK_AGAIN_MILLISECONDS)
        else:
            yield ServerSentEvent(comment="still here")


@router.post("/seen")
def seen(said: ItemsBody, tx: Transaction, now: Now, holder: TheHolder) -> Any:
    """Mark lines seen: they were on a screen, which does not read them."""
    return _done(tx, holder, store.mark(tx, holder.person_id, said.items, Mark.SEEN, now=now), now)


@router.post("/read")
def read(said: LineBody, tx: Transaction, now: Now, holder: TheHolder) -> Any:
    """Mark a line read, with the earlier lines of its bundle."""
    marked = store.mark_bundle(tx, holder.person_id, said.item, Mark.READ, now=now)
    return _done(tx, holder, marked, now)


@router.post("/unread")
def unread(said: LineBody, tx: Transaction, now: Now, holder: TheHolder) -> Any:
    """Mark a line unread again."""
    return _done(tx, holder, store.unread_again(tx, holder.person_id, [said.item]), now)


@router.post("/archive")
def archive(said: LineBody, tx: Transaction, now: Now, holder: TheHolder) -> Any:
    """Put a line away, with the earlier lines of its bundle."""
    marked = store.mark_bundle(tx, holder.person_id, said.item, Mark.ARCHIVED, now=now)
    return _done(tx, holder, marked, now)


@router.post("/back")
def back(said: LineBody, tx: Transaction, now: Now, holder: TheHolder) -> Any:
    """Bring back a bundle that was put away or put off."""
    return _done(tx, holder, store.take_back(tx, holder.person_id, said.item), now)


@router.post("/snooze")
def snooze(said: LaterBody, tx: Transaction, now: Now, holder: TheHolder) -> Any:
    """Put a bundle off: it is back as new at `until`, as a rule tomorrow at nine on their clock."""
    whose = holder.person_id
    until = said.until or tomorrow_at_nine(now, people.find(tx, whose).zone)
    return _done(tx, holder, store.snooze(tx, whose, said.item, until=to_come(until, now)), now)


@router.post("/read_all")
def read_all(said: ReadAllBody, tx: Transaction, now: Now, holder: TheHolder) -> Any:
    """Mark everything of a folder read, up to a line: what came later was on no screen."""
    whose, up_to = holder.person_id, said.up_to
    marked = store.mark_all(tx, whose, said.folder, up_to=up_to, as_=Mark.READ, now=now)
    return _done(tx, holder, marked, now)


@router.post("/announcements/{announcement_id}/dismiss", status_code=204)
def dismiss(announcement_id: AnnouncementRef, tx: Transaction, now: Now, holder: TheHolder) -> None:
    """Show an announcement to this person no more."""
    person = people.find(tx, holder.person_id)
    if not announcement_store.dismiss(tx, person, announcement_id, now=now):
        raise NotFound("announcement", show(PREFIX, announcement_id))


def _found(
    tx: Tx, whose: PersonId, look: Glance, now: datetime, after: UUID | None
) -> list[Bundle]:
    """Return one bundle more than is shown, where there is one."""
    most = look.limit + 1
    if look.q:
        lines = shelf_store.search(tx, whose, look.q, after=after, at_most=most)
        return [Bundle((line,)) for line in lines]
    return list(shelf_store.bundles(tx, whose, look.folder, now=now, after=after, at_most=most))


def _announced(tx: Tx, whose: PersonId, tongue: str | None, now: datetime) -> list[dict[str, Any]]:
    person = people.find(tx, whose)
    shown = announcement_store.shown_to(tx, person, now=now)
    return [announced_body(one, tongue or person.locale) for one in shown]


def _done(tx: Tx, holder: Holder, lines: int, now: datetime) -> dict[str, Any]:
    return {"theirs": lines} | _counts(tx, holder.person_id, now)


def _counts(tx: Tx, whose: PersonId, now: datetime) -> dict[str, Any]:
    return {"unread": unread_body(shelf_store.unread(tx, whose, now=now))}
