"""Contacts by half hour: our own as they came in, and what other systems counted."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert

from app.forecast.tables import incoming
from orders_core.ids import new_id
from orders_core.tx import Tx

# A slot told again is told anew: groups that are not named any more have none.
FORGET_UNTOLD = """
DELETE FROM contact_slot WHERE source = %(source)s AND slot = ANY(%(slots)s::timestamptz[])
AND NOT EXISTS (
  SELECT FROM unnest(%(slots)s::timestamptz[], %(abouts)s::text[]) AS said (slot, about)
  WHERE said.slot = contact_slot.slot AND said.about = contact_slot.about)
"""
# In one order, so that two that tell the same slots wait for each other and never for ever.
PUT_SLOTS = """
INSERT INTO contact_slot (source, slot, about, contacts)
SELECT %(source)s, said.slot, said.about, said.contacts
FROM unnest(%(slots)s::timestamptz[], %(abouts)s::text[], %(contacts)s::int[])
  AS said (slot, about, contacts)
ORDER BY said.slot, said.about
ON CONFLICT (source, slot, about) DO UPDATE SET contacts = EXCLUDED.contacts
WHERE contact_slot.contacts <> EXCLUDED.contacts
"""
PER_SLOT = """
SELECT slot, about, sum(contacts)::bigint
FROM (
  SELECT slot, about, contacts FROM contact_slot WHERE slot >= %(since)s AND slot < %(until)s
  UNION ALL
  SELECT date_bin('30 minutes', at, 'epoch'), about, count(*) FROM incoming
  WHERE at >= %(since)s AND at < %(until)s GROUP BY 1, 2
) AS both_kinds
GROUP BY slot, about ORDER BY slot, about
"""
ANSWERED = """
SELECT count(*), count(*) FILTER (WHERE answered) FROM incoming
WHERE at >= %(since)s AND at < %(until)s
"""
TOLD_UNTIL = """
SELECT min(latest) + interval '30 minutes' FROM (
  SELECT max(slot) AS latest FROM contact_slot WHERE slot >= %(since)s GROUP BY source
) AS of_each
"""

Told = Mapping[tuple[datetime, str], int]  #: contacts by half hour and group


class Answered(NamedTuple):
    """Of so many contacts, so many needed no person."""

    contacts: int
    without_a_person: int


def add(
    tx: Tx, *, at: datetime, how: str, about: str, person_id: UUID | None, answered: bool
) -> None:
    """Write one contact."""
    told = {"at": at, "how": how, "about": about, "person_id": person_id, "answered": answered}
    tx.execute(insert(incoming), [{"id": new_id(), **told}])


def put(tx: Tx, source: str, told: Told) -> None:
    """Write what another system counted; a half hour it told before is told anew, all groups."""
    listed = {
        "source": source,
        "slots": [slot for slot, _ in told],
        "abouts": [about for _, about in told],
        "contacts": list(told.values()),
    }
    tx.exec_driver_sql(FORGET_UNTOLD, listed)
    tx.exec_driver_sql(PUT_SLOTS, listed)


def per_slot(tx: Tx, *, since: datetime, until: datetime) -> dict[tuple[datetime, str], int]:
    """Return the contacts of every half hour and group of which anything is known, all sources."""
    found = tx.exec_driver_sql(PER_SLOT, {"since": since, "until": until})
    return {(slot, about): int(contacts) for slot, about, contacts in found}


def answered(tx: Tx, *, since: datetime, until: datetime) -> Answered:
    """Say how many of our own contacts needed no person."""
    row = tx.exec_driver_sql(ANSWERED, {"since": since, "until": until}).one()
    return Answered(contacts=row[0], without_a_person=row[1])


def told_until(tx: Tx, *, since: datetime) -> datetime | None:
    """Return until when every system that told anything since then has told its counts.

    None where no other system tells any; of what came in here everything is known.
    """
    found: datetime | None = tx.exec_driver_sql(TOLD_UNTIL, {"since": since}).scalar_one()
    return found
