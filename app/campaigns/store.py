"""The rows of campaigns and their moves. Whoever changes a campaign holds its row alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from app.campaigns import segment as segments
from app.campaigns.campaign import PREFIX, Campaign, CampaignId, Draft, State, Timing
from app.campaigns.tables import campaign, campaign_move, campaign_slot
from app.campaigns.wording import Words
from app.people.person import LOCALES
from orders_core.errors import NotFound
from orders_core.ids import new_id, show
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Move:
    """A state that a campaign came to: who brought it there, why, and when in business time."""

    became: State
    by: str
    why: str
    at: datetime


def add(tx: Tx, draft: Draft, *, by: str, now: datetime) -> CampaignId:
    """Write a new campaign as a draft; return its id."""
    campaign_id = CampaignId(new_id())
    tx.execute(
        insert(campaign).values(
            id=campaign_id, created_by=by, created_at=now, changed_at=now, **_columns(draft)
        )
    )
    add_move(tx, campaign_id, Move(became=State.DRAFT, by=by, why="", at=now))
    return campaign_id


def rewrite(tx: Tx, campaign_id: CampaignId, draft: Draft, *, now: datetime) -> None:
    """Write what a campaign says anew."""
    changed = update(campaign).where(campaign.c.id == campaign_id)
    tx.execute(changed.values(changed_at=now, **_columns(draft)))


def find(tx: Tx, campaign_id: UUID) -> Campaign:
    """Return a campaign as it stands.

    Raises:
        NotFound: If there is none.
    """
    row = tx.execute(select(campaign).where(campaign.c.id == campaign_id)).one_or_none()
    return _campaign(row, campaign_id)


def hold(tx: Tx, campaign_id: UUID) -> Campaign:
    """Return a campaign as it stands, and keep it so until the transaction ends.

    Raises:
        NotFound: If there is none.
    """
    held = select(campaign).where(campaign.c.id == campaign_id).with_for_update(key_share=True)
    return _campaign(tx.execute(held).one_or_none(), campaign_id)


def page(tx: Tx, *, after: UUID | None, at_most: int) -> Sequence[Campaign]:
    """Return campaigns, newest first, older than `after`."""
    wanted = select(campaign).order_by(campaign.c.id.desc()).limit(at_most)
    if after is not None:
        wanted = wanted.where(campaign.c.id < after)
    return [_campaign(row, row.id) for row in tx.execute(wanted)]


def stand(tx: Tx, campaign_id: UUID, state: State, **values: Any) -> None:
    """Put a campaign that is held into a state, with what else changes then."""
    moved = update(campaign).where(campaign.c.id == campaign_id)
    tx.execute(moved.values(state=state.value, **values))


def count_down(tx: Tx, campaign_id: UUID, *, seconds: int) -> None:
    """Let a countdown begin: so many seconds of machine time from now."""
    ends = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    tx.execute(update(campaign).where(campaign.c.id == campaign_id).values(launch_at=ends))


def seconds_left(tx: Tx, campaign_id: UUID) -> float:
    """Return the machine seconds left of a countdown; 0 where it is over or none runs."""
    left = func.extract("epoch", campaign.c.launch_at - func.clock_timestamp())
    found = tx.scalar(select(left).where(campaign.c.id == campaign_id))
    return max(0.0, float(found or 0))


def launchable(tx: Tx, *, now: datetime) -> Sequence[CampaignId]:
    """Name the campaigns whose countdown is over and whose first slot is due."""
    first_due = (
        select(func.min(campaign_slot.c.due_at))
        .where(campaign_slot.c.campaign_id == campaign.c.id)
        .scalar_subquery()
    )
    wanted = select(campaign.c.id).where(
        campaign.c.state == State.SCHEDULED.value,
        campaign.c.launch_at <= func.clock_timestamp(),
        first_due <= now,
    )
    return [CampaignId(found) for found in tx.scalars(wanted.order_by(campaign.c.id))]


def withdrawing(tx: Tx) -> Sequence[CampaignId]:
    """Name the cancelled campaigns of which a message may still be on its way."""
    wanted = select(campaign.c.id).where(campaign.c.is_withdrawing).order_by(campaign.c.id)
    return [CampaignId(found) for found in tx.scalars(wanted)]


def withdrawn(tx: Tx, campaign_id: UUID) -> None:
    """Note that nothing of a cancelled campaign is on its way any more."""
    tx.execute(update(campaign).where(campaign.c.id == campaign_id).values(is_withdrawing=False))


def pace(tx: Tx, campaign_id: UUID, *, ready_at: datetime) -> None:
    """Note from when on a campaign that is held may go on, in business time."""
    tx.execute(update(campaign).where(campaign.c.id == campaign_id).values(ready_at=ready_at))


def add_move(tx: Tx, campaign_id: UUID, move: Move) -> None:
    """Write where a campaign came to."""
    tx.execute(
        insert(campaign_move).values(
            id=new_id(),
            campaign_id=campaign_id,
            became=move.became.value,
            by=move.by,
            why=move.why,
            at=move.at,
        )
    )


def moves(tx: Tx, campaign_id: UUID) -> Sequence[Move]:
    """Return where a campaign came to, first one first."""
    wanted = select(campaign_move).where(campaign_move.c.campaign_id == campaign_id)
    return [
        Move(became=State(row.became), by=row.by, why=row.why, at=row.at)
        for row in tx.execute(wanted.order_by(campaign_move.c.id))
    ]


def _columns(draft: Draft) -> dict[str, Any]:
    said = {locale: draft.said_in(locale) for locale in LOCALES}
    return {
        "name": draft.name,
        "segment": segments.written(draft.segment),
        "timing": draft.timing.value,
        "wall": draft.wall,
        "pace_per_minute": draft.pace_per_minute,
        **{f"title_{locale}": words.title for locale, words in said.items()},
        **{f"body_{locale}": words.body for locale, words in said.items()},
    }


def _campaign(row: Row[Any] | None, campaign_id: UUID) -> Campaign:
    if row is None:
        raise NotFound("campaign", show(PREFIX, campaign_id))
    draft = Draft(
        name=row.name,
        segment=segments.read(row.segment),
        words={"zh": Words(row.title_zh, row.body_zh), "en": Words(row.title_en, row.body_en)},
        timing=Timing(row.timing),
        wall=row.wall,
        pace_per_minute=row.pace_per_minute,
    )
    return Campaign(
        id=CampaignId(row.id),
        draft=draft,
        state=State(row.state),
        launch_at=row.launch_at,
        as_of=row.as_of,
        ready_at=row.ready_at,
        created_by=row.created_by,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
