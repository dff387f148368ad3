"""Due slots of campaigns: one for each zone, taken under a lease with a token that fences.

Who holds a slot renews its lease with every chunk; who lost it learns so from the token. A slot
whose holder died is due again when the lease ends, and goes on behind the last person decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from app.campaigns.campaign import CampaignId, State
from app.campaigns.tables import campaign, campaign_slot
from orders_core.tx import Tx

LEASE_SECONDS = 10
ELSEWHERE = "*"  #: the zone of the slot for whoever is in none of the others


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One due slot: the people of one zone. `after` is the last one decided about."""

    zone: str
    due_at: datetime
    asked: int
    decided: int = 0
    is_done: bool = False
    after: UUID | None = None


@dataclass(frozen=True)
class Held:
    """A slot that this worker holds; the token proves it."""

    campaign_id: CampaignId
    zone: str
    token: int


def add(tx: Tx, campaign_id: UUID, slots: Sequence[Slot]) -> None:
    """Write the slots of a campaign; a zone has one."""
    values = [
        {"campaign_id": campaign_id, "zone": slot.zone, "due_at": slot.due_at, "asked": slot.asked}
        for slot in slots
    ]
    tx.execute(insert(campaign_slot), values)


def drop(tx: Tx, campaign_id: UUID) -> None:
    """Forget the slots of a campaign that never began."""
    tx.execute(delete(campaign_slot).where(campaign_slot.c.campaign_id == campaign_id))


def of(tx: Tx, campaign_id: UUID) -> Sequence[Slot]:
    """Return the slots of a campaign, the first due first."""
    wanted = select(campaign_slot).where(campaign_slot.c.campaign_id == campaign_id)
    return [
        Slot(
            zone=row.zone,
            due_at=row.due_at,
            asked=row.asked,
            decided=row.decided,
            is_done=row.state == "done",
            after=row.after_id,
        )
        for row in tx.execute(wanted.order_by(campaign_slot.c.due_at, campaign_slot.c.zone))
    ]


def claim(tx: Tx, *, now: datetime) -> Held | None:
    """Take the slot of a running campaign that is due the longest; no two workers take the same.

    It is the claimer's for ten seconds of machine time, and longer with every `renew`.
    """
    due = (
        select(campaign_slot.c.campaign_id, campaign_slot.c.zone)
        .join(campaign, campaign.c.id == campaign_slot.c.campaign_id)
        .where(
            campaign_slot.c.state == "open",
            campaign_slot.c.due_at <= now,
            campaign_slot.c.lease_until <= func.clock_timestamp(),
            campaign.c.state == State.RUNNING.value,
            or_(campaign.c.ready_at.is_(None), campaign.c.ready_at <= now),
        )
        .order_by(campaign_slot.c.due_at, campaign_slot.c.zone)
        .limit(1)
        .with_for_update(of=campaign_slot, skip_locked=True)
        .cte("due")
    )
    taken = (
        update(campaign_slot)
        .where(campaign_slot.c.campaign_id == due.c.campaign_id, campaign_slot.c.zone == due.c.zone)
        .values(
            token=campaign_slot.c.token + 1,
            lease_until=func.clock_timestamp() + timedelta(seconds=LEASE_SECONDS),
        )
        .returning(campaign_slot.c.campaign_id, campaign_slot.c.zone, campaign_slot.c.token)
    )
    row = tx.execute(taken).one_or_none()
    return Held(CampaignId(row.campaign_id), row.zone, row.token) if row else None


def renew(tx: Tx, held: Held) -> Slot | None:
    """Lock a slot and lengthen its lease; None if it is done or another worker's by now."""
    renewed = (
        update(campaign_slot)
        .where(_is(held), campaign_slot.c.state == "open")
        .values(lease_until=func.clock_timestamp() + timedelta(seconds=LEASE_SECONDS))
        .returning(campaign_slot)
    )
    row = tx.execute(renewed).one_or_none()
    if row is None:
        return None
    return Slot(
        zone=row.zone,
        due_at=row.due_at,
        asked=row.asked,
        decided=row.decided,
        after=row.after_id,
    )


def advance(tx: Tx, held: Held, *, after: UUID | None, decided: int, is_done: bool) -> None:
    """Note how far a slot that was renewed in this transaction has come."""
    values = {
        "decided": campaign_slot.c.decided + decided,
        "state": "done" if is_done else "open",
        "after_id": func.coalesce(after, campaign_slot.c.after_id),
    }
    tx.execute(update(campaign_slot).where(_is(held)).values(values))


def again(tx: Tx, held: Held, *, due_at: datetime) -> None:
    """Let a slot that was renewed in this transaction begin anew with its first person, later."""
    values = {"due_at": due_at, "state": "open", "after_id": None}
    tx.execute(update(campaign_slot).where(_is(held)).values(values))


def release(tx: Tx, held: Held) -> None:
    """Give a slot back: whoever asks next may take it at once."""
    tx.execute(update(campaign_slot).where(_is(held)).values(lease_until=func.clock_timestamp()))


def has_open(tx: Tx, campaign_id: UUID) -> bool:
    """Say whether a slot of a campaign is still to be done."""
    is_open = and_(campaign_slot.c.campaign_id == campaign_id, campaign_slot.c.state == "open")
    return tx.scalar(select(campaign_slot.c.zone).where(is_open).limit(1)) is not None


def next_due(tx: Tx, *, after: datetime, until: datetime) -> datetime | None:
    """Return the first business time after `after`, at most `until`, that a slot may go on at."""
    may_go = func.greatest(campaign_slot.c.due_at, campaign.c.ready_at)
    going = (State.SCHEDULED.value, State.RUNNING.value)
    wanted = (
        select(func.min(may_go))
        .join(campaign, campaign.c.id == campaign_slot.c.campaign_id)
        .where(
            campaign_slot.c.state == "open",
            campaign.c.state.in_(going),
            may_go > after,
            may_go <= until,
        )
    )
    found: datetime | None = tx.scalar(wanted)
    return found


def _is(held: Held) -> ColumnElement[bool]:
    return and_(
        campaign_slot.c.campaign_id == held.campaign_id,
        campaign_slot.c.zone == held.zone,
        campaign_slot.c.token == held.token,
    )
