"""The choice of a channel beside plainer ways, on people whose shares on each are known.

Each has a share of their own on push, e-mail and SMS, drawn from a Beta of the channel, and a past:
so many tellings on each, and what they saw of them. Then every contender names one channel for each
person, and is judged by what that is worth to expect: the worth of being seen times the true share,
less the channel's cost. The oracle knows the shares. Contenders: always the cheapest, the one that
all see most for its cost, the one that was opened last (the cheapest where none was), the choice as
the product makes it (where it cannot tell, the one opened last), and the same without doubt.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from app.hub.route_rules import USUAL_COSTS, USUAL_WORTH
from ml.channel.best import Option, best
from ml.channel.seen import belief, prior_of

Say = Callable[[str], None]

PEOPLE, SEED = 20_000, 11
#: Of each channel: the mean share that is seen and how alike people are; how often they were told.
TRUTH: Mapping[str, tuple[float, float, float]] = {
    "push": (0.35, 2.5, 8.0),
    "email": (0.20, 3.0, 6.0),
    "sms": (0.50, 6.0, 2.0),
}
PASTS = (0.25, 1.0, 4.0)  # how much there is to learn from, of what TRUTH says
BELLS = [bell for bell, _ in USUAL_COSTS]
COSTS = np.array([cost for _, cost in USUAL_COSTS], dtype=float)


class Crowd(NamedTuple):
    """People by channel: their true shares, what they were told and saw, what they opened last."""

    shares: np.ndarray
    told: np.ndarray
    seen: np.ndarray
    last: np.ndarray  # at which channel, or -1


def measure(say: Say) -> Mapping[str, object]:
    """Measure the regret of each contender against the oracle, for short and long pasts."""
    return {f"past_{past:g}": _judge(crowd(past, seed=SEED), past, say) for past in PASTS}


def crowd(past: float, *, seed: int, people: int = PEOPLE) -> Crowd:
    """Draw people, and what they did with what they were told.

    Args:
        past: How often they were told, as a part of what `TRUTH` says.
    """
    chance = np.random.default_rng(seed)
    truth = [TRUTH[bell] for bell in BELLS]
    shares = np.stack(
        [chance.beta(mean * alike, (1 - mean) * alike, people) for mean, alike, _ in truth], axis=1
    )
    told = np.stack([chance.poisson(past * often, people) for _, _, often in truth], axis=1)
    seen = chance.binomial(told, shares)
    when = chance.random((people, len(BELLS))) ** (1 / np.maximum(seen, 1))  # of the last of them
    when[seen == 0] = -1
    last = np.where(when.max(axis=1) < 0, -1, when.argmax(axis=1))
    return Crowd(shares, told, seen, last)


def named(them: Crowd) -> tuple[np.ndarray, np.ndarray]:
    """Return the channel that the choice names for each person, -1 where it cannot tell.

    The second is the one it would name if it had no doubt.
    """
    mean, deviation = (np.empty(them.shares.shape) for _ in range(2))
    for at in range(len(BELLS)):
        cells, which, people = np.unique(
            np.stack([them.told[:, at], them.seen[:, at]]), axis=1,
            return_inverse=True, return_counts=True,
        )  # fmt: skip
        counts = {(int(t), int(s)): int(n) for t, s, n in zip(*cells, people, strict=True)}
        prior = prior_of(counts)
        if prior is None:
            raise ValueError(f"too few people were told by {BELLS[at]} to learn from")
        beliefs = np.array([belief(prior, told=int(t), seen=int(s)) for t, s in cells.T])
        mean[:, at], deviation[:, at] = beliefs[which.reshape(-1)].T
    sure = np.array([_best(*row) for row in zip(mean, deviation, them.last, strict=True)])
    return sure, (USUAL_WORTH * mean - COSTS).argmax(axis=1)


def _best(mean: np.ndarray, deviation: np.ndarray, last: int) -> int:
    options = [
        Option(bell, float(m), float(d), float(cost))
        for bell, m, d, cost in zip(BELLS, mean, deviation, COSTS, strict=True)
    ]
    first = best(options, worth=USUAL_WORTH, before=None if last < 0 else BELLS[last])
    return -1 if first is None else BELLS.index(first)


def _judge(them: Crowd, past: float, say: Say) -> Mapping[str, object]:
    worth = USUAL_WORTH * them.shares - COSTS
    sure, undoubting = named(them)
    cheapest = np.full(len(worth), int(COSTS.argmin()))
    rates = USUAL_WORTH * them.seen.sum(axis=0) / them.told.sum(axis=0) - COSTS
    last = np.where(them.last < 0, cheapest, them.last)
    chosen = {
        "cheapest": cheapest,
        "best_of_all": np.full(len(worth), int(rates.argmax())),
        "opened_last": last,
        "learnt": np.where(sure < 0, last, sure),
        "learnt_without_doubt": undoubting,
    }
    most = worth.max(axis=1).mean()
    lost = {
        name: float(1 - worth[np.arange(len(worth)), which].mean() / most)
        for name, which in chosen.items()
    }
    told = float(them.told.sum(axis=1).mean())
    known = float((sure >= 0).mean())
    right = float((worth.argmax(axis=1) == sure)[sure >= 0].mean())
    say(
        f"  {told:.0f} tellings a person: it can tell of {known:.0%}, of them {right:.0%} rightly;"
        f" lost of what the oracle gets: "
        + ", ".join(f"{name} {share:.1%}" for name, share in lost.items())
    )
    return {
        "tellings": told,
        "can_tell": known,
        "right": right,
        "regret": lost,
        "past": past,
        "people": len(worth),
    }
