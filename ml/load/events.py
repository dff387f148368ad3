"""Promotions, and how many times the usual contacts one brings; no numpy, as the web reads it."""

import math
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist


@dataclass(frozen=True, kw_only=True)
class Event:
    """A promotion, held or planned."""

    starts_at: datetime
    ends_at: datetime
    kind: str = ""  #: promotions of one kind are alike, in any shop
    shop: str = ""  #: whose
    audience_share: float | None = None  #: of the shop's customers who are told of it, 0 to 1
    discount_share: float | None = None  #: off the usual price, 0 to 1


@dataclass(frozen=True, kw_only=True)
class Held:
    """A promotion that is over: contacts that came, and that would usually have come."""

    event: Event
    came: float
    usual: float


@dataclass(frozen=True, kw_only=True)
class Uplift:
    """How many times the usual to plan with: a log-normal distribution."""

    log_mean: float
    log_sd: float
    own_used: int  #: of the shop's own promotions; 0 says that it is all borrowed
    others_used: int  #: of other shops'

    @property
    def mean(self) -> float:
        """Mean multiplier."""
        return math.exp(self.log_mean + self.log_sd**2 / 2)

    @property
    def spread(self) -> float:
        """Relative standard deviation of the multiplier."""
        return math.sqrt(math.expm1(self.log_sd**2))

    def interval(self, share: float = 0.8) -> tuple[float, float]:
        """Return the multipliers between which `share` of promotions like this one lie."""
        tail = NormalDist().inv_cdf((1 + share) / 2) * self.log_sd
        return math.exp(self.log_mean - tail), math.exp(self.log_mean + tail)
