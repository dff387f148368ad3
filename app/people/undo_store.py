"""Put choices back as they were; a choice that had not been made is none again."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from app.people.tables import consent, person, preference, rhythm
from orders_core.ids import PersonId
from orders_core.tx import Tx


def restore_preference(
    tx: Tx, person_id: PersonId, cell: str, *, was: bool | None, now: datetime
) -> None:
    """Let a person want a category on a channel as before; `cell` is `category.channel`."""
    category, _, channel = cell.rpartition(".")
    key = {"person_id": person_id, "category": category, "channel": channel}
    if was is None:
        tx.execute(delete(preference).filter_by(**key))
        return
    row = insert(preference).values(**key, wanted=was, at=now)
    tx.execute(row.on_conflict_do_update(index_elements=[*key], set_={"wanted": was, "at": now}))


def restore_consent(
    tx: Tx, person_id: PersonId, channel: str, *, was: bool | None, source: str, now: datetime
) -> None:
    """Let agreement to advertising stand as before; what was never given is not on record."""
    key = {"person_id": person_id, "channel": channel}
    if was is None:
        tx.execute(delete(consent).filter_by(**key))
        return
    said = {"granted": was, "source": source, "at": now}
    row = insert(consent).values(**key, **said)
    tx.execute(row.on_conflict_do_update(index_elements=[*key], set_=said))


def restore_rhythm(
    tx: Tx, person_id: PersonId, channel: str, *, was: str | None, source: str, now: datetime
) -> None:
    """Let a channel ring as often as before; None: as the shop says."""
    key = {"person_id": person_id, "channel": channel}
    if was is None:
        tx.execute(delete(rhythm).filter_by(**key))
        return
    said = {"rhythm": was, "source": source, "at": now}
    row = insert(rhythm).values(**key, **said)
    tx.execute(row.on_conflict_do_update(index_elements=[*key], set_=said))


def restore_language(tx: Tx, person_id: PersonId, locale: str) -> None:
    """Let a person be written to in the language of before."""
    tx.execute(update(person).where(person.c.id == person_id).values(locale=locale))
