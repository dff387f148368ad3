"""How well contacts are foreseen: a bank's calls, week after week, every contender beside the rest.

Fourteen weeks are measured, and the last eight of them apart. Each week's forecast is made from
what was known on its Monday, its champion chosen and its intervals calibrated on the weeks before,
as a shop's would be. What is fixed in `ml/load` was chosen on the earlier weeks, but for how long
the level of a day is remembered and how fast intervals adapt: there all fourteen were in view, so
that a clean figure needs calls that were never looked at.
"""

import csv
import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from bench.data import data
from ml.load.backtest import Decision
from ml.load.forecast import Foretold, make_forecast
from ml.load.grid import row_at
from ml.load.intraday import SLOTS_LEAST, rest_of_day
from ml.load.series import GROUPS, SLOT, Exposure, Floats, Forecast, Series

Say = Callable[[str], None]

CALLS = "bank_calls_5min_until_2003-08.csv"
WEEKS, LATE = 14, 8
DAY = 48
SEED = 1
SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class Week:
    """One week as it was foreseen on its Monday, and as it came: slots × 1."""

    foretold: Foretold
    came: Floats


def measure(say: Say) -> Mapping[str, object]:
    """Measure week-ahead error, coverage, the rest of the day, and how long it all takes."""
    calls = bank_calls()
    weeks = [
        Week(foretold=foretell_week(calls, monday), came=week_that_came(calls, monday))
        for monday in mondays(calls, WEEKS)
    ]
    used = [week.foretold.forecast.used["other"] for week in weeks]
    figures: dict[str, object] = {"used": used}
    for name, some in (("late", weeks[-LATE:]), ("all", weeks)):
        say(f" {name}: {len(some)} weeks")
        figures[name] = {
            "week_ahead": _week_ahead(some, say),
            "coverage": _coverage(some, say),
            "rest_of_day": _rest_of_day(some, say),
        }
    say(f"  used, week by week: {', '.join(used)}")
    figures["decisions"] = _decisions(weeks[-1].foretold, say)
    figures["train_to_serve"] = _train_to_serve(say)
    return figures


def bank_calls() -> Series:
    """Return the calls by half hour, at the bank's clock; closed at night and on weekends."""
    zone = ZoneInfo("America/New_York")
    with data(CALLS).open() as file:
        rows = list(csv.DictReader(file))
    first = datetime.fromisoformat(rows[0]["inferred_date"]).replace(tzinfo=zone)
    last = datetime.fromisoformat(rows[-1]["inferred_date"]).replace(tzinfo=zone)
    contacts = np.full(((last - first).days * DAY + DAY, 1), np.nan)
    for row in rows:
        at = datetime.fromisoformat(f"{row['inferred_date']} {row['time']}").replace(tzinfo=zone)
        if row["time"] < "21:00":  # of the last half hour only five minutes are on record
            slot = (at.astimezone(UTC) - first.astimezone(UTC)) // SLOT
            contacts[slot] = np.nan_to_num(contacts[slot]) + int(row["calls"])
    return Series(
        starts_at=first.astimezone(UTC),
        zone=zone,
        groups=("other",),
        contacts=contacts,
        country="US",
    )


def mondays(calls: Series, number: int) -> Sequence[datetime]:
    """Return the Mondays of the last weeks on record."""
    first = calls.starts_at.astimezone(calls.zone)
    weeks = len(calls.contacts) // (7 * DAY) + 1
    return [first + timedelta(weeks=week) for week in range(weeks - number, weeks)]


def foretell_week(calls: Series, monday: datetime) -> Foretold:
    """Foresee the week that begins on a Monday from what was known then."""
    return make_forecast(
        calls,
        origin=monday,
        exposures=[],
        multiplier=np.ones((row_at(calls, monday) + 7 * DAY, 1)),
        horizon_slots=7 * DAY,
        seed=SEED,
    )


def week_that_came(calls: Series, monday: datetime) -> Floats:
    """Return what came in the week from a Monday on: slots × 1, NaN where nothing is on record."""
    first = row_at(calls, monday)
    came = np.full((7 * DAY, 1), np.nan)
    known = calls.contacts[first : first + 7 * DAY]
    came[: len(known)] = known
    return came


def _wape(pairs: Sequence[tuple[Floats, Floats]]) -> float:
    """Return the sum of errors over the sum of contacts, in percent, of (foreseen, came)."""
    foreseen, came = (np.concatenate([pair[at].ravel() for pair in pairs]) for at in range(2))
    has = ~np.isnan(foreseen) & ~np.isnan(came)
    return 100 * float(np.abs(foreseen - came)[has].sum() / came[has].sum())


def _week_ahead(weeks: Sequence[Week], say: Say) -> Mapping[str, float]:
    names = [
        name
        for name in weeks[-1].foretold.means
        if all(name in week.foretold.means for week in weeks)
    ]
    found = {
        name: _wape([(week.foretold.means[name], week.came) for week in weeks]) for name in names
    }
    found["champion"] = _wape([(week.foretold.forecast.mean, week.came) for week in weeks])
    for name, wape in found.items():
        say(
            f"  week ahead, {name}: WAPE {wape:.2f} %"
            f" = {wape / found['seasonal_naive']:.3f} x seasonal naive"
            f" = {wape / found['four_weeks']:.3f} x four-week mean"
        )
    found["against_naive"] = found["champion"] / found["seasonal_naive"]
    found["against_four_weeks"] = found["champion"] / found["four_weeks"]
    return found


def _coverage(weeks: Sequence[Week], say: Say) -> Mapping[str, float]:
    came = np.concatenate([week.came for week in weeks]).ravel()
    quantiles = np.concatenate([week.foretold.forecast.quantiles for week in weeks], axis=1)[
        :, :, 0
    ]
    has = ~np.isnan(came) & ~np.isnan(quantiles[0])
    inside = {
        str(width): 100
        * float(((quantiles[low] <= came) & (came <= quantiles[-1 - low]))[has].mean())
        for low, width in enumerate((95, 80))
    }
    say(f"  intervals of 80 and 95 % held {inside['80']:.1f} and {inside['95']:.1f} %")
    return inside


def _rest_of_day(weeks: Sequence[Week], say: Say) -> Mapping[str, float]:
    """Return the error of the rest of each day after three hours, before and after they count."""
    pairs: dict[str, list[tuple[Floats, Floats]]] = {}
    for week in weeks:
        trust = week.foretold.report.trust["other"]
        for day in range(7):
            one = _day(week.foretold.forecast, day)
            came = week.came[day * DAY : day * DAY + DAY]
            over = _opened(came)
            right = rest_of_day(one, came[:over], slots_today=DAY, trust=trust)
            plain = Forecast(**{**vars(one), "mean": one.baseline})
            plain_right = rest_of_day(plain, came[:over], slots_today=DAY, trust=trust)
            for name, mean in (
                ("four_weeks_morning", one.baseline),
                ("four_weeks_put_right", plain_right.mean),
                ("morning", one.mean),
                ("put_right", right.mean),
            ):
                pairs.setdefault(name, []).append((mean[over:], came[over:]))
    found = {name: _wape(of) for name, of in pairs.items()}
    found["against_morning"] = found["put_right"] / found["morning"]
    found["against_four_weeks_morning"] = found["put_right"] / found["four_weeks_morning"]
    for name, value in found.items():
        say(f"  rest of day after 3 h, {name}: {value:.3f}")
    return found


def _day(of: Forecast, day: int) -> Forecast:
    rows = slice(day * DAY, day * DAY + DAY)
    return Forecast(
        starts_at=of.starts_at + day * DAY * SLOT,
        groups=of.groups,
        baseline=of.baseline[rows],
        mean=of.mean[rows],
        quantiles=of.quantiles[:, rows],
        used=of.used,
    )


def _opened(came: Floats) -> int:
    """Return how many slots are over when six open ones are."""
    is_open = np.cumsum(~np.isnan(came[:, 0]))
    return int(np.searchsorted(is_open, SLOTS_LEAST)) + 1


def _decisions(foretold: Foretold, say: Say) -> Mapping[str, Mapping[str, float]]:
    """Return the backtest's error of each contender at each decision, as the last week saw it."""
    found: dict[str, dict[str, float]] = {str(decision): {} for decision in Decision}
    for one in foretold.report.scores:
        found[one.decision][one.contender] = 100 * one.wape
    for decision, by_name in found.items():
        errors = ", ".join(f"{name} {wape:.2f}" for name, wape in by_name.items())
        say(f"  {decision}: WAPE % {errors}")
    return found


def _train_to_serve(say: Say) -> Mapping[str, object]:
    """Return the seconds to learn from two years of six groups, and to serve what was stored."""
    shop, orders = two_years()
    started = time.process_time()
    foretold = make_forecast(
        shop,
        origin=shop.slot_at(len(shop.contacts)),
        exposures=[orders],
        multiplier=np.ones((len(shop.contacts) + 42 * DAY, len(GROUPS))),
        horizon_slots=42 * DAY,
        seed=SEED,
    )
    trained = time.process_time() - started
    made, stored = foretold.forecast, io.BytesIO()
    np.savez(stored, baseline=made.baseline, mean=made.mean, quantiles=made.quantiles)
    stored.seek(0)
    started = time.perf_counter()
    with np.load(stored, allow_pickle=False) as arrays:
        read = Forecast(starts_at=made.starts_at, groups=GROUPS, used=made.used, **arrays)
    rest_of_day(read, read.mean[:20], slots_today=DAY)
    served = time.perf_counter() - started
    say(f"  two years of six groups: {trained:.1f} s of one core, served in {1000 * served:.1f} ms")
    by_group = _near(foretold, say)
    return {"trained_seconds": trained, "served_ms": 1000 * served, "tomorrow": by_group}


def _near(foretold: Foretold, say: Say) -> Mapping[str, float]:
    """Return tomorrow's error by what is used for it ÷ that of four weeks, of each group."""
    found = {}
    scores = {(one.decision, one.contender, one.group): one for one in foretold.report.scores}
    for choice in foretold.report.near:
        group = choice.group
        used, plain = (scores[Decision.T_1, name, group] for name in (choice.used, "four_weeks"))
        held = " ".join(f"{100 * (one or 0):.0f}" for one in (used.coverage_80, used.coverage_95))
        found[group] = used.wape / plain.wape
        say(
            f"  there, tomorrow, {group}: {choice.used}, WAPE {100 * used.wape:.1f} %"
            f" = {found[group]:.2f} x four weeks; 80 and 95 % held {held} %"
        )
    return found


def two_years() -> tuple[Series, Exposure]:
    """Return a made-up shop, open from 8 to 22 o'clock: orders cause contacts two days later."""
    dice = np.random.default_rng(SEED)
    days = 2 * 365
    level = np.array([60.0, 25.0, 15.0, 30.0, 10.0, 4.0])
    of_day = np.exp(0.15 * np.sin(np.arange(days) / 58) + dice.normal(0, 0.15, days))
    orders = dice.poisson(40 * np.repeat(of_day, DAY)).astype(float)
    of_slot = 1 + 0.4 * np.sin(np.arange(DAY) / DAY * 4 * np.pi)
    weekday = np.where(np.arange(days) % 7 < SATURDAY, 1.0, 0.7)
    mean = (np.roll(of_day, 2) * weekday)[:, None, None] * of_slot[:, None] * level
    contacts = dice.poisson(mean).astype(float)
    contacts[:, :16] = contacts[:, 44:] = np.nan
    starts_at = datetime(2024, 1, 1, tzinfo=UTC)
    over = np.datetime64(starts_at.replace(tzinfo=None), "s")
    known_at = over + np.arange(1, days * DAY + 1) * np.timedelta64(1800, "s")
    series = Series(
        starts_at=starts_at,
        zone=ZoneInfo("UTC"),
        groups=GROUPS,
        contacts=contacts.reshape(-1, len(GROUPS)),
    )
    return series, Exposure(name="orders", values=orders, known_at=known_at)
