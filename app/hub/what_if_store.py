"""Decisions of the past, read to be made again: person by person, in the order they were made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.hub.bounds import Bounds
from app.hub.facts import bounds_of
from app.hub.worlds import Past
from orders_core.ids import PersonId
from orders_core.tx import Tx

CHUNK = 2000
# Ids and times come as bytes and seconds: to make a UUID and a zoned time of each cost more than to
# decide. Seconds as doubles are exact to the microsecond for some centuries.
# A person's verdicts are numbered in the order in which their pressure was locked.
HISTORY = """
SELECT uuid_send(id), uuid_send(person_id), notice, answer, because, decided_by,
       extract(epoch FROM until)::float8, extract(epoch FROM decided_at)::float8,
       facts, pressure, bounds
FROM verdict
WHERE decided_at >= %(since)s AND decided_at < %(until)s
  AND (%(parts)s = 1 OR get_byte(uuid_send(person_id), 15) %% %(parts)s = %(part)s)
ORDER BY person_id, id LIMIT %(most)s
"""
COUNT = """
SELECT count(*), count(*) FILTER (WHERE facts IS NULL OR bounds IS NULL)
FROM verdict WHERE decided_at >= %(since)s AND decided_at < %(until)s
"""
BOUNDS = "SELECT DISTINCT key, body FROM bounds_seen"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Decisions of a stretch of business time, `until` excluded; of it one part of several.

    The parts share the people among them, so each can be replayed by a process of its own.
    """

    since: datetime
    until: datetime
    part: int = 0
    parts: int = 1


def history(tx: Tx, stretch: Stretch, *, at_most: int) -> Iterator[Past]:
    """Yield decisions by person, oldest first, a chunk in memory at a time."""
    rows = tx.exec_driver_sql(
        HISTORY,
        {
            "since": stretch.since,
            "until": stretch.until,
            "part": stretch.part,
            "parts": stretch.parts,
            "most": at_most,
        },
        execution_options={"stream_results": True, "yield_per": CHUNK},
    )
    for chunk in rows.partitions():
        yield from _pasts(chunk)


def _pasts(rows: Iterable[Sequence[Any]]) -> Iterator[Past]:
    who, person = PersonId(UUID(int=0)), b""
    for which, whose, notice, answer, because, decided_by, until, at, *known in rows:
        if whose != person:
            who, person = PersonId(UUID(bytes=whose)), whose
        held_until = None if until is None else datetime.fromtimestamp(until, UTC)
        made_at = datetime.fromtimestamp(at, UTC)
        said = (notice, answer, because, decided_by, held_until, made_at)
        yield Past._make((which, who, *said, *known))


def counted(tx: Tx, stretch: Stretch) -> tuple[int, int]:
    """Count the decisions of a stretch, and those of which too little was kept."""
    row = tx.exec_driver_sql(COUNT, {"since": stretch.since, "until": stretch.until}).one()
    return row[0], row[1]


def bounds(tx: Tx) -> Mapping[int, Bounds]:
    """Return every policy that ever decided, by the key it has in a verdict."""
    return {key: bounds_of(body) for key, body in tx.exec_driver_sql(BOUNDS)}
