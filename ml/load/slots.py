"""What forecasts count in: half hours, what contacts are about, and the quantiles. No numpy."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SLOT = timedelta(minutes=30)
#: What contacts are about, as far as it is forecast apart.
GROUPS = ("where", "delivery", "return", "presale", "payment", "other")
#: The quantiles of every forecast: the middle, and the ends of the 80 % and 95 % intervals.
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


def slot_of(at: datetime) -> datetime:
    """Return the beginning of a time's half hour."""
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def midnight(at: datetime, zone: ZoneInfo, *, days: int = 0) -> datetime:
    """Return the half hour (UTC) in which a day of a zone begins: that of an instant, or later."""
    day = at.astimezone(zone).date() + timedelta(days=days)
    return slot_of(datetime.combine(day, time(), zone).astimezone(UTC))
