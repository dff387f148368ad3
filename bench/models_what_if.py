"""What-ifs graded by played shops: what was said beforehand, held against what the cause brought.

Each shop is played twice with the same dice, with a happening and without: the difference of the
true rates is what it brought. The rates are learnt from the year before, or assumed.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from ml.load.happenings import PRIORS, Campaign, DelayedParcels, Happening, Rate, StockOut
from ml.load.responses import learn
from ml.load.series import GROUPS, Floats
from ml.load.together import added
from ml.load.what_if import with_it
from ml.play import world
from ml.play.causes import Causes, Delay, Promotion, Send, Shortage
from ml.play.play import Played, play
from ml.staffing.people import Target

Say = Callable[[str], None]
SHOPS = 12
DAYS, LEARNT, AHEAD, DAY = 400, 380, 5, 48
SIX_WEEKS = 42
TOGETHER = "together"
TARGET = Target(handle_seconds=240, patience_seconds=180, within_seconds=60, share=0.8)
SALE = Promotion(kind="sale", day=100, audience_share=0.5, discount_share=0.2, uplift=2.5)


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What one happening brought, and what was said of it."""

    name: str
    truth: float
    expected: float
    low: float
    high: float

    @property
    def is_within(self) -> bool:
        """Whether the truth lies in the range."""
        return self.low <= self.truth <= self.high

    @property
    def error(self) -> float:
        """How far the expected lies from the truth, as a share of it."""
        return abs(self.expected - self.truth) / self.truth


def shop_of(seed: int) -> Causes:
    """Return a shop with a campaign a week, shortages, troubled carriers and two promotions."""
    rng = np.random.default_rng(seed)
    return Causes(
        presale_send=0.012,
        sends=world.sends(days=DAYS, messages=8_000, rng=rng),
        shortages=world.shortages(days=DAYS, rng=rng),
        promotions=(SALE, replace(SALE, day=250)),
    )


def rates_of(shop: Causes, played: Played) -> Sequence[Rate]:
    """Return what the days before the decision teach; nothing later is read."""
    cut = LEARNT * DAY
    sent = {
        played.series.slot_at(one.day * DAY + one.slot): one.messages
        for one in shop.sends
        if one.day < LEARNT
    }
    return learn(
        replace(played.series, contacts=played.series.contacts[:cut]),
        [replace(one, values=one.values[:cut]) for one in played.exposures],
        sent,
        played.uplift[:cut] > 1,
    )


def grades(seed: int, *, is_learnt: bool) -> Sequence[Grade]:
    """Grade a campaign, a delay, a stock-out and all three at once, by learnt or assumed rates."""
    shop = shop_of(seed)
    without = _played(shop, seed)
    rates = rates_of(shop, without) if is_learnt else PRIORS
    day = LEARNT + AHEAD
    at = without.series.slot_at(day * DAY)
    sent = replace(shop, sends=(*shop.sends, Send(day=day, slot=20, messages=20_000)))
    late = replace(shop, delays=(Delay(day=day, days=3, parcels=1_500),))
    shortages = (*shop.shortages, Shortage(day=day, days=2, wanted_share=0.075))
    short = _played(replace(shop, shortages=shortages), seed)
    prevented = short.course.short.sum() - without.course.short.sum()
    campaign = Campaign(audience=20_000, starts_at=at + timedelta(hours=10), minutes=30)
    delay = DelayedParcels(parcels=1_500, told_at=at, days=3)
    stock_out = StockOut(orders_a_day=round(prevented / 2), starts_at=at, days=2)
    at_once = replace(sent, delays=late.delays, shortages=shortages)
    cases: Sequence[tuple[str, Sequence[Happening], Played]] = (
        ("campaign", [campaign], _played(sent, seed)),
        ("delay", [delay], _played(late, seed)),
        ("stock_out", [stock_out], short),
        (TOGETHER, [campaign, delay, stock_out], _played(at_once, seed)),
    )
    return [_grade(name, asked, rates, without, played) for name, asked, played in cases]


def _played(shop: Causes, seed: int) -> Played:
    return play(shop, days=DAYS, rng=np.random.default_rng(seed))


def _grade(
    name: str, asked: Sequence[Happening], rates: Sequence[Rate], without: Played, played: Played
) -> Grade:
    usual = np.nan_to_num(without.rate.sum(axis=1))
    plan = {
        without.series.slot_at(row): float(usual[row])
        for row in range(LEARNT * DAY, DAYS * DAY)
        if usual[row] > 0
    }
    found = added(asked, rates, plan, without.series.zone)
    groups = sorted({GROUPS.index(rate.about) for rate in found.rates})
    return Grade(
        name=name,
        truth=float(np.nansum((played.rate - without.rate)[:, groups])),
        expected=found.contacts,
        low=found.low,
        high=found.high,
    )


def measure(say: Say) -> Mapping[str, object]:
    """Grade twelve shops by both kinds of rates, and time six weeks that all change."""
    figures: dict[str, object] = {}
    for name, is_learnt in (("learnt", True), ("assumed", False)):
        found = [one for seed in range(SHOPS) for one in grades(seed, is_learnt=is_learnt)]
        figures[name] = _figures([one for one in found if one.name != TOGETHER])
        figures[f"{name}_together"] = _figures([one for one in found if one.name == TOGETHER])
        say(f"  what-if, {name}: {figures[name]}")
        say(f"  what-if, {name}, three at once: {figures[f'{name}_together']}")
    figures["six_weeks_seconds"] = _seconds()
    say(f"  six weeks beside the plan: {figures['six_weeks_seconds']:.2f} s")
    return figures


def _figures(found: Sequence[Grade]) -> Mapping[str, float]:
    return {
        "happenings": len(found),
        "within_80": sum(one.is_within for one in found) / len(found),
        "mean_error": float(np.mean([one.error for one in found])),
        "mean_width": float(np.mean([(one.high - one.low) / one.truth for one in found])),
    }


def _seconds() -> float:
    """Return how long six weeks take of which every half hour changes."""
    played = _played(shop_of(0), 0)
    usual = np.nan_to_num(played.rate.sum(axis=1))[-SIX_WEEKS * DAY :].reshape(SIX_WEEKS, DAY)
    started = time.perf_counter()
    for of_day in usual:
        open_ = of_day[of_day > 0]
        with_it(
            open_,
            _quantiles(open_),
            added=0.1 * open_,
            sd=0.05 * open_,
            person_share=1.0,
            target=TARGET,
        )
    return time.perf_counter() - started


def _quantiles(mean: Floats) -> Floats:
    """Return a range of a tenth of the mean to either deviation, beside chance."""
    deviation = np.sqrt(mean + (0.1 * mean) ** 2)
    return np.maximum(mean + np.outer((-1.96, -1.28, 0.0, 1.28, 1.96), deviation), 0.0)
