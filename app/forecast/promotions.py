"""Promotions: hours in which more people buy and more people write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.forecast import promotion_store
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """One promotion, from its first second to its last; `skus` are the codes it is about."""

    reference: str
    name_zh: str
    name_en: str
    starts_at: datetime
    ends_at: datetime
    skus: tuple[str, ...] = ()

    def name_in(self, locale: str) -> str:
        """Return its name in a language."""
        return self.name_zh if locale == "zh" else self.name_en

    def is_on(self, now: datetime) -> bool:
        """Say whether it runs at this moment."""
        return self.starts_at <= now < self.ends_at


def put(tx: Tx, promotion: Promotion, *, now: datetime) -> bool:
    """Write a promotion under its reference; True if anything of it is new."""
    return promotion_store.put(tx, vars(promotion), now=now)


def current_or_next(tx: Tx, now: datetime) -> Promotion | None:
    """Return the promotion that runs now, else the one that starts next."""
    found = promotion_store.ending_after(tx, now, at_most=1)
    return _promotion(found[0]) if found else None


def between(tx: Tx, *, since: datetime, until: datetime) -> Sequence[Promotion]:
    """Return the promotions of which any moment lies in this time, in the order they start."""
    return [_promotion(row) for row in promotion_store.between(tx, since=since, until=until)]


def ended(tx: Tx, *, before: datetime, at_most: int) -> Sequence[Promotion]:
    """Return the promotions that ended, the latest first."""
    return [_promotion(row) for row in promotion_store.ended(tx, before, at_most=at_most)]


def _promotion(row: promotion_store.Row) -> Promotion:
    return Promotion(
        reference=row.reference,
        name_zh=row.name_zh,
        name_en=row.name_en,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        skus=tuple(row.skus),
    )
