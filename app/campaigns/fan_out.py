"""Decide about the next people of a campaign: one chunk, one transaction.

Its locks, in the order of the house: the campaign, its slot, then what the hub locks. So a pause
waits for the chunk under way and no further one begins; and a worker that dies in a chunk leaves
nothing of it behind, neither a verdict nor a step of the cursor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.campaigns import (
    best,
    best_store,
    change,
    segment_store,
    slot_store,
    store,
    told_store,
)
from app.campaigns.best_time import hours_for
from app.campaigns.campaign import NOTICE, Campaign, State, Timing
from app.campaigns.pace import Pace
from app.campaigns.segment_store import Among, Someone
from app.campaigns.slot_store import ELSEWHERE, Held, Slot
from app.hub.decision import Decision
from app.hub.notify import notify
from app.hub.policy import Policy
from app.hub.wish import Wish
from app.jobs.crash import crash_point
from orders_core.tx import Tx


@dataclass(frozen=True)
class Chunk:
    """How many people were decided about, and whether the same slot may go on at once."""

    decided: int
    goes_on: bool
    is_done: bool = False


STOPPED = Chunk(0, goes_on=False)


def decide_chunk(tx: Tx, held: Held, *, policy: Policy, now: datetime) -> Chunk:
    """Decide about the next people of a slot that this worker holds.

    Nothing happens where the campaign does not run any more, its pace asks to wait, or the slot
    was taken by another worker.
    """
    campaign = store.hold(tx, held.campaign_id)
    if campaign.state is not State.RUNNING or _must_wait(campaign, now):
        return STOPPED
    slot = slot_store.renew(tx, held)
    if slot is None:
        return STOPPED
    pace = Pace(campaign.draft.pace_per_minute)
    people = segment_store.chunk(tx, _among(campaign, slot), at_most=pace.chunk)
    whose_turn = _whose_turn(tx, campaign, slot, people, now=now)
    decisions = notify(tx, _wishes(campaign, whose_turn, now), policy=policy, now=now)
    crash_point("campaigns.in_chunk")
    is_through = len(people) < pace.chunk
    _write(tx, held, people, decisions, is_done=is_through)
    later = _next_pass(campaign, slot) if is_through else None
    if later is not None:
        slot_store.again(tx, held, due_at=later)
    is_done = is_through and later is None
    ready_at = pace.ready_after(len(whose_turn), was_ready_at=campaign.ready_at, now=now)
    if pace.per_minute is not None:
        store.pace(tx, campaign.id, ready_at=ready_at)
    if is_done and not slot_store.has_open(tx, campaign.id):
        change.finish(tx, campaign, now=now)
    goes_on = not is_through and ready_at <= now
    return Chunk(len(decisions), goes_on=goes_on, is_done=is_done)


def _must_wait(campaign: Campaign, now: datetime) -> bool:
    return campaign.ready_at is not None and campaign.ready_at > now


def _among(campaign: Campaign, slot: Slot) -> Among:
    is_rest = slot.zone == ELSEWHERE
    passes_again = campaign.draft.timing is Timing.BEST
    return Among(
        segment=campaign.draft.segment,
        as_of=campaign.as_of or slot.due_at,
        after=slot.after,
        zone=None if is_rest else slot.zone,
        untold_under=campaign.id if is_rest or passes_again else None,
    )


def _whose_turn(
    tx: Tx, campaign: Campaign, slot: Slot, people: Sequence[Someone], *, now: datetime
) -> Sequence[Someone]:
    """Return those of a chunk who are due by now; where each has an hour, keep the choice."""
    named = campaign.draft.wall
    if campaign.draft.timing is not Timing.BEST or named is None or slot.zone == ELSEWHERE:
        return people
    chosen = hours_for(tx, campaign.id, named, people, before=campaign.as_of or slot.due_at)
    hour = best.hour_of_pass(named, slot.due_at, slot.zone)
    turn = [one for one in people if chosen[one.id].taken <= hour]
    best_store.add(tx, campaign.id, {one.id: chosen[one.id] for one in turn}, now=now)
    return turn


def _next_pass(campaign: Campaign, slot: Slot) -> datetime | None:
    named = campaign.draft.wall
    if campaign.draft.timing is not Timing.BEST or named is None or slot.zone == ELSEWHERE:
        return None
    return best.next_pass(named, slot.due_at, slot.zone)


def _wishes(campaign: Campaign, people: Sequence[Someone], now: datetime) -> list[Wish]:
    dispatch = campaign.dispatch
    said = {
        locale: {"title": words.title, "body": words.body}
        for locale, words in campaign.draft.words.items()
    }
    return [
        Wish(
            dispatch=dispatch,
            notice=NOTICE,
            person_id=someone.id,
            variables=said[someone.locale],
            decide_at=now,
        )
        for someone in people
    ]


def _write(
    tx: Tx, held: Held, people: Sequence[Someone], decisions: Sequence[Decision], *, is_done: bool
) -> None:
    told_store.add(tx, held.campaign_id, decisions)
    last = people[-1].id if people else None
    slot_store.advance(tx, held, after=last, decided=len(decisions), is_done=is_done)
