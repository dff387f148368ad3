"""Reading how an order stood: its history by version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from orders_core.ids import OrderId
from orders_core.outbox.tables import history
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Stood:
    """One version of an order: its tracked columns as JSON, and who made it so, why and when."""

    version: int
    columns: dict[str, Any]
    by: str
    why: str
    since: datetime
    recorded_at: datetime


def stood(
    tx: Tx, order_id: OrderId, at: datetime, *, known_at: datetime | None = None
) -> Stood | None:
    """Find the version in force at a business time, as far as it was recorded by `known_at`."""
    query = (
        select(
            history.c.version,
            history.c.new,
            history.c.changed_by,
            history.c.change_reason,
            history.c.changed_at,
            history.c.recorded_at,
        )
        .where(
            history.c.entity == "order",
            history.c.entity_id == order_id,
            history.c.changed_at <= at,
        )
        .order_by(history.c.version.desc())
        .limit(1)
    )
    if known_at is not None:
        query = query.where(history.c.recorded_at <= known_at)
    row = tx.execute(query).one_or_none()
    return None if row is None else Stood(*row)
