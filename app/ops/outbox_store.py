"""What left, as the dev outbox shows it: by channel, by person, by a word that stands in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select

from app.messages.tables import captured, message
from app.people.tables import person
from orders_core.tx import Tx

LATEST = 400  # of what left, to tell who was written to lately
Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """What to show: everything, unless something is named."""

    channel: str | None = None
    person_id: UUID | None = None
    words: str = ""


def left(
    tx: Tx,
    sieve: Sieve,
    *,
    channels: Collection[str],
    before: UUID | None = None,
    at_most: int = 50,
) -> Rows:
    """Return what left by some channels and passes the sieve, newest first; HTML stays behind."""
    wanted = (
        select(*(column for column in captured.c if column.name not in {"html", "headers"}))
        .where(captured.c.channel.in_(channels))
        .order_by(captured.c.id.desc())
        .limit(at_most)
    )
    if before is not None:
        wanted = wanted.where(captured.c.id < before)
    return tx.execute(_sieved(wanted, sieve)).all()


def _sieved(wanted: Select[Any], sieve: Sieve) -> Select[Any]:
    if sieve.channel:
        wanted = wanted.where(captured.c.channel == sieve.channel)
    if sieve.person_id:
        theirs = select(message.c.id).where(message.c.person_id == sieve.person_id)
        wanted = wanted.where(captured.c.message_id.in_(theirs))
    if sieve.words:
        columns = (captured.c.subject, captured.c.body, captured.c.address)
        hits = [column.icontains(sieve.words, autoescape=True) for column in columns]
        wanted = wanted.where(or_(*hits))
    return wanted


def written_to(tx: Tx) -> Rows:
    """Return the people whom the latest messages reached: id, name, reference; by name."""
    latest = select(captured.c.message_id).order_by(captured.c.id.desc()).limit(LATEST)
    theirs = select(message.c.person_id).where(message.c.id.in_(latest))
    return tx.execute(
        select(person.c.id, person.c.name, person.c.reference)
        .where(person.c.id.in_(theirs))
        .order_by(person.c.name, person.c.id)
    ).all()
