"""Erase a person's inbox."""

from sqlalchemy import delete

from app.inbox.tables import announcement_dismissed, inbox_item
from orders_core.ids import PersonId
from orders_core.tx import Tx


def erase(tx: Tx, person_id: PersonId) -> None:
    """Erase every line of a person's inbox, and what they waved off."""
    for table in (inbox_item, announcement_dismissed):
        tx.execute(delete(table).where(table.c.person_id == person_id))
