"""The in-app inbox: write once, read by page, and what the person did with each item."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.inbox.tables import inbox_item
from orders_core.ids import PersonId
from orders_core.tx import Tx


class Mark(StrEnum):
    """What a person did with an item."""

    SEEN = "seen"  #: it was on a screen
    READ = "read"  #: it was opened
    ARCHIVED = "archived"  #: it was put away


COLUMNS = {
    Mark.SEEN: (inbox_item.c.seen_at,),
    Mark.READ: (inbox_item.c.seen_at, inbox_item.c.read_at),  # who reads has seen
    Mark.ARCHIVED: (inbox_item.c.seen_at, inbox_item.c.archived_at),
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of an inbox; its id is its message's. All times are business time."""

    id: UUID
    person_id: UUID
    order_id: UUID | None
    notice: str
    title: str
    body: str
    arrived_at: datetime
    seen_at: datetime | None = None
    read_at: datetime | None = None
    archived_at: datetime | None = None


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
    is_away = inbox_item.c.archived_at.is_not(None)
    wanted = (
        select(inbox_item)
        .where(inbox_item.c.person_id == person_id, is_away if archived else ~is_away)
        .order_by(inbox_item.c.id.desc())
        .limit(at_most)
    )
    if after is not None:
        wanted = wanted.where(inbox_item.c.id < after)
    return [Item(**row) for row in tx.execute(wanted).mappings()]


def unread_count(tx: Tx, person_id: PersonId) -> int:
    """Count the items that are neither read nor put away."""
    return tx.execute(
        select(func.count())
        .select_from(inbox_item)
        .where(
            inbox_item.c.person_id == person_id,
            inbox_item.c.read_at.is_(None),
            inbox_item.c.archived_at.is_(None),
        )
    ).scalar_one()


def mark(tx: Tx, person_id: PersonId, items: Collection[UUID], as_: Mark, *, now: datetime) -> int:
    """Mark a person's items; return how many are theirs. The first time of each mark stands.

    Items of others are left alone and not counted.
    """
    first_times = {column.name: func.coalesce(column, now) for column in COLUMNS[as_]}
    marked = tx.execute(
        update(inbox_item)
        .where(inbox_item.c.person_id == person_id, inbox_item.c.id.in_(items))
        .values(first_times)
    )
    return marked.rowcount
