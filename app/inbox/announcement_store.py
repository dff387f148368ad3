"""Announcements as rows: one for each, and one more for each person who wants to see it no more."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, any_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.inbox.announcement import Announcement, Audience, StaysShown
from app.inbox.tables import announcement, announcement_dismissed
from app.people import choice_store
from app.people.choices import Category
from app.people.person import Person
from orders_core.errors import NotFound
from orders_core.ids import show
from orders_core.orders.order import OrderStatus
from orders_core.orders.tables import orders
from orders_core.tx import Tx

MOST_SHOWN = 5
OPEN = (OrderStatus.PLACED, OrderStatus.PAID, OrderStatus.SHIPPED)
COLUMNS = [announcement.c[name] for name in Announcement.__dataclass_fields__]


def add(tx: Tx, made: Announcement) -> bool:
    """Write an announcement; say whether it is new. One that is there by its id stays as it is."""
    values = asdict(made) | {"audience_of": list(made.audience_of)}
    written = insert(announcement).values(values).on_conflict_do_nothing()
    return tx.scalar(written.returning(announcement.c.id)) is not None


def end(tx: Tx, announcement_id: UUID, *, now: datetime) -> Announcement:
    """End an announcement now, unless it ends before; ending it twice keeps the first end.

    Raises:
        NotFound: If there is none.
    """
    sooner = func.least(func.coalesce(announcement.c.ends_at, now), now)
    row = tx.execute(
        update(announcement)
        .where(announcement.c.id == announcement_id)
        .values(ends_at=func.greatest(sooner, announcement.c.starts_at))
        .returning(*COLUMNS)
    ).one_or_none()
    if row is None:
        raise NotFound("announcement", show("ann", announcement_id))
    return _read(row)


def page(tx: Tx, *, after: UUID | None, at_most: int) -> Sequence[Announcement]:
    """Return announcements, newest first, older than `after`."""
    wanted = select(*COLUMNS).order_by(announcement.c.id.desc()).limit(at_most)
    if after is not None:
        wanted = wanted.where(announcement.c.id < after)
    return [_read(row) for row in tx.execute(wanted)]


def shown_to(tx: Tx, person: Person, *, now: datetime) -> Sequence[Announcement]:
    """Return what a person is to see now: pinned first, then the newest; at most five."""
    wanted = (
        select(*COLUMNS)
        .where(
            announcement.c.starts_at <= now,
            or_(announcement.c.ends_at.is_(None), announcement.c.ends_at > now),
            _is_for(person, _wanted(tx, person)),
            ~_is_dismissed(person),
        )
        .order_by(announcement.c.is_pinned.desc(), announcement.c.id.desc())
        .limit(MOST_SHOWN)
    )
    return [_read(row) for row in tx.execute(wanted)]


def dismiss(tx: Tx, person: Person, announcement_id: UUID, *, now: datetime) -> bool:
    """Show an announcement to a person no more; say whether there is one. Twice is once.

    Raises:
        StaysShown: If it is one that nobody waves off.
    """
    asked = select(announcement.c.is_dismissible).where(announcement.c.id == announcement_id)
    may_go = tx.scalar(asked)
    if may_go is None:
        return False
    if not may_go:
        raise StaysShown(announcement_id)
    gone = {"announcement_id": announcement_id, "person_id": person.id, "dismissed_at": now}
    tx.execute(insert(announcement_dismissed).values(gone).on_conflict_do_nothing())
    return True


def _is_for(person: Person, wanted: Collection[Category]) -> ColumnElement[bool]:
    waits = exists().where(orders.c.person_id == person.id, orders.c.status.in_(OPEN))
    among = announcement.c.audience_of
    has_one = exists().where(orders.c.person_id == person.id, orders.c.status == any_(among))
    audience = announcement.c.audience
    return or_(
        audience.in_((Audience.EVERYONE, person.locale)),
        and_(audience == Audience.BUYERS, waits),
        and_(audience == Audience.SUBSCRIBERS, among.overlap([str(one) for one in wanted])),
        and_(audience == Audience.ORDER_STATE, has_one),
    )


def _wanted(tx: Tx, person: Person) -> Collection[Category]:
    """Return the categories that a person wants to hear of, on one channel at least."""
    chosen = choice_store.choices_of(tx, person.id)
    return {category for (category, _), is_wanted in chosen.items() if is_wanted}


def _is_dismissed(person: Person) -> ColumnElement[bool]:
    return exists().where(
        announcement_dismissed.c.announcement_id == announcement.c.id,
        announcement_dismissed.c.person_id == person.id,
    )


def _read(row: Row[Any]) -> Announcement:
    values = dict(row._mapping)
    closer = {"audience": Audience(values["audience"]), "audience_of": tuple(values["audience_of"])}
    return Announcement(**values | closer)
