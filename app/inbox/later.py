"""When something that was put off comes back. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

NINE = time(9)


def tomorrow_at_nine(now: datetime, zone: str) -> datetime:
    """Return nine o'clock of the next day in a zone, as UTC."""
    its_zone = ZoneInfo(zone)
    day = now.astimezone(its_zone).date() + timedelta(days=1)
    return datetime.combine(day, NINE, its_zone).astimezone(UTC)
