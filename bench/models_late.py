"""Late parcels: the outlook beside what a carrier's mean says, on journeys with known causes.

Learnt from what was known on one day; judged by the parcels that were under way on later days and
whose promise had not run out. Contenders: the carrier's share of late parcels, and that share among
its parcels that were under way for as long.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from bench.journeys import ZONE, Trip, trips
from ml.late.journey import Outlook
from ml.late.outlook import outlook
from ml.late.rates import Rates, learn

Say = Callable[[str], None]
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, PARCELS, SEED = 180, 9_000, 11
LEARN_DAYS = 120
ASKED = timedelta(hours=9, minutes=30)
DAY = timedelta(days=1)
Asked = tuple[Trip, datetime, Outlook]


def measure(say: Say) -> Mapping[str, object]:
    """Measure Brier scores, reliability by tenths, and how often the range held what came."""
    made = trips(PARCELS, begin=BEGIN, days=DAYS, seed=SEED)
    cut = BEGIN + DAY * LEARN_DAYS
    rates = learn([one.journey for one in made], now=cut, zone=ZONE)
    asked = ask(rates, made, begin=cut, days=DAYS - LEARN_DAYS)
    late = np.array([float(_is_late(trip)) for trip, _, _ in asked])
    own = np.array([said.late_share for _, _, said in asked])
    known = [one for one in made if (one.journey.handed_over_at or cut) < cut]
    figures = {
        "asked": len(asked),
        "late_share": float(late.mean()),
        "brier": brier(own, late),
        "brier_carrier_mean": brier(_by_carrier(known, asked), late),
        "brier_carrier_and_age": brier(_by_age(known, asked), late),
        "reliability": reliability(own, late),
        "held_80": held(asked),
    }
    say(
        f"  {len(asked)} asked: Brier {figures['brier']:.4f}, carrier's mean "
        f"{figures['brier_carrier_mean']:.4f}, carrier and age "
        f"{figures['brier_carrier_and_age']:.4f}; range held {figures['held_80']:.1%}"
    )
    return figures


def ask(rates: Rates, made: Sequence[Trip], *, begin: datetime, days: int) -> list[Asked]:
    """Ask each day about every parcel under way whose promise has not run out."""
    found = []
    for day in range(days):
        now = begin + DAY * day + ASKED
        for trip in made:
            over = trip.journey.handed_over_at
            if trip.journey.scans[0].at <= now < trip.due_by and over is not None and now < over:
                said = outlook(rates, trip.journey, now=now, due_by=trip.due_by)
                if said is not None:
                    found.append((trip, now, said))
    return found


def brier(said: np.ndarray, late: np.ndarray) -> float:
    """Return the mean square of what probabilities missed (Brier 1950, Mon. Weather Rev. 78:1)."""
    return float(np.mean((said - late) ** 2))


def reliability(said: np.ndarray, late: np.ndarray) -> list[dict[str, float]]:
    """Return by tenths of probability how many were asked, what was said and what happened."""
    tenth = np.minimum((said * 10).astype(int), 9)
    return [
        {
            "asked": int((tenth == one).sum()),
            "said": float(said[tenth == one].mean()),
            "late": float(late[tenth == one].mean()),
        }
        for one in range(10)
        if (tenth == one).any()
    ]


def held(asked: Sequence[Asked]) -> float:
    """Return the share of parcels that were handed over within the range that was to hold 80 %."""
    inside = [
        said.low_at <= trip.journey.handed_over_at <= said.high_at
        for trip, _, said in asked
        if said.low_at and said.high_at and trip.journey.handed_over_at
    ]
    return sum(inside) / len(inside)


def _is_late(trip: Trip) -> bool:
    over = trip.journey.handed_over_at
    return over is not None and over > trip.due_by


def _by_carrier(known: Sequence[Trip], asked: Sequence[Asked]) -> np.ndarray:
    all_of = Counter(one.journey.carrier for one in known)
    late_of = Counter(one.journey.carrier for one in known if _is_late(one))
    carriers = [trip.journey.carrier for trip, _, _ in asked]
    return np.array([late_of[one] / all_of[one] for one in carriers])


def _by_age(known: Sequence[Trip], asked: Sequence[Asked]) -> np.ndarray:
    """Return the late share among the carrier's parcels that were under way for as many days."""
    all_of: Counter[tuple[str, int]] = Counter()
    late_of: Counter[tuple[str, int]] = Counter()
    for one in known:
        over = one.journey.handed_over_at
        for day in range(_age(one, over) + 1 if over else 0):
            all_of[one.journey.carrier, day] += 1
            late_of[one.journey.carrier, day] += _is_late(one)
    cells = [(trip.journey.carrier, _age(trip, now)) for trip, now, _ in asked]
    return np.array([late_of[one] / max(all_of[one], 1) for one in cells])


def _age(trip: Trip, at: datetime) -> int:
    return (at - trip.journey.scans[0].at).days
