"""What became of offers, who heard how many, and how likely each is to refuse them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, text

from app.people.tables import tired
from ml.fatigue.risk import Case, Risk, Signs
from orders_core.ids import PersonId
from orders_core.tx import Tx

LEARNT_FROM = timedelta(days=180)
MOST_LEARNT_FROM = 20_000
WITHIN = timedelta(days=7)
LATELY = timedelta(days=30)
PERCENT = 100

# One row a telling, however many channels it went by; what was known then, and nothing later.
CASES = text("""
WITH offer AS (
  SELECT person_id, verdict_id, min(queued_at) AS at FROM message
  WHERE category = 'offers' AND state IN ('sent', 'unknown') AND queued_at >= :since
  GROUP BY person_id, verdict_id), heard AS (
  SELECT person_id, at,
         count(*) OVER (PARTITION BY person_id ORDER BY at
                        RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW) AS sends_7,
         count(*) OVER (PARTITION BY person_id ORDER BY at
                        RANGE BETWEEN interval '30 days' PRECEDING AND CURRENT ROW) AS sends_30
  FROM offer)
SELECT heard.person_id, sends_7, sends_30,
       extract(epoch FROM heard.at - person.created_at) / 86400 AS known_days,
       lines.opened_share,
       EXISTS (SELECT FROM preference AS said WHERE said.person_id = heard.person_id
               AND said.category IN ('offers', '*') AND NOT said.wanted
               AND said.at >= heard.at AND said.at < heard.at + :within)
       OR EXISTS (SELECT FROM consent AS said WHERE said.person_id = heard.person_id
                  AND NOT said.granted
                  AND said.at >= heard.at AND said.at < heard.at + :within) AS has_left
FROM heard JOIN person ON person.id = heard.person_id
CROSS JOIN LATERAL (
  SELECT coalesce(avg((read_at < heard.at)::int), 0) AS opened_share FROM (
    SELECT coalesce(read_at, 'infinity') AS read_at FROM inbox_item AS line
    WHERE line.person_id = heard.person_id
      AND line.arrived_at >= heard.at - :lately AND line.arrived_at < heard.at) AS line
) AS lines
WHERE heard.at < :now - :within
ORDER BY heard.at DESC, heard.person_id LIMIT :most
""")
NOW = text("""
WITH offer AS (
  SELECT person_id, verdict_id, min(queued_at) AS at FROM message
  WHERE category = 'offers' AND state IN ('sent', 'unknown') AND queued_at >= :since
  GROUP BY person_id, verdict_id)
SELECT offer.person_id,
       count(*) FILTER (WHERE at >= :now - interval '7 days') AS sends_7,
       count(*) AS sends_30,
       extract(epoch FROM :now - min(person.created_at)) / 86400 AS known_days,
       (SELECT coalesce(avg((line.read_at IS NOT NULL)::int), 0) FROM inbox_item AS line
        WHERE line.person_id = offer.person_id AND line.arrived_at >= :since) AS opened_share
FROM offer JOIN person ON person.id = offer.person_id AND person.erased_at IS NULL
GROUP BY offer.person_id ORDER BY offer.person_id
""")


def cases(tx: Tx, *, now: datetime) -> Sequence[Case]:
    """Return the newest offers that were told a week ago or longer, and what became of each."""
    given = {
        "since": now - LEARNT_FROM,
        "now": now,
        "within": WITHIN,
        "lately": LATELY,
        "most": MOST_LEARNT_FROM,
    }
    return [
        Case(str(row.person_id), _signs(row, more=0), row.has_left)
        for row in tx.execute(CASES, given)
    ]


def standing(tx: Tx, *, now: datetime) -> Mapping[PersonId, Signs]:
    """Return what is known of everybody who heard an offer in thirty days, one more counted in."""
    rows = tx.execute(NOW, {"since": now - LATELY, "now": now})
    return {PersonId(row.person_id): _signs(row, more=1) for row in rows}


def _signs(row: Any, *, more: int) -> Signs:
    return Signs(
        sends_7=row.sends_7 + more,
        sends_30=row.sends_30 + more,
        opened_share=float(row.opened_share),
        known_days=float(row.known_days),
    )


def keep(tx: Tx, risks: Mapping[PersonId, Risk], *, now: datetime) -> None:
    """Keep these risks and no others: of whom nothing is said any more, nothing is known."""
    tx.execute(delete(tired))
    if risks:
        rows = [
            {
                "person_id": person_id,
                "percent": round(PERCENT * said.share),
                "because": said.because,
                "at": now,
            }
            for person_id, said in sorted(risks.items())
        ]
        tx.execute(insert(tired), rows)
