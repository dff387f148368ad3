"""Erase what the room of people holds of somebody: all but that they were, and were erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, insert, select, update

from app.people.choice_store import said_by
from app.people.choices import BELLS, Category
from app.people.history_store import note
from app.people.levels import ruled
from app.people.saying import Saying
from app.people.tables import (
    address_change,
    calm,
    choice,
    consent,
    contact,
    habit,
    last_opened,
    muted_order,
    person,
    preference,
    rhythm,
    tired,
    told_more,
)
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx

ABOUT = "erased"
MARK = "erased_"
NOWHERE = "UTC"


OF_A_PERSON = (
    address_change,
    contact,
    consent,
    preference,
    rhythm,
    calm,
    muted_order,
    told_more,
    last_opened,
    tired,
    habit,
)


@dataclass(frozen=True, kw_only=True)
class Erased:
    """A person who was erased; `at` is business time."""

    id: PersonId
    at: datetime


def find_erased(tx: Tx, name: PersonId | str, mark: str) -> Erased | None:
    """Return who was erased, by our id or by the mark of the shop's own reference."""
    by = person.c.reference == mark if isinstance(name, str) else person.c.id == name
    row = tx.execute(
        select(person.c.id, person.c.erased_at).where(by, person.c.erased_at.is_not(None))
    ).one_or_none()
    return Erased(id=PersonId(row.id), at=row.erased_at) if row else None


def hold(tx: Tx, person_id: PersonId) -> str | None:
    """Lock a person; return their reference, None where there is none or they are erased."""
    held = select(person.c.reference).where(person.c.id == person_id, person.c.erased_at.is_(None))
    row = tx.execute(held.with_for_update()).one_or_none()
    return None if row is None else row.reference or ""


def addresses_of(tx: Tx, person_id: PersonId) -> Sequence[tuple[str, str]]:
    """Return every (channel, address) of a person that nobody else is reached at."""
    other = contact.alias("other")
    is_shared = exists().where(
        other.c.channel == contact.c.channel,
        other.c.address == contact.c.address,
        other.c.person_id != person_id,
    )
    rows = tx.execute(
        select(contact.c.channel, contact.c.address).where(
            contact.c.person_id == person_id, ~is_shared
        )
    )
    return [(row.channel, row.address) for row in rows]


def refused_channels(tx: Tx, person_id: PersonId) -> set[str]:
    """Return the channels on which a person said no to offers, by itself or with all the rest."""
    taken_back = select(consent.c.channel).where(
        consent.c.person_id == person_id, ~consent.c.granted
    )
    said = said_by(tx, person_id)
    refused = {on for on in BELLS if not ruled(said, {}, Category.OFFERS, on).wanted}
    return refused | set(tx.scalars(taken_back))


def erase(tx: Tx, person_id: PersonId, *, mark: str | None, saying: Saying) -> None:
    """Erase addresses, name, choices and their history; one line says that and when it happened.

    `mark` stands for the shop's own reference from now on, so that erasing again finds whom.
    """
    note(tx, saying)
    for table in OF_A_PERSON:
        tx.execute(delete(table).where(table.c.person_id == person_id))
    if mark:  # of two who had the reference one after the other the later one is found
        tx.execute(update(person).where(person.c.reference == mark).values(reference=None))
    tx.execute(
        update(person)
        .where(person.c.id == person_id)
        .values(name="", reference=mark, zone=NOWHERE, erased_at=saying.at)
    )
    tx.execute(delete(choice).where(choice.c.person_id == person_id))
    line = {"id": new_id(), "person_id": person_id, "act": saying.act, "about": ABOUT, "cell": ""}
    said = {"said_by": saying.by, "name": saying.name, "door": saying.door, "at": saying.at}
    tx.execute(insert(choice).values(**line, **said))
