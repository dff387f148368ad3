"""What a happening would make of the plan: contacts, people and cost, half hour by half hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.forecast import plan_store, run_store
from app.forecast.plan import DAYS_PLANNED, PlannedSlot
from app.forecast.rates import rates
from app.forecast.shortfall import day_of
from app.settings import Settings
from ml.load.happenings import Happening
from ml.load.slots import SLOT, midnight
from ml.load.together import Added, added
from orders_core.tx import Tx

SLOT_HOURS = SLOT / timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One half hour as it is planned, and as it would be."""

    plan: PlannedSlot
    with_it: PlannedSlot

    @property
    def added(self) -> float:
        """Contacts that the happening brings."""
        return self.with_it.expected - self.plan.expected


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """The answer: half hours from the first that changes to the last, and what they sum to."""

    slots: Sequence[Beside]
    added: Added
    hours: float  #: that people work more, while somebody is meant to answer
    most_short: int  #: people missing in the worst half hour
    cost_minor: int | None  #: of those hours; None where an hour's cost is not set
    currency: str


def what_if(
    tx: Tx, settings: Settings, happenings: Sequence[Happening], *, now: datetime
) -> WhatIf:
    """Hold happenings that come together beside the plan of the six weeks from today on.

    Reads and computes, writes nothing. Without a plan, or past its end, there are no slots.
    """
    zone = ZoneInfo(settings.shop_zone)
    since, until = midnight(now, zone), midnight(now, zone, days=DAYS_PLANNED)
    planned = plan_store.plan(tx, since=since, until=until)
    run = run_store.latest(tx)
    facts = (run.facts or {}) if run else {}
    left = {one.slot: one.expected for one in planned if one.slot + SLOT > now}
    found = added(happenings, rates(facts), left, zone)
    slots = _between(_beside(planned, found, facts, settings, zone))
    staffed = _staffed(slots)
    hours = SLOT_HOURS * sum(one.with_it.people_needed - one.plan.people_needed for one in staffed)
    cost = round(hours * settings.person_hour_minor) if settings.person_hour_minor else None
    return WhatIf(
        slots=slots,
        added=found,
        hours=hours,
        most_short=max((one.with_it.people_short for one in staffed), default=0),
        cost_minor=cost,
        currency=settings.shop_currency,
    )


def _between(slots: Sequence[Beside]) -> Sequence[Beside]:
    changed = [place for place, one in enumerate(slots) if one.added > 0]
    return slots[changed[0] : changed[-1] + 1] if changed else []


def _staffed(slots: Sequence[Beside]) -> Sequence[Beside]:
    """Return where somebody is meant to answer: everywhere, while nobody is rostered at all."""
    if not any(one.plan.people_rostered for one in slots):
        return slots
    return [one for one in slots if not one.plan.is_closed]


def _beside(
    planned: Sequence[PlannedSlot],
    found: Added,
    facts: Mapping[str, Any],
    settings: Settings,
    zone: ZoneInfo,
) -> Sequence[Beside]:
    """Return every planned half hour with what is added; days that nothing is added to stay."""
    days: dict[date, list[PlannedSlot]] = {}
    for one in planned:
        days.setdefault(day_of(one.slot, zone), []).append(one)
    return [
        one
        for of_day in days.values()
        for one in (
            _day(of_day, found, facts, settings)
            if any(slot.slot in found.by_slot for slot in of_day)
            else [Beside(plan=slot, with_it=slot) for slot in of_day]
        )
    ]


def _day(
    slots: Sequence[PlannedSlot], found: Added, facts: Mapping[str, Any], settings: Settings
) -> Sequence[Beside]:
    """Return one day with what is added; half hours it leaves alone keep their people."""
    import numpy as np

    from app.forecast.gather import target_of
    from ml.load.what_if import with_it
    from ml.staffing.people import Target

    made = with_it(
        np.array([one.expected for one in slots]),
        np.array([one.quantiles for one in slots]).T,
        added=np.array([found.by_slot.get(one.slot, 0.0) for one in slots]),
        sd=np.array([found.sd_by_slot.get(one.slot, 0.0) for one in slots]),
        person_share=facts.get("person_share", 1.0),
        target=Target(**facts["target"]) if "target" in facts else target_of(settings),
    )
    return [
        Beside(
            plan=one,
            with_it=replace(
                one,
                expected=float(made.mean[at]),
                quantiles=[float(level) for level in made.quantiles[:, at]],
                people_needed=made.people[at],
            )
            if one.slot in found.by_slot
            else one,
        )
        for at, one in enumerate(slots)
    ]
