"""The plan as it is read: of each hour the newest that was stored, beside who is rostered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orders_core.tx import Tx

# A run stores no hour that lies behind it, so the newest of an hour was made before the hour ended.
PLAN = """
SELECT DISTINCT ON (forecast_hour.hour)
       forecast_hour.hour, weeks_used, baseline, multiplier, level, added, expected, low, high,
       people_needed, coalesce(people, 0) AS people_rostered
FROM forecast_hour LEFT JOIN roster_hour ON roster_hour.hour = forecast_hour.hour
WHERE forecast_hour.hour >= %(since)s AND forecast_hour.hour < %(until)s
ORDER BY forecast_hour.hour, run_id DESC
"""
PUT_ROSTER = """
INSERT INTO roster_hour (hour, people)
SELECT said.hour, said.people
FROM unnest(%(hours)s::timestamptz[], %(people)s::int[]) AS said (hour, people)
ORDER BY said.hour
ON CONFLICT (hour) DO UPDATE SET people = EXCLUDED.people
WHERE roster_hour.people <> EXCLUDED.people
"""


@dataclass(frozen=True, kw_only=True)
class PlannedHour:
    """One hour of the plan: contacts, and the people that answer them.

    `expected` = `baseline` × `multiplier` × `level` + `added`; `low` to `high` holds 80 % of what
    may come.
    """

    hour: datetime
    baseline: float  #: mean of the last four same weekdays
    multiplier: float  #: of the promotion; 1 where none is
    expected: float
    low: int
    high: int
    people_needed: int
    people_rostered: int
    level: float = 1.0  #: today's ratio to the plan so far
    added: float = 0.0  #: by messages that are to be sent
    weeks_used: int = 0

    @property
    def people_short(self) -> int:
        """How many people are missing; 0 where enough are rostered."""
        return max(self.people_needed - self.people_rostered, 0)

    @property
    def is_closed(self) -> bool:
        """Whether nobody is meant to answer: none rostered, and no promotion on."""
        return self.people_rostered == 0 and self.multiplier == 1

    @property
    def is_missing_people(self) -> bool:
        """Whether somebody answers, or should, but too few."""
        return self.people_short > 0 and not self.is_closed


def plan(tx: Tx, *, since: datetime, until: datetime) -> Sequence[PlannedHour]:
    """Return the planned hours from `since` up to `until`, in order; hours nobody planned lack."""
    found = tx.exec_driver_sql(PLAN, {"since": since, "until": until}).mappings()
    return [PlannedHour(**row) for row in found]


def put_roster(tx: Tx, people: Mapping[datetime, int]) -> None:
    """Write how many people are rostered; hours told before take the new number."""
    tx.exec_driver_sql(PUT_ROSTER, {"hours": list(people), "people": list(people.values())})
