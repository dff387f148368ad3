"""Erase what a person asked and was answered; that there was a case, and how long, stays."""

from sqlalchemy import case, select, update

from app.desk.case import Author
from app.desk.tables import case_entry, support_case
from orders_core.ids import PersonId
from orders_core.tx import Tx


def erase(tx: Tx, person_id: PersonId) -> None:
    """Take the words out of every case of a person."""
    theirs = select(support_case.c.id).where(support_case.c.person_id == person_id)
    name = case((case_entry.c.author == Author.SHOPPER.value, ""), else_=case_entry.c.by)
    nothing = {"text": "", "key": None, "by": name}
    tx.execute(update(case_entry).where(case_entry.c.case_id.in_(theirs)).values(nothing))
    tx.execute(
        update(support_case).where(support_case.c.person_id == person_id).values(question="")
    )
