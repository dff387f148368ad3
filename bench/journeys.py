"""Made-up journeys of parcels with known causes: carriers, lanes, Sundays, and those that stick."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ml.late.journey import Journey, Scan

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
LANES: Mapping[str, int] = {"浙江>浙江": 0, "浙江>北京": 1, "浙江>新疆": 3}  # further hops
SUNDAY = 6
AGAIN = 0.12  # nobody is at home


@dataclass(frozen=True)
class Carrier:
    """How a carrier works: hops within a province, how often a parcel sticks, its promise."""

    hops: int
    sticks: float
    promised_days: int


CARRIERS: Mapping[str, Carrier] = {
    "sf": Carrier(1, 0.02, 2),
    "zto": Carrier(2, 0.06, 4),
    "slow": Carrier(3, 0.15, 5),
}


@dataclass(frozen=True)
class Trip:
    """A journey and the end of the day it was promised for."""

    journey: Journey
    due_by: datetime


def trips(count: int, *, begin: datetime, days: int, seed: int) -> Sequence[Trip]:
    """Make `count` trips that begin within `days` of `begin`; the same of the same seed."""
    random = np.random.default_rng(seed)
    return [_trip(begin + DAY * int(random.integers(days)), random) for _ in range(count)]


def _trip(day: datetime, random: np.random.Generator) -> Trip:
    name = str(random.choice(sorted(CARRIERS)))
    lane = str(random.choice(sorted(LANES)))
    carrier = CARRIERS[name]
    hops = carrier.hops + LANES[lane]
    midnight = day.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    scans = list(_way(midnight + timedelta(hours=17 + 3 * random.random()), hops, carrier, random))
    at = scans[-1].at
    for _ in range(4):
        at = _next_round(at)
        scans.append(Scan(at, "out_for_delivery"))
        if random.random() > AGAIN:
            break
        at += timedelta(hours=6)
        scans.append(Scan(at, "attempt_failed"))
    over = at + timedelta(hours=2 + 8 * random.random())
    due = midnight + DAY * (carrier.promised_days + LANES[lane] + 1)
    journey = Journey(carrier=name, lane=lane, scans=scans, handed_over_at=over)
    return Trip(journey, due)


def _way(at: datetime, hops: int, carrier: Carrier, random: np.random.Generator) -> Iterator[Scan]:
    yield Scan(at, "picked_up")
    for _ in range(hops):
        at += timedelta(hours=float(random.gamma(9.0, 2.0)))
        if random.random() < carrier.sticks:
            at += timedelta(hours=float(random.gamma(3.0, 28.0)))
        yield Scan(at, "in_transit")


def _next_round(at: datetime) -> datetime:
    """Return the next morning that the van leaves: never on a Sunday."""
    morning = (at.astimezone(ZONE) + DAY).replace(hour=8, minute=0)
    return morning + DAY if morning.weekday() == SUNDAY else morning
