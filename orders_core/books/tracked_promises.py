"""The promises about tracked tables, made from the list of them: a new one is promised at once."""

from collections.abc import Sequence

from orders_core.books.promise import Invariant
from orders_core.outbox.tracked import TRACKED

IN_STEPS = "/* step: t.id = ANY(:entity) */ true"

VERSIONS = """
SELECT t.id FROM {table} t
LEFT JOIN LATERAL (
  SELECT count(*) AS rows, max(h.version) AS latest FROM history h
  WHERE h.entity_id = t.id AND h.entity = '{entity}') told ON true
WHERE {in_steps}
  AND (t.version IS DISTINCT FROM told.rows OR t.version IS DISTINCT FROM told.latest)"""

# What was added to the table after the event was written is not in the event: `@>` asks no more.
STANDING = """
SELECT t.id FROM {table} t
JOIN history h ON h.entity_id = t.id AND h.version = t.version AND h.entity = '{entity}'
WHERE {in_steps}
  AND NOT to_jsonb(t) @> h.new"""


def tracked_invariants() -> Sequence[Invariant]:
    """Return what is promised of every tracked table."""
    return [
        Invariant(
            "every_change_has_history",
            "An entity's version is the number of its history rows, without gaps.",
            _of_every_table(VERSIONS),
            "entity",
        ),
        Invariant(
            "history_ends_as_it_stands",
            "The last event of an entity says what its row says.",
            _of_every_table(STANDING),
            "entity",
        ),
    ]


def _of_every_table(query: str) -> str:
    return "\nUNION ALL".join(
        query.format(table=one.table, entity=one.entity, in_steps=IN_STEPS) for one in TRACKED
    ).strip()
