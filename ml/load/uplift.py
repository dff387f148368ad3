"""How many times the usual contacts a promotion brings: from the first one ever to the next.

The logarithm of `came ÷ usual` of each promotion is a sum of normal parts: what promotions bring at
all, what their kind does, what their shop does, what that kind does in that shop, what that day did
to everybody, what audience and discount do, and chance. How far each part varies is learnt from the
promotions themselves by empirical Bayes (Robbins 1956; Efron & Morris 1973, J. Am. Stat. Assoc.
68:117), the rest is the posterior of a normal mixed model (Rasmussen & Williams 2006, Gaussian
Processes for Machine Learning, 2.2 and 5.4). So a shop without any promotion leans on others of the
kind, one of a new kind on its own others, and where nothing is known a prior of ours stands.
"""

import math
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from ml.load.events import Event, Held, Uplift
from ml.load.series import Floats

# What is believed before any promotion: 2.5 times the usual on average, 0.9 to 4.7 in four of five.
# Assumptions of ours; what promotions brought soon outweighs them.
PRIOR_LOG = 0.7
#: Standard deviations of the logarithm: of all promotions' level, kinds, shops, kinds in a shop,
#: and days that several shops shared.
PARTS = (0.45, 0.30, 0.20, 0.18, 0.18)
CHANCE = 0.18  # of one promotion around all that
# How well these are known, as deviations of their own logarithms: all of them at once, for some
# shops sell by the case and some by the piece, and each for itself. What a part that cannot be seen
# yet (days, while every kind was held but once) varies by follows from those that can.
ALL_SPREAD, PRIOR_SPREAD = 1.0, 0.5
STEPS = (1.0, 0.5, 0.25)  # of the logarithms, in which likelier ones are looked for
FARTHEST = 1.0  # no part is believed to vary by more than e times the prior's
# A promotion is told to half of a shop's customers and a fifth cheaper, where it does not say.
TYPICAL_AUDIENCE, TYPICAL_DISCOUNT = 0.5, 0.2
AUDIENCE_SD, DISCOUNT_SD = 0.5, 2.0  # of the effect of one more log of audience, of 100 % off
LEAST_AUDIENCE = 0.01
LEAST_USUAL = 5.0  # contacts: a promotion with less to compare with teaches nothing
WEEKS = 4  # that the usual is a mean of
HALF = 0.5  # contacts, added on both sides of a ratio: none seen is not none possible


class Learnt:
    """What promotions that are over say of any other."""

    def __init__(
        self,
        held: Sequence[Held],
        *,
        prior_log: float = PRIOR_LOG,
        known_by: datetime | None = None,
    ) -> None:
        """Learn from promotions; none is allowed.

        Args:
            held: Of this shop and of others; those with too little to compare with are left out.
            prior_log: Logarithm of the multiplier that is believed before any promotion.
            known_by: Promotions that ended later are not looked at; None looks at all.
        """
        self._held = [
            one
            for one in held
            if one.usual >= LEAST_USUAL and (known_by is None or one.event.ends_at <= known_by)
        ]
        self._prior = prior_log
        self._events = [one.event for one in self._held]
        came, usual = (
            np.array([getattr(one, name) for one in self._held], dtype=np.float64) + HALF
            for name in ("came", "usual")
        )
        self._beyond = np.log(came / usual) - prior_log
        # A count's relative variance is one over it; the usual is a mean of four weeks.
        self._noise = 1 / came + 1 / (WEEKS * usual)
        self._alike = _alike(self._events, self._events)
        self._covariates = _covariates(self._events, self._events)
        self._scales = self._learn_scales()

    def of(self, event: Event) -> Uplift:
        """Return the multiplier of a promotion; of chance, one promotion's share is in its width.

        Its audience counts by its logarithm and its discount as it is, each with an effect that is
        learnt: twice the audience brings 2^effect times the uplift.
        """
        parts, events = self._scales[:-1] ** 2, self._events
        variance = _sum(parts, _alike([event], [event])) + _covariates([event], [event])
        towards = _sum(parts, _alike([event], events)) + _covariates([event], events)
        by = np.linalg.solve(self._covariance(self._scales), towards[0])
        left = float(variance[0, 0] - towards[0] @ by) + float(self._scales[-1]) ** 2
        own = sum(one.shop == event.shop for one in events)
        return Uplift(
            log_mean=self._prior + float(by @ self._beyond),
            log_sd=math.sqrt(left),
            own_used=own,
            others_used=len(events) - own,
        )

    def _covariance(self, scales: Floats) -> Floats:
        between = _sum(scales[:-1] ** 2, self._alike) + self._covariates
        return np.asarray(between + np.diag(self._noise + scales[-1] ** 2))

    def _learn_scales(self) -> Floats:
        """Return the deviations under which what came was likeliest, held near the prior's."""
        apart = np.zeros(len(PARTS) + 1)
        if len(self._events) <= 1:
            return _scales(apart)
        best = self._likelihood(apart)
        moves = [*np.eye(len(apart)), np.ones(len(apart))]
        for step in (sign * by for by in STEPS for sign in (1, -1, 1)):
            for move in moves:
                while (tried := apart + step * move).max() <= FARTHEST:
                    found = self._likelihood(tried)
                    if found <= best:
                        break
                    apart, best = tried, found
        return _scales(apart)

    def _likelihood(self, apart: Floats) -> float:
        """Return the log of the marginal likelihood and of the scales' own prior."""
        root = np.linalg.cholesky(self._covariance(_scales(apart)))
        white = np.linalg.solve(root, self._beyond)
        return float(-np.log(np.diag(root)).sum() - (white @ white) / 2 - _unlikely(apart))


def _scales(apart: Floats) -> Floats:
    """Return the deviations of the parts and of chance, so far from the prior's on a log scale."""
    return np.array([*PARTS, CHANCE]) * np.exp(apart)


def _unlikely(apart: Floats) -> float:
    """Return minus the log density of deviations' logarithms: alike normal, and normal each."""
    together = ALL_SPREAD**2 / (PRIOR_SPREAD**2 + len(apart) * ALL_SPREAD**2)
    return float(apart @ apart - together * apart.sum() ** 2) / (2 * PRIOR_SPREAD**2)


def _sum(variances: Floats, alike: NDArray[np.bool_]) -> Floats:
    return np.asarray(np.tensordot(variances, alike, axes=1))


def _alike(some: Sequence[Event], others: Sequence[Event]) -> NDArray[np.bool_]:
    """Return which part is shared by which two promotions: parts × some × others."""
    keys = (_everything, _kind, _shop, _kind_in_shop, _day)
    return np.array([[[key(a) == key(b) for b in others] for a in some] for key in keys]).reshape(
        len(keys), len(some), len(others)
    )


def _everything(_event: Event) -> object:
    return ""


def _kind(event: Event) -> object:
    return event.kind


def _shop(event: Event) -> object:
    return event.shop


def _kind_in_shop(event: Event) -> object:
    return event.kind, event.shop


def _day(event: Event) -> object:
    return event.kind, event.starts_at.date()


def _covariates(some: Sequence[Event], others: Sequence[Event]) -> Floats:
    """Return how much audience and discount make two promotions alike: some × others."""
    return np.asarray(_features(some) @ _features(others).T)


def _features(events: Sequence[Event]) -> Floats:
    return np.array(
        [
            (
                AUDIENCE_SD
                * math.log(_or(one.audience_share, TYPICAL_AUDIENCE) / TYPICAL_AUDIENCE),
                DISCOUNT_SD * (_or(one.discount_share, TYPICAL_DISCOUNT) - TYPICAL_DISCOUNT),
            )
            for one in events
        ]
    ).reshape(len(events), 2)


def _or(value: float | None, typical: float) -> float:
    return typical if value is None else max(value, LEAST_AUDIENCE)
