"""What the promotion room looks up every few seconds. Every query is bounded; none locks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from orders_core.tx import Tx

A_MINUTE = timedelta(minutes=1)
PRESENT_MINUTES = 15

PER_MINUTE = """
SELECT floor(extract(epoch FROM placed_at - %(since)s::timestamptz) / 60)::int AS minute, count(*)
FROM orders WHERE placed_at >= %(since)s AND placed_at < %(until)s GROUP BY 1
"""
# Of goods on several shelves the sum counts.
LEFT = """
SELECT sku.code, sku.title_zh, sku.title_en, sum(on_hand)::bigint AS on_hand,
       sum(greatest(on_hand + oversell_limit - safety_stock - reserved - short, 0))::bigint
         AS available
FROM sku JOIN level ON level.sku_id = sku.id
WHERE sku.code = ANY(%(codes)s)
GROUP BY sku.id ORDER BY array_position(%(codes)s::text[], sku.code) LIMIT %(at_most)s
"""
SCARCE = """
SELECT sku.code FROM level JOIN sku ON sku.id = level.sku_id
GROUP BY sku.id HAVING sum(reserved) > 0
ORDER BY sum(reserved) DESC, sku.code LIMIT %(at_most)s
"""
PRESENT = """
SELECT count(DISTINCT staff.id) FROM session JOIN staff ON staff.id = session.staff_id
WHERE staff.role IN ('agent', 'lead') AND expires_at > clock_timestamp()
  AND seen_at > clock_timestamp() - make_interval(mins => %(minutes)s)
"""


class Left(NamedTuple):
    """How much of one SKU can still be sold."""

    code: str
    title_zh: str
    title_en: str
    on_hand: int
    available: int

    def title_in(self, locale: str) -> str:
        """Return its title in a language."""
        return self.title_zh if locale == "zh" else self.title_en

    @property
    def share(self) -> float:
        """Part of what is on the shelf that is not reserved, from 0 to 1."""
        return min(max(self.available / self.on_hand, 0.0), 1.0) if self.on_hand else 0.0


def orders_per_minute(tx: Tx, *, now: datetime, minutes: int) -> Sequence[int]:
    """Return how many orders were placed in each of the last minutes, the oldest first."""
    since = now - minutes * A_MINUTE
    rows = tx.exec_driver_sql(PER_MINUTE, {"since": since, "until": now})
    found = {minute: int(count) for minute, count in rows}
    return [found.get(minute, 0) for minute in range(minutes)]


def stock_left(tx: Tx, codes: Sequence[str], *, at_most: int) -> Sequence[Left]:
    """Return what is left of these SKUs, in their order; of the most reserved ones if none."""
    wanted = list(codes) or list(tx.exec_driver_sql(SCARCE, {"at_most": at_most}).scalars())
    rows = tx.exec_driver_sql(LEFT, {"codes": wanted, "at_most": at_most})
    return [Left(*row) for row in rows]


def present(tx: Tx) -> int:
    """Count the agents and leads who used a page in the last quarter of an hour of machine time."""
    return int(tx.exec_driver_sql(PRESENT, {"minutes": PRESENT_MINUTES}).scalar_one())
