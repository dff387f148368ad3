"""What the stock page looks up. Every query is bounded; none locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from orders_core.stock.store import PROMISABLE
from orders_core.tx import Tx

# What needs somebody comes first: nothing to sell, then few, then the rest by code.
LEVELS = f"""
WITH shown AS (
  SELECT l.id, l.sku_id, s.code, s.title_zh, s.title_en, l.warehouse, l.on_hand, l.reserved,
         l.short, l.safety_stock, l.oversell_limit, l.low_at, l.standing,
         {PROMISABLE} - l.safety_stock - l.short AS free,
         array_position(ARRAY['out', 'low', 'in'], l.standing) AS rank
  FROM level l JOIN sku s ON s.id = l.sku_id
  LEFT JOIN preorder p ON p.sku_id = l.sku_id
  WHERE (%(standing)s::text IS NULL OR l.standing = %(standing)s)
    AND (%(words)s::text IS NULL OR s.code LIKE upper(%(words)s) OR s.title_en ILIKE %(words)s
         OR s.title_zh ILIKE %(words)s OR l.warehouse ILIKE %(words)s)),
page AS (
  SELECT * FROM shown
  WHERE %(after)s::uuid IS NULL OR (rank, code, warehouse) >
    (SELECT rank, code, warehouse FROM shown WHERE id = %(after)s)
  ORDER BY rank, code, warehouse LIMIT %(at_most)s)
SELECT page.*, coalesce(over.units, 0) AS overdue, coalesce(apart.units, 0) AS bucketed,
       coalesce(road.units, 0) AS coming
FROM page
LEFT JOIN (SELECT sku_id, warehouse, sum(quantity) AS units FROM reservation
           WHERE state = 'held' AND expires_at <= %(now)s GROUP BY 1, 2) over
  USING (sku_id, warehouse)
LEFT JOIN (SELECT sku_id, warehouse, sum(free) AS units FROM bucket GROUP BY 1, 2) apart
  USING (sku_id, warehouse)
LEFT JOIN (SELECT o.sku_id, t.to_warehouse AS warehouse, sum(o.sent) AS units
           FROM stock_transfer t JOIN stock_transfer_line o ON o.transfer_id = t.id
           WHERE t.state = 'sent' GROUP BY 1, 2) road
  USING (sku_id, warehouse)
ORDER BY rank, code, warehouse
"""  # noqa: S608 - a constant of ours

STANDINGS = "SELECT standing, count(*) FROM level GROUP BY 1"

ROAD = """
SELECT t.id, t.from_warehouse, t.to_warehouse, t.sent_by, t.sent_at,
       sum(o.sent)::int AS units, count(*)::int AS skus, min(s.code) AS first
FROM stock_transfer t JOIN stock_transfer_line o ON o.transfer_id = t.id
JOIN sku s ON s.id = o.sku_id
WHERE t.state = 'sent'
GROUP BY t.id ORDER BY t.sent_at, t.id LIMIT %(at_most)s
"""

COUNTS = """
SELECT c.id, c.warehouse, c.opened_by, c.opened_at, count(*)::int AS skus,
       count(l.counted)::int AS counted,
       count(*) FILTER (WHERE l.counted <> l.on_hand_then)::int AS differing
FROM stock_count c LEFT JOIN stock_count_line l ON l.count_id = c.id
WHERE c.state = 'open'
GROUP BY c.id ORDER BY c.opened_at, c.id LIMIT %(at_most)s
"""

STUCK = """
SELECT o.id, o.number, min(f.found_at) AS found_at, sum(f.quantity)::int AS units,
       string_agg(DISTINCT s.code, ' ' ORDER BY s.code) AS codes
FROM shortage f JOIN orders o ON o.id = f.order_id JOIN sku s ON s.id = f.sku_id
WHERE f.state IN ('open', 'waiting') AND o.payment NOT IN ('unpaid', 'deposit_paid')
GROUP BY o.id ORDER BY min(f.found_at), o.number LIMIT %(at_most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """Which levels are looked at: words of SKU or warehouse, and how they stand."""

    words: str = ""
    standing: str | None = None

    def parameters(self) -> dict[str, Any]:
        """Return it as the query takes it; marks of LIKE in the words stand for themselves."""
        plain = self.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return {"words": f"%{plain}%" if plain else None, "standing": self.standing}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What one warehouse holds of one SKU, in units."""

    id: UUID
    code: str
    title_zh: str
    title_en: str
    warehouse: str
    on_hand: int
    reserved: int
    short: int
    safety_stock: int
    oversell_limit: int
    low_at: int | None
    standing: str
    free: int
    overdue: int
    bucketed: int
    coming: int

    @property
    def available(self) -> int:
        """Units that may still be promised."""
        return max(self.free + self.overdue + self.bucketed, 0)

    def title_in(self, locale: str) -> str:
        """Return its title in a language."""
        return self.title_zh if locale == "zh" else self.title_en


class OnRoad(NamedTuple):
    """A transfer on the road."""

    id: UUID
    from_warehouse: str
    to_warehouse: str
    sent_by: str
    sent_at: datetime
    units: int
    skus: int
    first: str


class OpenCount(NamedTuple):
    """A count that somebody has begun."""

    id: UUID
    warehouse: str
    opened_by: str
    opened_at: datetime
    skus: int
    counted: int
    differing: int


class StuckOrder(NamedTuple):
    """An order that is paid and cannot ship."""

    id: UUID
    number: int
    found_at: datetime
    units: int
    codes: str


def shelves(
    tx: Tx, sieve: Sieve, *, after: UUID | None, at_most: int, now: datetime
) -> Sequence[Shelf]:
    """Return levels, those with nothing to sell first; what is held past `now` counts as free."""
    asked = {**sieve.parameters(), "after": after, "at_most": at_most, "now": now}
    names = Shelf.__dataclass_fields__
    rows = tx.exec_driver_sql(LEVELS, asked).mappings()
    return [Shelf(**{name: row[name] for name in names}) for row in rows]


def standings(tx: Tx) -> dict[str, int]:
    """Count the levels by how they stand."""
    return {standing: int(count) for standing, count in tx.exec_driver_sql(STANDINGS)}


def on_the_road(tx: Tx, *, at_most: int) -> Sequence[OnRoad]:
    """Return the transfers on the road, the longest first."""
    return [OnRoad(*row) for row in tx.exec_driver_sql(ROAD, {"at_most": at_most})]


def open_counts(tx: Tx, *, at_most: int) -> Sequence[OpenCount]:
    """Return the counts that are open, the longest first."""
    return [OpenCount(*row) for row in tx.exec_driver_sql(COUNTS, {"at_most": at_most})]


def stuck_orders(tx: Tx, *, at_most: int) -> Sequence[StuckOrder]:
    """Return orders that are paid and cannot ship, the longest first."""
    return [StuckOrder(*row) for row in tx.exec_driver_sql(STUCK, {"at_most": at_most})]
