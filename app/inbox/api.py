"""The HTTP of inboxes: what lies in a person's, and what they did with it, told by the shop."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from app.access.guard import scope
from app.access.keys import Caller
from app.http import cursors
from app.http.body import Line, OneOf, Prose, PublicId
from app.http.cursors import After, Limit
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.inbox import announcement_store, shelf_store, store
from app.inbox.announcement import PREFIX
from app.inbox.bodies import (
    ItemsBody,
    ReadAllBody,
    SnoozeBody,
    announced_body,
    item_body,
    to_come,
    unread_body,
)
from app.inbox.item import Folder, Mark
from app.people import store as people
from app.people.person import name_of
from orders_core.errors import NotFound
from orders_core.ids import PersonId, show

router = APIRouter(prefix="/v1/people/{who}/inbox", tags=["inbox"])
of_person = APIRouter(prefix="/v1/people/{who}/announcements", tags=["inbox"])

Who = Annotated[
    str, Line(64), Path(description="Our id (`per_…`) or the shop's own reference of the person.")
]
AnnouncementRef = Annotated[UUID, PublicId(PREFIX), Path()]
READ = scope("people:read")
Writer = Annotated[Caller, scope("people:write")]
Wanted = Annotated[Folder, OneOf(Folder), Query()]
Words = Annotated[
    str, Prose(200, 0), Query(description="Only what holds every one of these words, in any folder")
]


@dataclass(frozen=True)
class Glance:
    """What is asked of an inbox."""

    folder: Wanted = Folder.INBOX
    q: Words = ""
    limit: Limit = 50
    after: After = None


Look = Annotated[Glance, Depends()]


@router.get("", dependencies=[READ])
def inbox(who: Who, tx: Transaction, now: Now, house: TheHouse, look: Look) -> Any:
    """List a folder of a person's inbox, newest first, with the unread counts of every folder."""
    person_id = people.person_of(tx, who)
    secret = secret_of(house)
    of = f"inbox:{person_id}:{'search' if look.q else look.folder}"
    last, at_most = cursors.read(secret, look.after, of=of), look.limit + 1
    if look.q:
        rows = shelf_store.search(tx, person_id, look.q, after=last, at_most=at_most)
    else:
        rows = shelf_store.items(tx, person_id, look.folder, now=now, after=last, at_most=at_most)
    page = cursors.page(secret, rows, limit=look.limit, of=of)
    return page.shown(lambda item: item_body(item, now)) | _counts(tx, person_id, now)


@router.post("/read")
def read(who: Who, said: ItemsBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Mark items read; one that is read keeps its first time."""
    return _marked(tx, people.person_of(tx, who), said, Mark.READ, now)


@router.post("/seen")
def seen(who: Who, said: ItemsBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Mark items seen: they were on a screen, which does not read them."""
    return _marked(tx, people.person_of(tx, who), said, Mark.SEEN, now)


@router.post("/archive")
def archive(who: Who, said: ItemsBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Put items away."""
    return _marked(tx, people.person_of(tx, who), said, Mark.ARCHIVED, now)


@router.post("/unread")
def unread(who: Who, said: ItemsBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Mark items unread again."""
    person_id = people.person_of(tx, who)
    return _done(tx, person_id, store.unread_again(tx, person_id, said.items), now)


@router.post("/unarchive")
def unarchive(who: Who, said: ItemsBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Bring items back that were put away or put off."""
    person_id = people.person_of(tx, who)
    return _done(tx, person_id, store.bring_back(tx, person_id, said.items), now)


@router.post("/snooze")
def snooze(who: Who, said: SnoozeBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Put items off: they leave the inbox, and are back as new at `until`."""
    until = to_come(said.until, now)
    person_id = people.person_of(tx, who)
    return _done(tx, person_id, store.put_off(tx, person_id, said.items, until=until), now)


@router.post("/read_all")
def read_all(who: Who, said: ReadAllBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Mark everything of a folder read, up to an item: what came later was on no screen."""
    person_id = people.person_of(tx, who)
    changed = store.mark_all(tx, person_id, said.folder, up_to=said.up_to, as_=Mark.READ, now=now)
    return _done(tx, person_id, changed, now)


@of_person.get("", dependencies=[READ])
def announcements(who: Who, tx: Transaction, now: Now) -> Any:
    """List what a person is to see of the shop's announcements now, in their language."""
    person = people.find(tx, name_of(who))
    shown = announcement_store.shown_to(tx, person, now=now)
    return {"data": [announced_body(one, person.locale) for one in shown]}


@of_person.post("/{announcement_id}/dismiss", status_code=204)
def dismiss(
    who: Who, announcement_id: AnnouncementRef, tx: Transaction, now: Now, _: Writer
) -> None:
    """Show an announcement to a person no more."""
    person = people.find(tx, name_of(who))
    if not announcement_store.dismiss(tx, person, announcement_id, now=now):
        raise NotFound("announcement", show(PREFIX, announcement_id))


def _marked(
    tx: Transaction, person_id: PersonId, said: ItemsBody, as_: Mark, now: datetime
) -> dict[str, Any]:
    return _done(tx, person_id, store.mark(tx, person_id, said.items, as_, now=now), now)


def _done(tx: Transaction, person_id: PersonId, count: int, now: datetime) -> dict[str, Any]:
    return {"theirs": count} | _counts(tx, person_id, now)


def _counts(tx: Transaction, person_id: PersonId, now: datetime) -> dict[str, Any]:
    return {"unread": unread_body(shelf_store.unread(tx, person_id, now=now))}
