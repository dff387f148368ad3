"""The rows of promotions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as AnyRow
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.forecast.tables import promotion
from orders_core.tx import Tx

Row = AnyRow[Any]
TOLD = ("name_zh", "name_en", "starts_at", "ends_at", "skus")


def put(tx: Tx, told: Mapping[str, Any], *, now: datetime) -> bool:
    """Write a promotion under its reference; False if it stood so before."""
    writing = insert(promotion).values(**{**told, "skus": list(told["skus"])}, changed_at=now)
    new = {name: writing.excluded[name] for name in TOLD}
    is_other = promotion.c.name_zh.is_distinct_from(new["name_zh"])
    for name in TOLD[1:]:
        is_other |= promotion.c[name].is_distinct_from(new[name])
    written = tx.scalar(
        writing.on_conflict_do_update(
            index_elements=["reference"],
            set_={**new, "changed_at": writing.excluded.changed_at},
            where=is_other,
        ).returning(promotion.c.reference)
    )
    return written is not None


def ending_after(tx: Tx, now: datetime, *, at_most: int) -> Sequence[Row]:
    """Return promotions that are not over, those that start first before the others."""
    return tx.execute(
        select(promotion)
        .where(promotion.c.ends_at > now)
        .order_by(promotion.c.starts_at, promotion.c.reference)
        .limit(at_most)
    ).all()


def between(tx: Tx, *, since: datetime, until: datetime) -> Sequence[Row]:
    """Return promotions of which any moment lies in this time, in the order they start."""
    return tx.execute(
        select(promotion)
        .where(promotion.c.ends_at > since, promotion.c.starts_at < until)
        .order_by(promotion.c.starts_at, promotion.c.reference)
    ).all()


def ended(tx: Tx, before: datetime, *, at_most: int) -> Sequence[Row]:
    """Return promotions that were over by then, the latest first."""
    return tx.execute(
        select(promotion)
        .where(promotion.c.ends_at <= before)
        .order_by(promotion.c.ends_at.desc(), promotion.c.reference)
        .limit(at_most)
    ).all()
