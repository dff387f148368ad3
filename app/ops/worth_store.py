"""What people did with what they were told, by notice. Bounded to the newest decisions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from app.hub.catalogue import NOTICES
from orders_core.tx import Tx

MOST_DECISIONS = 20_000

# Each decision of the stretch with what came of it within two days; whoever is told of an order
# twice within them is counted for both.
ACHIEVED = """
WITH decided AS (
  SELECT id, person_id, order_id, notice, decided_at, decided_at + interval '48 hours' AS over_at
  FROM verdict
  WHERE decided_at >= %(since)s AND decided_at < %(until)s
  ORDER BY id DESC LIMIT %(most)s),
sent AS (
  SELECT decided.id,
         count(message.id) AS messages,
         count(*) FILTER (WHERE message.state IN ('sent', 'unknown')) AS delivered,
         count(*) FILTER (WHERE message.state IN ('sent', 'unknown')
                            AND message.channel <> 'inapp') AS bells,
         count(line.id) AS lines,
         count(*) FILTER (WHERE line.seen_at <= over_at) AS seen,
         count(*) FILTER (WHERE line.read_at <= over_at) AS opened
  FROM decided
  LEFT JOIN message ON message.verdict_id = decided.id
  LEFT JOIN inbox_item AS line ON line.id = message.id
  GROUP BY decided.id),
after AS (
  SELECT decided.notice, sent.*,
    EXISTS (SELECT FROM support_case AS asked
            WHERE asked.person_id = decided.person_id
              AND asked.order_id IS NOT DISTINCT FROM decided.order_id
              AND asked.opened_at BETWEEN decided_at AND over_at) AS asked,
    EXISTS (SELECT FROM muted_order AS mute
            WHERE mute.order_id = decided.order_id AND mute.person_id = decided.person_id
              AND mute.at BETWEEN decided_at AND over_at) AS muted,
    EXISTS (SELECT FROM preference AS choice
            WHERE choice.person_id = decided.person_id AND NOT choice.wanted
              AND choice.category = %(categories)s::jsonb ->> decided.notice
              AND choice.at BETWEEN decided_at AND over_at) AS opted_out
  FROM decided JOIN sent USING (id))
SELECT notice,
       count(*) AS decided,
       count(*) FILTER (WHERE delivered > 0) AS told,
       sum(messages)::int AS messages,
       sum(delivered)::int AS delivered,
       sum(bells)::int AS bells,
       sum(lines)::int AS lines,
       sum(seen)::int AS seen,
       sum(opened)::int AS opened,
       count(*) FILTER (WHERE delivered > 0 AND muted) AS muted,
       count(*) FILTER (WHERE delivered > 0 AND opted_out) AS opted_out,
       count(*) FILTER (WHERE delivered > 0 AND asked) AS contacts,
       count(*) FILTER (WHERE messages = 0) AS untold,
       count(*) FILTER (WHERE messages = 0 AND asked) AS untold_contacts
FROM after GROUP BY notice ORDER BY count(*) DESC, notice
"""


def achieved(tx: Tx, *, since: datetime, until: datetime) -> list[Mapping[str, Any]]:
    """Count by notice what came of the decisions of a stretch, the most frequent first."""
    given = {
        "since": since,
        "until": until,
        "most": MOST_DECISIONS,
        "categories": orjson.dumps({one.name: one.category for one in NOTICES.values()}).decode(),
    }
    return [dict(row) for row in tx.exec_driver_sql(ACHIEVED, given).mappings()]
