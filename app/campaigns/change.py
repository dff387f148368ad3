"""What people do to a campaign: write, schedule, abort, pause, resume, cancel. Each is one move.

Whoever moves a campaign holds its row alone, as each chunk of its fan-out does: once a pause, an
abort or a cancellation is committed, nobody further is decided about. To ask for the state that it
has already is no error: people press twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access import audit
from app.campaigns import reach_store, slot_store, store, told_store
from app.campaigns.campaign import (
    Campaign,
    CampaignId,
    CampaignMoved,
    CampaignUnready,
    Draft,
    State,
)
from app.campaigns.plan import Plan, plan, slots_of
from app.campaigns.reach_store import question
from app.campaigns.sends import by_hour
from app.campaigns.store import Move
from app.forecast.sends import announce
from app.messages import store as messages
from app.settings import Settings
from orders_core.tx import Tx

Verb = Callable[[Tx, UUID, "Act"], object]
WITHDRAWN_AT_ONCE = 2000
BY_ITSELF = "worker"


@dataclass(frozen=True)
class Act:
    """Who does it, why, and when in business time."""

    by: str
    now: datetime
    why: str = ""


def write(tx: Tx, draft: Draft, act: Act) -> CampaignId:
    """Write a new campaign as a draft; return its id."""
    return store.add(tx, draft, by=act.by, now=act.now)


def rewrite(tx: Tx, campaign_id: UUID, draft: Draft, act: Act) -> None:
    """Write what a draft says anew.

    Raises:
        CampaignMoved: If it is no draft any more.
    """
    held = store.hold(tx, campaign_id)
    if held.state is not State.DRAFT:
        raise CampaignMoved(held.ref, held.state, "rewritten")
    store.rewrite(tx, held.id, draft, now=act.now)


def schedule(tx: Tx, campaign_id: UUID, act: Act, *, settings: Settings) -> None:
    """Plan a draft's slots and let its countdown begin; nobody is told before that has ended.

    Raises:
        CampaignUnready: If words or a time are missing, the time has passed, or nobody is in it.
        CampaignMoved: If it has begun or ended.
    """
    held = _held(tx, campaign_id, State.SCHEDULED)
    if held is None:
        return
    made = plan(tx, held.draft, shop_zone=settings.shop_zone, now=act.now)
    if made.faults:
        raise CampaignUnready(made.faults)
    slot_store.add(tx, held.id, slots_of(made, held.draft.timing))
    _move(tx, held, State.SCHEDULED, act, as_of=made.as_of)
    store.count_down(tx, held.id, seconds=settings.campaign_countdown_seconds)
    announce(tx, held.ref, _by_hour(tx, held, made))


def abort(tx: Tx, campaign_id: UUID, act: Act) -> None:
    """Make a campaign that has not begun a draft again: nobody was told.

    Raises:
        CampaignMoved: If it has begun: then it is paused or cancelled.
    """
    held = _held(tx, campaign_id, State.DRAFT)
    if held is not None:
        slot_store.drop(tx, held.id)
        _move(tx, held, State.DRAFT, act, launch_at=None, as_of=None)
        announce(tx, held.ref, {})


def begin(tx: Tx, campaign_id: UUID, *, now: datetime) -> bool:
    """Let a campaign run whose countdown is over; say whether it does."""
    held = store.hold(tx, campaign_id)
    if held.state is not State.SCHEDULED or store.seconds_left(tx, held.id) > 0:
        return False
    _move(tx, held, State.RUNNING, Act(BY_ITSELF, now))
    return True


def finish(tx: Tx, held: Campaign, *, now: datetime) -> None:
    """Note that everybody of a campaign that is held was decided about."""
    _move(tx, held, State.FINISHED, Act(BY_ITSELF, now))


def pause(tx: Tx, campaign_id: UUID, act: Act) -> None:
    """Decide about nobody further; what was decided and is queued leaves.

    Raises:
        CampaignMoved: If it does not run.
    """
    held = _held(tx, campaign_id, State.PAUSED)
    if held is not None:
        _move(tx, held, State.PAUSED, act)


def resume(tx: Tx, campaign_id: UUID, act: Act) -> None:
    """Go on behind the last person decided.

    Raises:
        CampaignMoved: If it is not paused.
    """
    held = _held(tx, campaign_id, State.RUNNING)
    if held is None:
        return
    if held.state is not State.PAUSED:  # from its countdown it goes by itself
        raise CampaignMoved(held.ref, held.state, "resumed")
    _move(tx, held, State.RUNNING, act)


def cancel(tx: Tx, campaign_id: UUID, act: Act) -> int:
    """End a campaign and withdraw what is queued; return how many messages were, so far.

    What a worker is sending at this moment leaves. Beyond the first thousands the worker goes on
    withdrawing, until nothing of the campaign is on its way. A draft is thrown away.
    """
    held = _held(tx, campaign_id, State.CANCELLED)
    if held is None:
        return 0
    _move(tx, held, State.CANCELLED, act, is_withdrawing=True)
    announce(tx, held.ref, {})
    return withdraw(tx, held.id, now=act.now, at_most=WITHDRAWN_AT_ONCE)


def withdraw(tx: Tx, campaign_id: CampaignId, *, now: datetime, at_most: int) -> int:
    """Withdraw queued messages of so many verdicts of a cancelled campaign; return how many.

    A message that a worker gives back after a failed try is queued again: so this is done until
    nothing is on its way.
    """
    queued = told_store.queued_verdicts(tx, campaign_id, at_most=at_most)
    gone = messages.withdraw(tx, queued, why="the campaign was cancelled", now=now) if queued else 0
    if not gone and not told_store.is_on_its_way(tx, campaign_id):
        store.withdrawn(tx, campaign_id)
    return gone


def _by_hour(tx: Tx, held: Campaign, made: Plan) -> Mapping[datetime, int]:
    """Say when how many will hear of it; as it was weighed, unless it was rewritten since."""
    weighed = reach_store.latest(tx, held.id)
    if weighed is not None and weighed.asked_for != question(held.draft):
        weighed = None
    return by_hour(made, weighed, pace_per_minute=held.draft.pace_per_minute)


def _held(tx: Tx, campaign_id: UUID, to: State) -> Campaign | None:
    """Hold a campaign that may go on to a state; None if it is there already."""
    held = store.hold(tx, campaign_id)
    if held.state is to:
        return None
    if not held.may(to):
        raise CampaignMoved(held.ref, held.state, to)
    return held


def _move(tx: Tx, held: Campaign, to: State, act: Act, **values: object) -> None:
    store.stand(tx, held.id, to, changed_at=act.now, **values)
    store.add_move(tx, held.id, Move(became=to, by=act.by, why=act.why, at=act.now))
    audit.record(tx, act.by, f"campaign.{to}", held.ref, act.why, {"was": held.state.value})
