"""What a replay came to: its events, verdicts and messages, counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from orders_core.tx import Tx

VERDICTS = text("""
SELECT v.notice, v.answer, v.because, count(*) AS n
FROM history h JOIN verdict v ON v.event_id = h.id
WHERE h.changed_by = :by GROUP BY 1, 2, 3
""")
MESSAGES = text("""
SELECT m.notice, m.channel, m.state, count(*) AS n
FROM history h JOIN verdict v ON v.event_id = h.id JOIN message m ON m.verdict_id = v.id
WHERE h.changed_by = :by GROUP BY 1, 2, 3
""")
EVENTS = text("""
SELECT o.state, count(*) AS n
FROM history h JOIN outbox o ON o.id = h.id WHERE h.changed_by = :by GROUP BY 1
""")


@dataclass(frozen=True, kw_only=True)
class Told:
    """Counts over everything that one file's replay ever changed, whichever run it was in."""

    events: Mapping[str, int]  #: by state
    verdicts: Mapping[tuple[str, str, str], int]  #: by notice, answer and reason
    messages: Mapping[tuple[str, str, str], int]  #: by notice, channel and state


def told(tx: Tx, by: str) -> Told:
    """Count what the changes made `by` a replay came to."""
    return Told(
        events={row.state: row.n for row in tx.execute(EVENTS, {"by": by})},
        verdicts=_by_three(tx.execute(VERDICTS, {"by": by})),
        messages=_by_three(tx.execute(MESSAGES, {"by": by})),
    )


def _by_three(rows: Any) -> Mapping[tuple[str, str, str], int]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for first, second, third, n in rows:
        counts[first, second, third or ""] += n
    return counts
