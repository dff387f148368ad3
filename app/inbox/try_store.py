"""Whose inbox is worth a look: the person who got the newest line."""

from sqlalchemy import select

from app.inbox.tables import inbox_item
from orders_core.ids import PersonId
from orders_core.tx import Tx


def newest_reader(tx: Tx) -> PersonId | None:
    """Return who got the newest line of all inboxes; None while all are empty."""
    newest = select(inbox_item.c.person_id).order_by(inbox_item.c.id.desc()).limit(1)
    found = tx.execute(newest).scalar_one_or_none()
    return PersonId(found) if found else None
