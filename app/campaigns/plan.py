"""The slots that a campaign would have: one a zone, when each is due and how many people it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.campaigns import segment_store
from app.campaigns.campaign import Draft, Timing
from app.campaigns.due import Due, due_by_zone, time_faults
from app.campaigns.slot_store import ELSEWHERE, Slot
from app.campaigns.wording import grave
from orders_core.tx import Tx


@dataclass(frozen=True)
class Plan:
    """Who would be due when. `as_of` is the first time due: the segment looks back from there."""

    as_of: datetime
    people: Mapping[str, int]  # by zone
    dues: Mapping[str, Due]  # by zone
    faults: Sequence[str]

    @property
    def asked(self) -> int:
        """How many people there are."""
        return sum(self.people.values())

    @property
    def past(self) -> int:
        """How many of them live where the time has passed already."""
        return sum(count for zone, count in self.people.items() if self.dues[zone].is_past)


def plan(tx: Tx, draft: Draft, *, shop_zone: str, now: datetime) -> Plan:
    """Count a campaign's people and say when they would be due, were it scheduled now."""
    zones = segment_store.zones(tx, draft.segment)
    dues = due_by_zone(draft, zones, shop_zone=shop_zone, now=now)
    as_of = min((one.at for one in dues.values()), default=now)
    people = segment_store.count_by_zone(tx, draft.segment, as_of=as_of)
    faults = grave(draft.words, draft.segment.locales)
    faults += time_faults(draft, [dues[zone] for zone in people])
    return Plan(as_of, people, dues, [*faults, *([] if people else ["nobody"])])


def slots_of(made: Plan, timing: Timing) -> Sequence[Slot]:
    """Return the slots of a plan; the last is for whoever is in none of the others.

    Somebody may move to another zone, or into the segment, after this was planned: whoever no slot
    of a zone has met is met by that one.
    """
    if timing not in {Timing.PERSON, Timing.BEST}:
        return [Slot(zone=ELSEWHERE, due_at=made.as_of, asked=made.asked)]
    slots = [
        Slot(zone=zone, due_at=made.dues[zone].at, asked=count)
        for zone, count in sorted(made.people.items())
    ]
    last_due = max(made.dues[slot.zone].until or slot.due_at for slot in slots)
    return [*slots, Slot(zone=ELSEWHERE, due_at=last_due, asked=0)]
