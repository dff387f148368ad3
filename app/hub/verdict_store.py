"""Verdicts as they are looked up, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import desc, select

from app.hub.tables import verdict
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class StoredVerdict:
    """A verdict as it was stored; `trace` holds `[rule id, outcome, inputs]` in the order asked."""

    id: UUID
    person_id: UUID
    notice: str
    order_id: UUID | None
    event_id: UUID | None
    answer: str
    because: str | None
    decided_by: str
    until: datetime | None
    trace: Sequence[tuple[str, str, Any]]
    decided_at: datetime


COLUMNS = [verdict.c[name] for name in StoredVerdict.__dataclass_fields__]


def page(
    tx: Tx,
    *,
    person_id: UUID | None,
    notice: str | None,
    after: UUID | None,
    at_most: int,
) -> list[StoredVerdict]:
    """Read verdicts newest first, made before `after`; of one person or notice if named."""
    wanted = select(*COLUMNS).order_by(desc(verdict.c.id)).limit(at_most)
    if person_id is not None:
        wanted = wanted.where(verdict.c.person_id == person_id)
    if notice is not None:
        wanted = wanted.where(verdict.c.notice == notice)
    if after is not None:
        wanted = wanted.where(verdict.c.id < after)
    return [StoredVerdict(**row) for row in tx.execute(wanted).mappings()]


def find(tx: Tx, verdict_id: UUID) -> StoredVerdict | None:
    """Return a verdict by its id."""
    row = tx.execute(select(*COLUMNS).where(verdict.c.id == verdict_id)).mappings().one_or_none()
    return StoredVerdict(**row) if row else None
