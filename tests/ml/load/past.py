"""A made-up past, small and seeded."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ml.load.series import Exposure, Floats, Series

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
OPEN = slice(18, 26)  # half hours of the day


def some_weeks(
    weeks: int, *, level: tuple[float, ...] = (120.0, 8.0), zone: str = "UTC", seed: int = 7
) -> Series:
    """Return Poisson contacts of a desk that is open four hours a day, busier on Mondays."""
    zone_of = ZoneInfo(zone)
    dice = np.random.default_rng(seed)
    contacts = np.full((weeks * 7, 48, len(level)), np.nan)
    weekday = np.where(np.arange(weeks * 7) % 7 == 0, 1.4, 1.0)
    means = weekday[:, None, None] * np.array(level)
    contacts[:, OPEN] = dice.poisson(np.broadcast_to(means, (weeks * 7, 8, len(level))))
    return Series(
        starts_at=datetime.combine(MONDAY.date(), MONDAY.time(), tzinfo=zone_of).astimezone(UTC),
        zone=zone_of,
        groups=("where", "other")[: len(level)],
        contacts=contacts.reshape(-1, len(level)),
    )


def after(weeks: int, days: int = 0) -> datetime:
    return MONDAY + timedelta(weeks=weeks, days=days)


def no_events(series: Series, *, days: int = 0) -> Floats:
    return np.ones((len(series.contacts) + days * 48, len(series.groups)))


def counted(series: Series, values: Floats) -> Exposure:
    """Return an exposure that is known when its slot is over."""
    over = np.datetime64(series.starts_at.replace(tzinfo=None), "s") + (
        np.arange(1, len(values) + 1) * np.timedelta64(1800, "s")
    )
    return Exposure(name="orders", values=values, known_at=over)
