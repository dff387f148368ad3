"""Shops of one world, and what promotions bring them: the truth that a model has to find.

What a promotion adds to the usual is a product of what its kind, its shop, its kind in that shop
and its day bring, of its audience and its discount, and of chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ml.load.series import Floats
from ml.play.causes import Causes, Promotion, Send, Shortage

YEAR, WEEK = 364, 7  # days; a year of whole weeks, so that a kind keeps its weekday
AUDIENCE, DISCOUNT = 0.5, 0.2  # at which a promotion brings what its kind does
SEND_SLOT = 20  # 10 o'clock


@dataclass(frozen=True, kw_only=True)
class Truth:
    """How promotions of a world differ; deviations are of the logarithm of what one adds."""

    kinds: int = 6
    adds: float = 1.2  #: times the usual, of a typical promotion
    kind: float = 0.45
    shop: float = 0.2
    kind_in_shop: float = 0.12
    day: float = 0.1
    chance: float = 0.1
    by_audience: float = 0.4  #: twice the audience adds 2^0.4 times as much
    by_discount: float = 0.6
    held_share: float = 0.85  #: of the kinds that a shop takes part in, year by year


def shops(
    of: Causes, *, number: int, years: int, rng: np.random.Generator, truth: Truth | None = None
) -> Sequence[Causes]:
    """Return shops that differ in size and hold their promotions on the same days of each year.

    Args:
        of: What they have in common, its promotions, sends and shortages left aside.
        number: How many.
        years: Of 364 days each.
        rng: The dice.
        truth: How promotions differ.
    """
    truth = truth or Truth()
    by_kind = truth.adds * np.exp(rng.normal(0, truth.kind, truth.kinds))
    by_day = np.exp(rng.normal(0, truth.day, (years, truth.kinds)))
    return [
        replace(
            of,
            orders_a_day=of.orders_a_day * math.exp(rng.normal(0, 0.4)),
            promotions=_promotions(truth, by_kind * by_day, rng),
            sends=sends(days=years * YEAR, messages=round(2 * of.orders_a_day), rng=rng),
            shortages=shortages(days=years * YEAR, rng=rng),
        )
        for _ in range(number)
    ]


def sends(*, days: int, messages: int, rng: np.random.Generator) -> Sequence[Send]:
    """Return a campaign a week, on any day of it at ten, of about so many messages."""
    return [
        Send(
            day=week + int(rng.integers(WEEK)),
            slot=SEND_SLOT,
            messages=round(messages * math.exp(rng.normal(0, 0.5))),
        )
        for week in range(0, days, WEEK)
    ]


def shortages(*, days: int, rng: np.random.Generator) -> Sequence[Shortage]:
    """Return a shortage every third week or so, for one to four days."""
    return [
        Shortage(
            day=start + int(rng.integers(2 * WEEK)),
            days=int(rng.integers(1, 5)),
            wanted_share=float(rng.uniform(0.02, 0.1)),
        )
        for start in range(0, days, 3 * WEEK)
    ]


def _promotions(truth: Truth, adds: Floats, rng: np.random.Generator) -> Sequence[Promotion]:
    """Return a shop's promotions: of the kinds it takes part in, evenly over each year."""
    years, kinds = adds.shape
    of_shop = math.exp(rng.normal(0, truth.shop))
    in_shop = np.exp(rng.normal(0, truth.kind_in_shop, kinds))
    found = []
    for year in range(years):
        for kind in range(kinds):
            audience, discount = float(rng.uniform(0.2, 0.9)), float(rng.uniform(0.1, 0.4))
            chance = math.exp(rng.normal(0, truth.chance))
            depth = (audience / AUDIENCE) ** truth.by_audience
            depth *= (discount / DISCOUNT) ** truth.by_discount
            more = adds[year, kind] * of_shop * in_shop[kind] * depth * chance
            if rng.random() < truth.held_share:
                found.append(
                    Promotion(
                        kind=f"kind-{kind}",
                        day=year * YEAR + (2 * kind + 1) * YEAR // (2 * kinds),
                        audience_share=audience,
                        discount_share=discount,
                        uplift=1 + float(more),
                    )
                )
    return found
