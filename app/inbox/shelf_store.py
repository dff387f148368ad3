"""What lies where in an inbox: folders bundle by bundle, what is unread, what a search finds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY

from app.inbox.bundle import ANNOUNCEMENTS, Bundle, bundled
from app.inbox.item import Folder, Item
from app.inbox.tables import inbox_item
from app.inbox.terms import terms_of
from orders_core.ids import PersonId
from orders_core.tx import Tx

SHOWN = [inbox_item.c[name] for name in Item.__dataclass_fields__]
ABOUT = func.coalesce(inbox_item.c.order_id, inbox_item.c.id)  # what makes a bundle
IS_AWAY = inbox_item.c.archived_at.is_not(None)
MOST_LIFTED = 20  # bundles
MOST_FOUND = 50  # items
COUNTED = (Folder.INBOX, Folder.ORDERS, Folder.OTHER, Folder.SHOP)


def in_folder(folder: Folder, *, now: datetime, of: FromClause = inbox_item) -> ColumnElement[bool]:
    """Return the condition of what lies in a folder at `now`."""
    is_away = of.c.archived_at.is_not(None)
    is_asleep = and_(of.c.snoozed_until.is_not(None), of.c.snoozed_until > now)
    is_here = and_(~is_away, or_(of.c.snoozed_until.is_(None), of.c.snoozed_until <= now))
    is_of_shop = of.c.notice.in_(sorted(ANNOUNCEMENTS))
    is_own = and_(is_here, ~is_of_shop)
    return {
        Folder.INBOX: is_own,
        Folder.ORDERS: and_(is_own, of.c.order_id.is_not(None)),
        Folder.OTHER: and_(is_own, of.c.order_id.is_(None)),
        Folder.SHOP: and_(is_here, is_of_shop),
        Folder.SNOOZED: and_(~is_away, is_asleep),
        Folder.AWAY: is_away,
    }[folder]


def bundles(
    tx: Tx,
    person_id: PersonId,
    folder: Folder,
    *,
    now: datetime,
    after: UUID | None = None,
    at_most: int = 20,
) -> Sequence[Bundle]:
    """Return what a folder holds, bundled by order; the bundle with the newest line comes first.

    `after` is the newest line of a bundle: those behind it are returned. What `lifted` returns is
    left out. Walks the index from the newest line down, whatever the inbox holds.
    """
    ahead = _lifted(person_id, folder, now=now)
    heads = _heads(person_id, folder, now=now).where(ABOUT.not_in(ahead)).limit(at_most)
    if after is not None:
        heads = heads.where(inbox_item.c.id < after)
    return _whole(tx, person_id, folder, heads, now=now)


def lifted(tx: Tx, person_id: PersonId, folder: Folder, *, now: datetime) -> Sequence[Bundle]:
    """Return what comes before all else: unread bundles that are urgent, or were put off till now.

    At most 20, urgent ones first; what is past is not lifted, nor anything that was put away.
    """
    ahead = _lifted(person_id, folder, now=now)
    heads = _heads(person_id, folder, now=now).where(ABOUT.in_(ahead))
    found = _whole(tx, person_id, folder, heads, now=now)
    return sorted(found, key=lambda bundle: not bundle.is_urgent)


def unread(tx: Tx, person_id: PersonId, *, now: datetime) -> dict[Folder, int]:
    """Count the unread items of each folder that has news; what is past, put off or away has none.

    Reads the index of what is unread alone, so it costs what is unread and not what is kept.
    """
    counts = [func.count().filter(in_folder(folder, now=now)) for folder in COUNTED]
    row = tx.execute(
        select(*counts).where(
            inbox_item.c.person_id == person_id,
            inbox_item.c.read_at.is_(None),
            inbox_item.c.archived_at.is_(None),
            _is_news(now),
        )
    ).one()
    return dict(zip(COUNTED, row, strict=True))


def unread_count(tx: Tx, person_id: PersonId, *, now: datetime) -> int:
    """Count the items that are news and neither read nor put off nor put away."""
    counts = unread(tx, person_id, now=now)
    return counts[Folder.INBOX] + counts[Folder.SHOP]


def search(
    tx: Tx, person_id: PersonId, text: str, *, after: UUID | None = None, at_most: int = MOST_FOUND
) -> Sequence[Item]:
    """Find a person's items that hold every word of a text, wherever they lie, newest first.

    Items from before there was a search are looked through as they are written.
    """
    asked = terms_of(text)
    if not asked:
        return []
    words = " & ".join(f"'{term}'" for term in asked)  # a term is letters and digits alone
    written = func.lower(inbox_item.c.title + " " + inbox_item.c.body)
    is_in = and_(inbox_item.c.terms.is_(None), func.strpos(written, text.strip().lower()) > 0)
    wanted = (
        select(*SHOWN)
        .where(
            inbox_item.c.person_id == person_id,
            or_(inbox_item.c.terms.op("@@")(cast(words, TSQUERY)), is_in),
        )
        .order_by(inbox_item.c.id.desc())
        .limit(at_most)
    )
    if after is not None:
        wanted = wanted.where(inbox_item.c.id < after)
    return [Item(**row) for row in tx.execute(wanted).mappings()]


def items(
    tx: Tx,
    person_id: PersonId,
    folder: Folder,
    *,
    now: datetime,
    after: UUID | None = None,
    at_most: int = 50,
) -> Sequence[Item]:
    """Return what a folder holds line by line, newest first, those older than the item `after`."""
    wanted = (
        select(*SHOWN)
        .where(inbox_item.c.person_id == person_id, in_folder(folder, now=now))
        .order_by(inbox_item.c.id.desc())
        .limit(at_most)
    )
    if after is not None:
        wanted = wanted.where(inbox_item.c.id < after)
    return [Item(**row) for row in tx.execute(wanted).mappings()]


def _heads(person_id: PersonId, folder: Folder, *, now: datetime) -> Select[Any]:
    """Select the newest line of each bundle: each line is asked whether one is newer, by index."""
    newer = inbox_item.alias("newer")
    newest_of_it = (
        select(newer.c.id)
        .where(
            newer.c.person_id == person_id,
            func.coalesce(newer.c.order_id, newer.c.id) == ABOUT,
            in_folder(folder, now=now, of=newer),
        )
        .order_by(newer.c.id.desc())
        .limit(1)
        .correlate(inbox_item)
        .scalar_subquery()
    )
    return (
        select(ABOUT.label("about"), inbox_item.c.id.label("head"))
        .where(
            inbox_item.c.person_id == person_id,
            in_folder(folder, now=now),
            inbox_item.c.id == newest_of_it,
        )
        .order_by(inbox_item.c.id.desc())
    )


def _lifted(person_id: PersonId, folder: Folder, *, now: datetime) -> Select[Any]:
    up = inbox_item.alias("up")
    is_back = and_(up.c.snoozed_until.is_not(None), up.c.snoozed_until <= now)
    return (
        select(func.coalesce(up.c.order_id, up.c.id))
        .where(
            up.c.person_id == person_id,
            up.c.read_at.is_(None),
            up.c.archived_at.is_(None),
            or_(up.c.is_urgent, is_back),
            in_folder(folder, now=now, of=up),
            _is_news(now, of=up),
        )
        .order_by(up.c.id.desc())
        .limit(MOST_LIFTED)
    )


def _is_news(now: datetime, *, of: FromClause = inbox_item) -> ColumnElement[bool]:
    return or_(of.c.expires_at.is_(None), of.c.expires_at > now)


def _whole(
    tx: Tx, person_id: PersonId, folder: Folder, heads: Select[Any], *, now: datetime
) -> Sequence[Bundle]:
    """Return every line of the bundles whose newest lines are given, bundle by bundle."""
    head = heads.cte("heads")
    lines = (
        select(*SHOWN)
        .join(head, head.c.about == ABOUT)
        .where(inbox_item.c.person_id == person_id, in_folder(folder, now=now))
        .order_by(head.c.head.desc(), inbox_item.c.id.desc())
    )
    return bundled(Item(**row) for row in tx.execute(lines).mappings())
