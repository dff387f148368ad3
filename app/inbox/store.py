"""The in-app inbox: write once, read by page or by bundle, and what the person did with it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.inbox.bundle import ANNOUNCEMENTS, Bundle, bundled
from app.inbox.item import Folder, Item, Mark
from app.inbox.tables import inbox_item
from orders_core.ids import PersonId
from orders_core.tx import Tx

WRITTEN = ("id", "person_id", "order_id", "notice", "title", "body", "arrived_at")
WRITE_ALL = """
INSERT INTO inbox_item (id, person_id, order_id, notice, title, body, arrived_at)
SELECT * FROM unnest(%(id)s::uuid[], %(person_id)s::uuid[], %(order_id)s::uuid[],
                     %(notice)s::text[], %(title)s::text[], %(body)s::text[],
                     %(arrived_at)s::timestamptz[])
ON CONFLICT DO NOTHING
"""
COLUMNS = {
    Mark.SEEN: (inbox_item.c.seen_at,),
    Mark.READ: (inbox_item.c.seen_at, inbox_item.c.read_at),  # who reads has seen
    Mark.ARCHIVED: (inbox_item.c.seen_at, inbox_item.c.archived_at),
}
ABOUT = func.coalesce(inbox_item.c.order_id, inbox_item.c.id)  # what makes a bundle
IS_AWAY = inbox_item.c.archived_at.is_not(None)
IS_OF_SHOP = inbox_item.c.notice.in_(ANNOUNCEMENTS)
IN_FOLDER: dict[Folder, ColumnElement[bool]] = {
    Folder.INBOX: and_(~IS_AWAY, ~IS_OF_SHOP),
    Folder.SHOP: and_(~IS_AWAY, IS_OF_SHOP),
    Folder.AWAY: IS_AWAY,
}


def write(tx: Tx, item: Item) -> bool:
    """Put an item into its inbox; say whether it was new. Writing a message twice writes once."""
    written = tx.execute(
        insert(inbox_item)
        .values(
            id=item.id,
            person_id=item.person_id,
            order_id=item.order_id,
            notice=item.notice,
            title=item.title,
            body=item.body,
            arrived_at=item.arrived_at,
        )
        .on_conflict_do_nothing()
    )
    return written.rowcount > 0


def write_all(tx: Tx, items: Sequence[Item]) -> None:
    """Put items into their inboxes by one statement; one that is there stays as it is."""
    if not items:
        return
    columns = {name: [getattr(item, name) for item in items] for name in WRITTEN}
    tx.exec_driver_sql(WRITE_ALL, columns)


def page(
    tx: Tx,
    person_id: PersonId,
    *,
    after: UUID | None = None,
    at_most: int = 50,
    archived: bool = False,
) -> Sequence[Item]:
    """Return a person's items, newest first, those older than the item `after`.

    `archived` chooses between the inbox and what was put away.
    """
    wanted = (
        select(inbox_item)
        .where(inbox_item.c.person_id == person_id, IS_AWAY if archived else ~IS_AWAY)
        .order_by(inbox_item.c.id.desc())
        .limit(at_most)
    )
    if after is not None:
        wanted = wanted.where(inbox_item.c.id < after)
    return [Item(**row) for row in tx.execute(wanted).mappings()]


def bundles(
    tx: Tx,
    person_id: PersonId,
    folder: Folder,
    *,
    after: UUID | None = None,
    at_most: int = 20,
) -> Sequence[Bundle]:
    """Return what a folder holds, bundled by order; the bundle with the newest line comes first.

    `after` is the newest line of a bundle: those behind it are returned. One query.
    """
    newest = (
        func.first_value(inbox_item.c.id)
        .over(partition_by=ABOUT, order_by=inbox_item.c.id.desc())
        .label("newest")
    )
    mine = (
        select(inbox_item, newest)
        .where(inbox_item.c.person_id == person_id, IN_FOLDER[folder])
        .subquery()
    )
    place = func.dense_rank().over(order_by=mine.c.newest.desc()).label("place")
    ranked = select(mine, place)
    if after is not None:
        ranked = ranked.where(mine.c.newest < after)
    found = ranked.subquery()
    shown = (
        select(*(found.c[column.name] for column in inbox_item.c))
        .where(found.c.place <= at_most)
        .order_by(found.c.place, found.c.id.desc())
    )
    return bundled(Item(**row) for row in tx.execute(shown).mappings())


def unread(tx: Tx, person_id: PersonId) -> dict[Folder, int]:
    """Count the unread items of the inbox and of what the shop tells; what is away is not new."""
    row = tx.execute(
        select(
            func.count().filter(IN_FOLDER[Folder.INBOX]),
            func.count().filter(IN_FOLDER[Folder.SHOP]),
        ).where(inbox_item.c.person_id == person_id, inbox_item.c.read_at.is_(None))
    ).one()
    return {Folder.INBOX: row[0], Folder.SHOP: row[1]}


def unread_count(tx: Tx, person_id: PersonId) -> int:
    """Count the items that are neither read nor put away."""
    return sum(unread(tx, person_id).values())


def mark(tx: Tx, person_id: PersonId, items: Collection[UUID], as_: Mark, *, now: datetime) -> int:
    """Mark a person's items; return how many are theirs. The first time of each mark stands.

    Items of others are left alone and not counted.
    """
    if not items:
        return 0
    return _mark(tx, person_id, inbox_item.c.id.in_(items), as_, now=now)


def mark_bundle(tx: Tx, person_id: PersonId, newest: UUID, as_: Mark, *, now: datetime) -> int:
    """Mark a line and every earlier line of its bundle; return how many there are.

    What came later than the line stays as it is: nobody had it before their eyes.
    """
    return _mark(tx, person_id, _bundle_up_to(newest), as_, now=now)


def mark_all(
    tx: Tx, person_id: PersonId, folder: Folder, *, up_to: UUID, as_: Mark, now: datetime
) -> int:
    """Mark everything of a folder up to a line; return how many there are."""
    shown = and_(IN_FOLDER[folder], inbox_item.c.id <= up_to, inbox_item.c.read_at.is_(None))
    return _mark(tx, person_id, shown, as_, now=now)


def take_back(tx: Tx, person_id: PersonId, newest: UUID) -> int:
    """Bring a bundle that was put away back, up to a line; return how many lines came."""
    back = tx.execute(
        update(inbox_item)
        .where(inbox_item.c.person_id == person_id, _bundle_up_to(newest), IS_AWAY)
        .values(archived_at=None)
    )
    return back.rowcount


def _bundle_up_to(newest: UUID) -> ColumnElement[bool]:
    line = inbox_item.alias("line")
    its_bundle = (
        select(func.coalesce(line.c.order_id, line.c.id)).where(line.c.id == newest)
    ).scalar_subquery()
    return and_(its_bundle == ABOUT, inbox_item.c.id <= newest)


def _mark(
    tx: Tx, person_id: PersonId, which: ColumnElement[bool], as_: Mark, *, now: datetime
) -> int:
    first_times = {column.name: func.coalesce(column, now) for column in COLUMNS[as_]}
    marked = tx.execute(
        update(inbox_item).where(inbox_item.c.person_id == person_id, which).values(first_times)
    )
    return marked.rowcount
