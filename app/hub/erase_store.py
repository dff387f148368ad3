"""Erase what the hub still means to say to a person; verdicts hold no name and no address."""

from sqlalchemy import delete

from app.hub.tables import digest_slot, escalation_step
from orders_core.ids import PersonId
from orders_core.tx import Tx


def erase(tx: Tx, person_id: PersonId) -> None:
    """Erase what was gathered or kept back for a person. What they were told once stays told."""
    for table in (digest_slot, escalation_step):
        tx.execute(delete(table).where(table.c.person_id == person_id))
