"""How far the orders of a time have come. Bounded to the newest of them; none locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from orders_core.tx import Tx

MOST_ORDERS = 20_000

# Orders placed in the window, how they went on, and whether the person was told that it shipped.
FLOW = """
WITH cohort AS (
  SELECT id, status, placed_at, paid_at, shipped_at, cancelled_at
  FROM orders WHERE placed_at >= %(since)s AND placed_at < %(until)s
  ORDER BY placed_at DESC LIMIT %(most)s),
news AS (
  SELECT cohort.id, shipped_at,
         min(settled_at) FILTER (WHERE state IN ('sent', 'unknown')) AS told_at,
         bool_or(state IN ('queued', 'sending')) AS waits,
         count(message.id) AS messages
  FROM cohort LEFT JOIN message ON message.order_id = cohort.id AND notice = 'order_shipped'
  WHERE shipped_at IS NOT NULL GROUP BY cohort.id, shipped_at),
verdicts AS (
  SELECT news.id, told_at, shipped_at, coalesce(waits, false) AS waits,
         messages = 0 AND EXISTS (SELECT FROM verdict WHERE verdict.order_id = news.id
           AND notice = 'order_shipped' AND answer = 'skip') AS is_skipped
  FROM news),
pay AS (
  SELECT count(*) AS placed, min(placed_at) AS first_placed,
         count(paid_at) AS paid,
         count(*) FILTER (WHERE paid_at IS NULL AND status = 'cancelled') AS unpaid,
         count(*) FILTER (WHERE status = 'placed') AS awaiting_pay,
         min(placed_at) FILTER (WHERE status = 'placed') AS oldest_pay,
         percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP
           (ORDER BY extract(epoch FROM paid_at - placed_at)) AS pay_seconds,
         count(shipped_at) AS shipped,
         count(*) FILTER (WHERE paid_at IS NOT NULL AND status = 'cancelled') AS paid_cancelled,
         count(*) FILTER (WHERE status = 'paid') AS awaiting_ship,
         min(paid_at) FILTER (WHERE status = 'paid') AS oldest_ship,
         percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP
           (ORDER BY extract(epoch FROM shipped_at - paid_at)) AS ship_seconds
  FROM cohort),
told AS (
  SELECT count(told_at) AS told,
         count(*) FILTER (WHERE told_at IS NULL AND waits) AS awaiting_told,
         min(shipped_at) FILTER (WHERE told_at IS NULL AND waits) AS oldest_told,
         count(*) FILTER (WHERE told_at IS NULL AND NOT waits AND is_skipped) AS not_told,
         count(*) FILTER (WHERE told_at IS NULL AND NOT waits AND NOT is_skipped) AS silent,
         percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP
           (ORDER BY extract(epoch FROM told_at - shipped_at)) AS told_seconds
  FROM verdicts)
SELECT pay.*, told.* FROM pay CROSS JOIN told
"""
# By the machine's clock, for a refusal has no business time; a key is taken before all else.
DOOR = """
SELECT count(*) AS asked,
       count(*) FILTER (WHERE answer ->> 'outcome' IS DISTINCT FROM 'placed') AS refused
FROM (SELECT answer FROM idempotency
      WHERE created_at >= clock_timestamp() - make_interval(secs => %(seconds)s)
        AND scope LIKE '%%POST /v1/orders'
      ORDER BY created_at DESC LIMIT %(most)s) AS newest
"""


@dataclass(frozen=True, kw_only=True)
class Door:
    """Requests at the order door that carried a key, and how many of them were refused."""

    asked: int
    refused: int


def door(tx: Tx, *, lasting: timedelta) -> Door:
    """Count the requests for an order in the last so-and-so long of machine time."""
    given = {"seconds": lasting.total_seconds(), "most": MOST_ORDERS}
    row = tx.exec_driver_sql(DOOR, given).one()
    return Door(asked=row.asked, refused=row.refused)


def flow(tx: Tx, *, since: datetime, until: datetime) -> Mapping[str, Any]:
    """Say how the orders placed in a time went on; of more than 20,000 the newest count."""
    given = {"since": since, "until": until, "most": MOST_ORDERS}
    return dict(tx.exec_driver_sql(FLOW, given).mappings().one())
