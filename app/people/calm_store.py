"""When people want no bells, as they last said it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.people.calm import Calm, bits_of, days_of
from app.people.hours import Window
from app.people.tables import calm, person
from orders_core.ids import PersonId
from orders_core.tx import Tx


def calm_of(tx: Tx, person_id: PersonId) -> Calm:
    """Return what a person chose; of whoever never chose, nothing."""
    row = tx.execute(select(calm).where(calm.c.person_id == person_id)).one_or_none()
    if row is None:
        return Calm()
    quiet = (
        None
        if row.quiet_from is None
        else Window(row.quiet_from, row.quiet_until, days_of(row.quiet_days))
    )
    return Calm(quiet=quiet, paused_until=row.paused_until)


def keep_quiet(
    tx: Tx, person_id: PersonId, quiet: Window | None, *, source: str, now: datetime
) -> None:
    """Keep the hours in which nothing rings for a person; None takes the shop's again."""
    said = replace(_held(tx, person_id), quiet=quiet)
    _write(tx, person_id, said, source=source, now=now)


def pause(
    tx: Tx, person_id: PersonId, until: datetime | None, *, source: str, now: datetime
) -> None:
    """Let nothing ring for a person until a moment; None ends the pause."""
    said = replace(_held(tx, person_id), paused_until=until)
    _write(tx, person_id, said, source=source, now=now)


def _held(tx: Tx, person_id: PersonId) -> Calm:
    """Read what was chosen, and keep others from choosing for the same person meanwhile."""
    tx.execute(select(person.c.id).where(person.c.id == person_id).with_for_update())
    return calm_of(tx, person_id)


def _write(tx: Tx, person_id: PersonId, said: Calm, *, source: str, now: datetime) -> None:
    quiet = said.quiet
    values = {
        "quiet_from": quiet.start if quiet else None,
        "quiet_until": quiet.end if quiet else None,
        "quiet_days": bits_of(quiet) if quiet else None,
        "paused_until": said.paused_until,
        "source": source,
        "at": now,
    }
    row = insert(calm).values(person_id=person_id, **values)
    tx.execute(row.on_conflict_do_update(index_elements=[calm.c.person_id], set_=values))
