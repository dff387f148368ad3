"""The plan as it is read: of each half hour what was last foreseen in time, and who is rostered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.forecast.plan import PlannedGroup, PlannedSlot
from orders_core.tx import Tx

# What was foreseen after a half hour was over is shown only where nothing was in time.
SHOWN = """
SELECT DISTINCT ON (slot) slot, run_id, usual, multiplier, level, added, expected, quantiles,
       people_needed
FROM forecast_slot WHERE slot >= %(since)s AND slot < %(until)s
ORDER BY slot, was_over, run_id DESC
"""
PLAN = f"""
SELECT shown.slot, usual, multiplier, level, added, expected, quantiles, people_needed,
       coalesce(people, 0) AS people_rostered
FROM ({SHOWN}) AS shown
LEFT JOIN roster_slot ON roster_slot.slot = shown.slot
ORDER BY shown.slot
"""  # noqa: S608 - our own words
GROUPS = f"""
SELECT part.slot, part.about, part.usual, shown.multiplier, part.expected, part.quantiles
FROM ({SHOWN}) AS shown
JOIN forecast_group AS part ON part.run_id = shown.run_id AND part.slot = shown.slot
ORDER BY part.slot, part.about
"""  # noqa: S608 - our own words
MADE_BY = """
SELECT slot, usual, multiplier, level, added, expected, quantiles, people_needed,
       0 AS people_rostered
FROM forecast_slot WHERE run_id = %(run)s AND slot >= %(since)s AND slot < %(until)s ORDER BY slot
"""
GROUPS_BY = """
SELECT slot, about, usual, 1 AS multiplier, expected, quantiles FROM forecast_group
WHERE run_id = %(run)s AND slot >= %(since)s AND slot < %(until)s ORDER BY slot, about
"""


def plan(tx: Tx, *, since: datetime, until: datetime) -> Sequence[PlannedSlot]:
    """Return the planned half hours from `since` up to `until`, in order; unplanned ones lack."""
    found = tx.exec_driver_sql(PLAN, {"since": since, "until": until}).mappings()
    return [PlannedSlot(**row) for row in found]


def groups(tx: Tx, *, since: datetime, until: datetime) -> Sequence[PlannedGroup]:
    """Return the same by what contacts are about, in order; none where all are of one group."""
    found = tx.exec_driver_sql(GROUPS, {"since": since, "until": until}).mappings()
    return [PlannedGroup(**row) for row in found]


def made_by(
    tx: Tx, run_id: UUID, *, since: datetime, until: datetime
) -> tuple[Sequence[PlannedSlot], Sequence[PlannedGroup]]:
    """Return what one run foresaw, shown or not."""
    stretch = {"run": run_id, "since": since, "until": until}
    slots = tx.exec_driver_sql(MADE_BY, stretch).mappings()
    parts = tx.exec_driver_sql(GROUPS_BY, stretch).mappings()
    return [PlannedSlot(**row) for row in slots], [PlannedGroup(**row) for row in parts]
