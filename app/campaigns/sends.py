"""When people will hear of a campaign, by the hour, as the forecast is told ahead."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from app.campaigns.plan import Plan
from app.campaigns.reach_store import Reach

HOUR = timedelta(hours=1)
MINUTES = 60
MOST_HOURS = 24 * 14


def hour_of(at: datetime) -> datetime:
    """Return the beginning of the hour that a time lies in, in UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def by_hour(
    made: Plan, reach: Reach | None, *, pace_per_minute: int | None
) -> Mapping[datetime, int]:
    """Say how many people hear of it in each hour.

    As its reach was weighed, where it was; else everybody in the hour they are due in. A pace
    spreads them over the hours that follow.
    """
    if reach is not None and reach.is_counted:
        told = {datetime.fromisoformat(hour): people for hour, people in reach.hours.items()}
    else:
        told = {}
        for zone, people in made.people.items():
            hour = hour_of(made.dues[zone].at)
            told[hour] = told.get(hour, 0) + people
    return spread(told, per_hour=pace_per_minute * MINUTES if pace_per_minute else None)


def spread(told: Mapping[datetime, int], *, per_hour: int | None) -> dict[datetime, int]:
    """Let what one hour cannot take go on in the next; None takes everybody at once."""
    if per_hour is None or not told:
        return dict(told)
    hour, left = min(told), 0
    spaced: dict[datetime, int] = {}
    while (left or hour <= max(told)) and len(spaced) < MOST_HOURS:
        left += told.get(hour, 0)
        spaced[hour] = min(left, per_hour)
        left -= spaced[hour]
        hour += HOUR
    return {hour: people for hour, people in spaced.items() if people}
