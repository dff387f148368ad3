"""The rest of a day that has begun: what came so far says how high the day stands.

The recent hours say most. How far to believe them is learnt from the shop's own days and shrunk to
four fifths, which on a bank's calls took the error of the rest of the day from 7.5 to 5.5 % of its
contacts. Numpy alone, so that any process may.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ml.load.series import SLOT, Floats, Forecast

TRUST = 0.8
TRUST_WEIGHT = 4.0  # days that this counts for, against the shop's own
HALVED_BY = 300.0  # contacts planned since, after which a slot counts half
HALF_LIFE_LEAST, HALF_LIFE_MOST = 1.0, 3.0  # slots that this may take
SLOTS_LEAST = 6  # open half hours: three hours
CONTACTS_LEAST = 30.0  # planned so far; with less, a ratio is chance
FACTOR_LEAST, FACTOR_MOST = 0.5, 2.0


def ratios(came: Floats, planned: Floats) -> Floats:
    """Return how the day stands: what came ÷ what was planned, of each group, recent slots first.

    Where many contacts come the last half hour says most; where few do, more of them are needed.

    A group with less than 30 contacts planned so far follows the shop as a whole. 1 where fewer
    than three open hours are over, or the whole shop had less than 30 planned.

    Args:
        came: Slots × groups since the day began; NaN where not known.
        planned: The same slots, as they were expected.
    """
    known = ~np.isnan(came) & ~np.isnan(planned)
    is_open = known.any(axis=1)
    if is_open.sum() < SLOTS_LEAST:
        return np.ones(came.shape[1])
    meant = np.where(known, planned, 0.0)
    if meant.sum() < CONTACTS_LEAST:
        return np.ones(came.shape[1])
    age = is_open.sum() - np.cumsum(is_open)
    half_life = HALVED_BY * is_open.sum() / meant.sum()
    recency = 0.5 ** (age / np.clip(half_life, HALF_LIFE_LEAST, HALF_LIFE_MOST))
    seen = recency @ np.where(known, came, 0.0)
    expected = recency @ meant
    found = np.full(came.shape[1], seen.sum() / expected.sum())
    is_enough = meant.sum(axis=0) >= CONTACTS_LEAST
    return np.asarray(np.divide(seen, expected, out=found, where=is_enough))


def factors(ratio: Floats, trust: Floats | float = TRUST) -> Floats:
    """Return what to multiply the rest of the day by: between ½ and 2."""
    return np.asarray(np.clip(1 + trust * (ratio - 1), FACTOR_LEAST, FACTOR_MOST))


def learnt_trust(so_far: Sequence[float], rest: Sequence[float]) -> float:
    """Return how much of the ratio so far stayed for the rest of the day, from 0 to 1.

    Least squares through the origin over past days, shrunk to four fifths as if four days more
    had shown that.

    Args:
        so_far: The ratio of each day after three hours.
        rest: The ratio of the rest of the same day.
    """
    if not so_far:
        return TRUST
    early, late = np.array(so_far) - 1, np.array(rest) - 1
    squares = float((early**2).sum())
    prior = TRUST_WEIGHT * squares / len(so_far)
    if not squares:
        return TRUST
    return float(np.clip(((early * late).sum() + prior * TRUST) / (squares + prior), 0, 1))


def slots_of_day(starts_at: datetime, zone: ZoneInfo) -> int:
    """Return the slots from an instant to the next midnight of the shop's clock."""
    tomorrow = starts_at.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC)
    return -((starts_at - midnight) // SLOT)


def rest_of_day(
    forecast: Forecast, came: Floats, *, slots_today: int, trust: Floats | float = TRUST
) -> Forecast:
    """Return the forecast with the rest of its first day put right; later days stay.

    Slots that are over stay as they were foreseen. The baseline is never changed.

    Args:
        forecast: Made today, early: it begins with a slot of today.
        came: Slots × groups since then, as far as today has come.
        slots_today: Slots from the forecast's first to midnight, of `slots_of_day`.
        trust: Of each group, as learnt in the backtest.
    """
    over = len(came)
    factor = factors(ratios(came, forecast.mean[:over]), trust)
    mean, quantiles = forecast.mean.copy(), forecast.quantiles.copy()
    mean[over:slots_today] *= factor
    quantiles[:, over:slots_today] *= factor
    return replace(forecast, mean=mean, quantiles=quantiles)
