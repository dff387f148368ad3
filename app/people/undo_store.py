"""Put choices back as they were; a choice that had not been made is none again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, update
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
    _restore(tx, preference, key, None if was is None else {"wanted": was, "at": now})


def restore_consent(
    tx: Tx, person_id: PersonId, channel: str, *, was: bool | None, source: str, now: datetime
) -> None:
    """Let agreement to advertising stand as before; what was never given is not on record."""
    said = None if was is None else {"granted": was, "source": source, "at": now}
    _restore(tx, consent, {"person_id": person_id, "channel": channel}, said)


def restore_rhythm(
    tx: Tx, person_id: PersonId, channel: str, *, was: str | None, source: str, now: datetime
) -> None:
    """Let a channel ring as often as before; None: as the shop says."""
    said = None if was is None else {"rhythm": was, "source": source, "at": now}
    _restore(tx, rhythm, {"person_id": person_id, "channel": channel}, said)


def restore_language(tx: Tx, person_id: PersonId, locale: str) -> None:
    """Let a person be written to in the language of before."""
    tx.execute(update(person).where(person.c.id == person_id).values(locale=locale))


def _restore(tx: Tx, table: Table, key: Mapping[str, Any], said: Mapping[str, Any] | None) -> None:
    if said is None:
        tx.execute(delete(table).filter_by(**key))
        return
    row = insert(table).values(**key, **said)
    tx.execute(row.on_conflict_do_update(index_elements=[*key], set_=dict(said)))
