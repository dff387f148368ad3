"""What people see on each channel: counted from their messages by night, kept with what it says.

A bell whose news was read by another way first says nothing of itself and is not counted: whoever
was rung twice could see only one of the two first.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text

from app.hub.catalogue import NOTICES
from app.hub.habits import ABOUT, WHOLE, leaves_to_chance
from ml.chance.measured import Told
from ml.channel.seen import Belief, Cells
from orders_core.tx import Tx

LOOKED_BACK = timedelta(days=90)
WITHIN = timedelta(hours=48)  # what is not opened by then, or is of no use any more, was not seen
FEWEST = 5  # tellings of somebody below which nothing is said of them
MOST_DECISIONS = 20_000  # of which it is told what named a bell, and what that brought

# What rang in the stretch and had its time to be seen: codes and digests are left out.
COUNT = text("""
CREATE TEMP TABLE habit_count ON COMMIT DROP AS
WITH sent AS (
  SELECT message.id, message.person_id, verdict_id, channel, kind, opened_at, settled_at,
         state = 'sent' AND channel <> 'inapp' AND NOT is_trial
           AND message.notice <> ALL(:gathered) AS rang,
         least(message.expires_at, settled_at + :within) AS over_at,
         least(opened_at, line.read_at) AS read_at
  FROM message LEFT JOIN inbox_item AS line ON line.id = message.id
  WHERE queued_at >= :now - :looked_back),
bell AS (
  SELECT *, min(read_at) OVER (PARTITION BY verdict_id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                               EXCLUDE CURRENT ROW) AS elsewhere_at
  FROM sent),
told AS (
  SELECT person_id, about, channel, coalesce(opened_at <= over_at, false) AS seen,
         coalesce(elsewhere_at <= over_at, false) AS elsewhere
  FROM bell JOIN person ON person.id = person_id AND erased_at IS NULL
  JOIN unnest(CAST(:kinds AS text[]), CAST(:abouts AS text[])) AS kinds (kind, about) USING (kind)
  WHERE rang AND settled_at <= :now - :within)
SELECT person_id, about, channel,
       count(*)::int AS told, (count(*) FILTER (WHERE seen))::int AS seen
FROM told WHERE seen OR NOT elsewhere GROUP BY person_id, about, channel
""")
CELLS = text("""
SELECT about, channel, told, seen, count(*) AS people
FROM habit_count GROUP BY about, channel, told, seen ORDER BY about, channel, told, seen
""")
# Each is known on every channel that anything is known of: where nothing rang, as everybody.
KEEP = text("""
WITH said AS (
SELECT whose.person_id, about,
       jsonb_object_agg(cell.channel, jsonb_build_array(
         cell.told, cell.seen, cell.mean, cell.deviation)) AS channels
FROM (SELECT person_id, about FROM habit_count
      GROUP BY person_id, about HAVING sum(told) >= :fewest) AS whose
JOIN unnest(CAST(:abouts AS text[]), CAST(:channels AS text[]), CAST(:told AS int[]),
            CAST(:seen AS int[]), CAST(:means AS int[]), CAST(:deviations AS int[]))
     AS cell (about, channel, told, seen, mean, deviation) USING (about)
LEFT JOIN habit_count AS own USING (person_id, about, channel)
WHERE (cell.told, cell.seen) = (coalesce(own.told, 0), coalesce(own.seen, 0))
GROUP BY whose.person_id, about)
INSERT INTO habit (person_id, seen, at)
SELECT person_id, jsonb_object_agg(about, channels), :now FROM said GROUP BY person_id
""")
# The steps of the newest decisions that named a bell; of those left to chance, what came of each.
ROUTED = text("""
WITH decided AS (
  SELECT id, notice, decided_at,
         jsonb_path_query_first(trace, 'strict $[*] ? (@[0] == "routing")') -> 2 AS said
  FROM verdict WHERE decided_at >= :now - :looked_back AND decided_at <= :now
  ORDER BY id DESC LIMIT :most)
SELECT said ->> 'by' AS way,
       said ->> 'best' <> said ->> 'before' AND notice = ANY(:chance)
         AND decided_at <= :now - :within AS may_tell,
       said ->> 'first' = said ->> 'best' AS is_best,
       said ->> 'first' = said ->> 'before' AS is_named,
       (said ->> 'p')::float8 AS propensity,
       said ? 'p' AND EXISTS (
         SELECT FROM message LEFT JOIN inbox_item AS line ON line.id = message.id
         WHERE verdict_id = decided.id
           AND least(opened_at, line.read_at) <= decided_at + :within) AS opened
FROM decided WHERE said ? 'by'
""")


class Cell(NamedTuple):
    """What is believed of whoever was told and saw so many on a channel."""

    about: str
    channel: str
    told: int
    seen: int
    belief: Belief


class Routed(NamedTuple):
    """How often what named the bell that went first, and what came of those left to chance.

    These are invitations of which the best bell was known, was not the one that would have rung
    without it, and that had their time to be opened.
    """

    ways: Mapping[str, int]
    told: Sequence[Told]


def count(tx: Tx, *, now: datetime) -> Mapping[tuple[str, str], Cells]:
    """Count what everybody was told and saw; return by subject and channel how many did alike.

    The counts stay in this transaction, for `keep`.
    """
    tx.execute(text("DROP TABLE IF EXISTS habit_count"))
    given = {
        "now": now,
        "within": WITHIN,
        "looked_back": LOOKED_BACK,
        "kinds": [str(kind) for kind in ABOUT],
        "abouts": [*ABOUT.values()],
        "gathered": [notice.name for notice in NOTICES.values() if notice.is_gathered],
    }
    tx.execute(COUNT, given)
    found: dict[tuple[str, str], dict[tuple[int, int], int]] = {}
    for row in tx.execute(CELLS):
        found.setdefault((row.about, row.channel), {})[row.told, row.seen] = row.people
    return found


def keep(tx: Tx, cells: Sequence[Cell], *, now: datetime) -> int:
    """Keep the counts of everybody who was told enough, with these beliefs; return how many people.

    What an earlier night kept goes.
    """
    tx.execute(text("DELETE FROM habit"))
    given = {
        "now": now,
        "fewest": FEWEST,
        "abouts": [cell.about for cell in cells],
        "channels": [cell.channel for cell in cells],
        "told": [cell.told for cell in cells],
        "seen": [cell.seen for cell in cells],
        "means": [round(WHOLE * cell.belief.mean) for cell in cells],
        "deviations": [round(WHOLE * cell.belief.deviation) for cell in cells],
    }
    return tx.execute(KEEP, given).rowcount


def routed(tx: Tx, *, now: datetime) -> Routed:
    """Return what named bells in the newest decisions, and what came of those left to chance."""
    given = {
        "now": now,
        "looked_back": LOOKED_BACK,
        "within": WITHIN,
        "most": MOST_DECISIONS,
        "chance": [one.name for one in NOTICES.values() if leaves_to_chance(one)],
    }
    rows = tx.execute(ROUTED, given).all()
    told = [
        Told(row.is_best, row.is_named, row.propensity, row.opened) for row in rows if row.may_tell
    ]
    return Routed(Counter(row.way for row in rows), told)
