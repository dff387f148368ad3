"""The in-app inbox, written once, and what its person did with it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from app.db.hints import hint
from app.inbox.item import Folder, Item, Mark
from app.inbox.shelf_store import ABOUT, IS_AWAY, SHOWN, in_folder
from app.inbox.tables import inbox_item
from app.inbox.terms import terms_of
from orders_core.ids import PersonId
from orders_core.tx import Tx

IS_PUT = or_(IS_AWAY, inbox_item.c.snoozed_until.is_not(None))
WRITTEN = (
    "id",
    "person_id",
    "order_id",
    "notice",
    "title",
    "body",
    "arrived_at",
    "is_urgent",
    "expires_at",
)
WRITE_ALL = """
INSERT INTO inbox_item (id, person_id, order_id, notice, title, body, arrived_at, is_urgent,
                        expires_at, terms)
SELECT w.id, w.person_id, w.order_id, w.notice, w.title, w.body, w.arrived_at, w.is_urgent,
       w.expires_at, array_to_tsvector(string_to_array(w.terms, ' '))
FROM unnest(%(id)s::uuid[], %(person_id)s::uuid[], %(order_id)s::uuid[],
            %(notice)s::text[], %(title)s::text[], %(body)s::text[],
            %(arrived_at)s::timestamptz[], %(is_urgent)s::boolean[],
            %(expires_at)s::timestamptz[], %(terms)s::text[])
  AS w (id, person_id, order_id, notice, title, body, arrived_at, is_urgent, expires_at, terms)
ON CONFLICT DO NOTHING
"""
COLUMNS = {
    Mark.SEEN: (inbox_item.c.seen_at,),
    Mark.READ: (inbox_item.c.seen_at, inbox_item.c.read_at),  # who reads has seen
    Mark.ARCHIVED: (inbox_item.c.seen_at, inbox_item.c.archived_at),
}


def write(tx: Tx, item: Item) -> bool:
    """Put an item into its inbox; say whether it was new. Writing a message twice writes once."""
    return write_all(tx, [item]) > 0


def write_all(tx: Tx, items: Sequence[Item]) -> int:
    """Put items into their inboxes by one statement; one that is there stays as it is."""
    if not items:
        return 0
    columns = {name: [getattr(item, name) for item in items] for name in WRITTEN}
    columns["terms"] = [" ".join(terms_of(f"{item.title} {item.body}")) for item in items]
    return tx.exec_driver_sql(WRITE_ALL, columns).rowcount


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
        select(*SHOWN)
        .where(inbox_item.c.person_id == person_id, IS_AWAY if archived else ~IS_AWAY)
        .order_by(inbox_item.c.id.desc())
        .limit(at_most)
    )
    if after is not None:
        wanted = wanted.where(inbox_item.c.id < after)
    return [Item(**row) for row in tx.execute(wanted).mappings()]


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
    here = in_folder(folder, now=now)
    shown = and_(here, inbox_item.c.id <= up_to, inbox_item.c.read_at.is_(None))
    return _mark(tx, person_id, shown, as_, now=now)


def take_back(tx: Tx, person_id: PersonId, newest: UUID) -> int:
    """Bring back a bundle that was put away or off, up to a line; return how many lines came."""
    return _bring_back(tx, person_id, and_(_bundle_up_to(newest), IS_PUT))


def bring_back(tx: Tx, person_id: PersonId, items: Collection[UUID]) -> int:
    """Bring back a person's items, wherever they were put; return how many are theirs."""
    return _bring_back(tx, person_id, inbox_item.c.id.in_(items))


def unread_again(tx: Tx, person_id: PersonId, items: Collection[UUID]) -> int:
    """Take the mark that a person's items were read off again; return how many are theirs."""
    if not items:
        return 0
    mine = update(inbox_item).where(inbox_item.c.person_id == person_id, inbox_item.c.id.in_(items))
    return _told(tx, person_id, tx.execute(mine.values(read_at=None)).rowcount)


def snooze(tx: Tx, person_id: PersonId, newest: UUID, *, until: datetime) -> int:
    """Put a bundle off, up to a line: it leaves the inbox and is back as new at `until`.

    Return how many lines there are. What was put away stays away.
    """
    return _put_off(tx, person_id, _bundle_up_to(newest), until=until)


def put_off(tx: Tx, person_id: PersonId, items: Collection[UUID], *, until: datetime) -> int:
    """Put a person's items off until a time; return how many of theirs are not away."""
    return _put_off(tx, person_id, inbox_item.c.id.in_(items), until=until)


def _bring_back(tx: Tx, person_id: PersonId, which: ColumnElement[bool]) -> int:
    back = update(inbox_item).where(inbox_item.c.person_id == person_id, which)
    moved = tx.execute(back.values(archived_at=None, snoozed_until=None)).rowcount
    return _told(tx, person_id, moved)


def _put_off(tx: Tx, person_id: PersonId, which: ColumnElement[bool], *, until: datetime) -> int:
    here = update(inbox_item).where(inbox_item.c.person_id == person_id, which, ~IS_AWAY)
    as_new = {"snoozed_until": until, "seen_at": None, "read_at": None}
    return _told(tx, person_id, tx.execute(here.values(as_new)).rowcount)


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
    return marked.rowcount if as_ is Mark.SEEN else _told(tx, person_id, marked.rowcount)


def _told(tx: Tx, person_id: PersonId, changed: int) -> int:
    """Let the person's other pages know, if anything changed; what was only seen counts as before.

    A page that is told shows its lines, which marks them seen: to tell of that too would never end.
    """
    if changed:
        hint(tx, person_id)
    return changed
