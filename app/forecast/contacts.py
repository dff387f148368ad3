"""Contacts: each time a person writes to the shop, wherever they do."""

from datetime import datetime

from app.forecast import contacts_store
from orders_core.ids import PersonId
from orders_core.tx import Tx


def heard(
    tx: Tx, *, at: datetime, how: str, person_id: PersonId | None = None, answered: bool = False
) -> None:
    """Record that somebody wrote to the shop at a business time.

    `how` names the door (`order_page`, `api`, `desk`, …); `answered` says that no person had to
    answer, so that a plan does not roster anybody for it.
    """
    contacts_store.add(tx, at=at, how=how, person_id=person_id, answered=answered)
