"""What happenings add to a plan: each by itself, and all of them together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import NormalDist
from zoneinfo import ZoneInfo

from ml.load.happenings import Cause, Happening, Known, Rate, Units, rates_of, units_of

EIGHTY = NormalDist().inv_cdf(0.9)  # deviations to either end of the 80 % range
Key = tuple[Cause, str, Known]
Flow = tuple[Rate, Units]


@dataclass(frozen=True, kw_only=True)
class Added:
    """What one happening adds to a plan, or several together; contacts, and deviations of them."""

    by_group: Mapping[tuple[datetime, str], float]
    by_slot: Mapping[datetime, float]
    sd_by_slot: Mapping[datetime, float]  #: of what is believed of the rates
    contacts: float
    sd: float  #: of what is believed of the rates
    unplanned: float  #: that come in half hours of which nothing is foreseen
    rates: Sequence[Rate]
    parts: Sequence["Added"] = ()  #: what each adds by itself, in the order they were named

    @property
    def low(self) -> float:
        """The lower end of what is added in four of five cases."""
        return max(self.contacts - self._reach, 0.0)

    @property
    def high(self) -> float:
        """The upper end of what is added in four of five cases."""
        return self.contacts + self._reach

    @property
    def is_outside(self) -> bool:
        """Whether nothing is foreseen of any half hour that it touches."""
        return not self.by_slot

    @property
    def _reach(self) -> float:
        return EIGHTY * math.sqrt(self.contacts + self.sd**2)


def added(
    happenings: Sequence[Happening], rates: Sequence[Rate], plan: Units, zone: ZoneInfo
) -> Added:
    """Return what happenings that come together add to a plan, and what each adds by itself.

    Contacts are sums. Of their range there are three sources. What is believed of one rate errs
    alike in every half hour and every happening that uses it: its deviations add. Rates are taken
    to err independently of each other: their variances add. And counts vary by chance around their
    rate, as Poisson's do, independently of all that: a variance of as many as are expected. So two
    campaigns by one rate are as unsure as one of both audiences, and the range of the whole is
    otherwise narrower than the ranges of the parts laid end to end. Rates that were told are one
    person's, and err alike.

    Args:
        happenings: Which are taken to come together, none changing what another brings.
        rates: Of every cause, as learnt or assumed.
        plan: Contacts expected by half hour; what lasts for days follows its course in each.
        zone: The shop's; days are those of its calendar.
    """
    flows = [_flows(one, rates, plan, zone) for one in happenings]
    whole = _summed([flow for of_one in flows for flow in of_one], plan)
    return replace(whole, parts=[_summed(of_one, plan) for of_one in flows])


def _flows(one: Happening, rates: Sequence[Rate], plan: Units, zone: ZoneInfo) -> Sequence[Flow]:
    return [
        (rate, units)
        for cause, units in units_of(one, plan, zone).items()
        for rate in rates_of(one, cause, rates)
    ]


def _summed(flows: Sequence[Flow], plan: Units) -> Added:
    groups: dict[tuple[datetime, str], float] = {}
    slots: dict[datetime, float] = {}
    errs: dict[Key, dict[datetime, float]] = {}
    unplanned = 0.0
    for rate, units in flows:
        off = errs.setdefault((rate.cause, rate.about, rate.known), {})
        for slot, count in units.items():
            if slot not in plan:
                unplanned += count * rate.mean
            elif count > 0:
                key = slot, rate.about
                groups[key] = groups.get(key, 0.0) + count * rate.mean
                slots[slot] = slots.get(slot, 0.0) + count * rate.mean
                off[slot] = off.get(slot, 0.0) + count * rate.sd
    return Added(
        by_group=groups,
        by_slot=slots,
        sd_by_slot={
            slot: math.hypot(*(off.get(slot, 0.0) for off in errs.values())) for slot in slots
        },
        contacts=sum(slots.values()),
        sd=math.hypot(*(sum(off.values()) for off in errs.values())),
        unplanned=unplanned,
        rates=list(dict.fromkeys(rate for rate, _ in flows)),
    )
