"""Contacts by the hour: our own as they came in, and what other systems counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert

from app.forecast.tables import incoming
from orders_core.ids import new_id
from orders_core.tx import Tx

# Later rows of one statement may not touch a key twice, so the last count of an hour wins.
PUT_HOURS = """
INSERT INTO contact_hour (source, hour, contacts)
SELECT %(source)s, said.hour, said.contacts
FROM unnest(%(hours)s::timestamptz[], %(contacts)s::int[]) AS said (hour, contacts)
ORDER BY said.hour
ON CONFLICT (source, hour) DO UPDATE SET contacts = EXCLUDED.contacts
WHERE contact_hour.contacts <> EXCLUDED.contacts
"""
PER_HOUR = """
SELECT hour, sum(contacts)::bigint
FROM (
  SELECT hour, contacts FROM contact_hour WHERE hour >= %(since)s AND hour < %(until)s
  UNION ALL
  SELECT date_trunc('hour', at, 'UTC'), count(*) FROM incoming
  WHERE at >= %(since)s AND at < %(until)s GROUP BY 1
) AS both_kinds
GROUP BY hour ORDER BY hour
"""
ANSWERED = """
SELECT count(*), count(*) FILTER (WHERE answered) FROM incoming
WHERE at >= %(since)s AND at < %(until)s
"""
FIRST = """
SELECT least((SELECT min(at) FROM incoming), (SELECT min(hour) FROM contact_hour))
"""


class Answered(NamedTuple):
    """Of so many contacts, so many needed no person."""

    contacts: int
    without_a_person: int


def add(tx: Tx, *, at: datetime, how: str, person_id: UUID | None, answered: bool) -> None:
    """Write one contact."""
    row = {"id": new_id(), "at": at, "how": how, "person_id": person_id, "answered": answered}
    tx.execute(insert(incoming), [row])


def put_hours(tx: Tx, source: str, counts: Mapping[datetime, int]) -> None:
    """Write what another system counted; an hour it told before takes the new count."""
    tx.exec_driver_sql(
        PUT_HOURS,
        {"source": source, "hours": list(counts), "contacts": list(counts.values())},
    )


def per_hour(tx: Tx, *, since: datetime, until: datetime) -> dict[datetime, int]:
    """Return the contacts of every hour of which anything is known, from all sources together."""
    found = tx.exec_driver_sql(PER_HOUR, {"since": since, "until": until})
    return {hour: int(contacts) for hour, contacts in found}


def answered(tx: Tx, *, since: datetime, until: datetime) -> Answered:
    """Say how many of our own contacts needed no person."""
    row = tx.exec_driver_sql(ANSWERED, {"since": since, "until": until}).one()
    return Answered(contacts=row[0], without_a_person=row[1])


def first(tx: Tx) -> datetime | None:
    """Return when the first contact was heard or counted; None if there is none."""
    found: datetime | None = tx.exec_driver_sql(FIRST).scalar_one()
    return found


def sources(tx: Tx) -> Sequence[str]:
    """Name the systems whose counts were told."""
    found = tx.exec_driver_sql("SELECT DISTINCT source FROM contact_hour ORDER BY 1")
    return list(found.scalars())
