"""The HTTP of announcements: one row said to many, who see it when they look."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import ConfigDict, Field

from app.access import audit
from app.access.guard import scope
from app.access.keys import Caller
from app.http import cursors
from app.http.body import Body, Instant, Line, OneOf, Prose, PublicId
from app.http.cursors import After, Limit
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.http.idempotency import KeyedOnce
from app.http.problems import Fault, Problem
from app.inbox import announcement_store as store
from app.inbox.announcement import CLOSER, PREFIX, Announcement, Audience, flaws
from orders_core.ids import new_id, show

router = APIRouter(prefix="/v1/announcements", tags=["inbox"])

Reader = Annotated[Caller, scope("messages:read")]
Writer = Annotated[Caller, scope("notices:write")]
Ref = Annotated[UUID, PublicId(PREFIX), Path()]


DETAILS = {
    "ends_before_start": "`ends_at` must lie after the start",
    "not_for_audience": "`audience_of` belongs to the audiences `subscribers` and `order_state`",
    "audience_of_missing": "`audience_of` must name what this audience means",
    "unknown_value": "`audience_of` must name categories for `subscribers`, states for orders",
}
CLOSEST = [word for words in CLOSER.values() for word in words]
Closer = Annotated[str, OneOf(CLOSEST)]


class InBoth(Body):
    """One line in both languages."""

    zh: Annotated[str, Line(100)]
    en: Annotated[str, Line(100)]


class LongInBoth(Body):
    """A text in both languages."""

    zh: Annotated[str, Prose(2000)]
    en: Annotated[str, Prose(2000)]


class AnnouncementBody(Body):
    """What is said in both languages, to whom, and from when until when.

    `audience`: `everyone`, `zh` or `en` (readers of a language), `open_order` (who waits for one),
    `subscribers` (`audience_of` names categories) or `order_state` (it names states of orders).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": {"zh": "春节发货安排", "en": "Holiday shipping"},
                    "body": {"zh": "二月十五日起暂停发货。", "en": "No parcels from 15 February."},
                    "audience": "open_order",
                    "pinned": True,
                    "ends_at": "2027-02-20T00:00:00+08:00",
                }
            ]
        }
    )

    title: InBoth
    body: LongInBoth
    audience: Annotated[Audience, OneOf(Audience)] = Audience.EVERYONE
    audience_of: Annotated[tuple[Closer, ...], Field(max_length=len(CLOSEST), strict=False)] = ()
    pinned: bool = False
    dismissible: bool = True
    starts_at: Instant | None = None
    ends_at: Instant | None = None


@router.post("", status_code=201)
def announce(
    said: AnnouncementBody, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Announce something; nobody is written to, and whoever looks into their inbox sees it."""
    made = Announcement(
        id=new_id(),
        title_zh=said.title.zh,
        title_en=said.title.en,
        body_zh=said.body.zh,
        body_en=said.body.en,
        audience=said.audience,
        audience_of=tuple(sorted({str(one) for one in said.audience_of})),
        is_pinned=said.pinned,
        is_dismissible=said.dismissible,
        starts_at=said.starts_at or now,
        ends_at=said.ends_at,
        made_by=caller.name,
        made_at=now,
    )
    _check(made)

    def work() -> tuple[int, dict[str, Any]]:
        store.add(tx, made)
        audit.record(tx, caller.name, "announcement.make", show(PREFIX, made.id), "")
        return 201, announcement_body(made)

    return once.run(tx, caller.name, work)


def _check(made: Announcement) -> None:
    faults = [
        Fault(code=code, detail=DETAILS[code], pointer=f"/{field}")
        for field, code in flaws(made).items()
    ]
    if faults:
        first = faults[0]
        raise Problem(status=422, code=first.code, detail=first.detail, errors=faults)


@router.get("")
def announcements(
    tx: Transaction, house: TheHouse, _: Reader, limit: Limit = 50, after: After = None
) -> Any:
    """List announcements, newest first, those that ended with them."""
    secret = secret_of(house)
    last = cursors.read(secret, after, of="announcements")
    rows = store.page(tx, after=last, at_most=limit + 1)
    return cursors.page(secret, rows, limit=limit, of="announcements").shown(announcement_body)


@router.post("/{announcement_id}/end")
def end(announcement_id: Ref, tx: Transaction, now: Now, caller: Writer) -> Any:
    """End an announcement now; one that has ended stays as it is."""
    ended = store.end(tx, announcement_id, now=now)
    audit.record(tx, caller.name, "announcement.end", show(PREFIX, ended.id), "")
    return announcement_body(ended)


def announcement_body(one: Announcement) -> dict[str, Any]:
    """Show an announcement."""
    return {
        "id": show(PREFIX, one.id),
        "title": {"zh": one.title_zh, "en": one.title_en},
        "body": {"zh": one.body_zh, "en": one.body_en},
        "audience": one.audience,
        "audience_of": list(one.audience_of),
        "pinned": one.is_pinned,
        "dismissible": one.is_dismissible,
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat() if one.ends_at else None,
        "made_by": one.made_by,
    }
