"""What a campaign's reach was weighed at: asked for by a page, counted by a worker, kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from app.campaigns import segment
from app.campaigns.campaign import CampaignId, Draft
from app.campaigns.tables import campaign_reach
from orders_core.ids import new_id
from orders_core.tx import Tx

MOST_EXAMPLES = 500


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A count of who would hear a campaign, finished or under way.

    `asked` is how many people there were when it was asked for; `outcomes` counts them by what
    would become of them; `examples` names up to 500 people each; `hours` counts by the hour (ISO,
    business time) in which people would be reached.
    """

    id: UUID
    campaign_id: CampaignId
    is_counted: bool
    asked_for: Mapping[str, Any]
    asked_at: datetime
    as_of: datetime
    counted_at: datetime | None
    after: UUID | None
    asked: int
    weighed: int
    outcomes: Mapping[str, int]
    examples: Mapping[str, Sequence[str]]
    hours: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What weighing one chunk of people added."""

    outcomes: Mapping[str, int]
    examples: Mapping[str, Sequence[str]]
    hours: Mapping[str, int]
    people: int
    after: UUID | None


def question(draft: Draft) -> dict[str, Any]:
    """Return what of a draft its reach depends on: where it changed, a count is out of date."""
    return {
        "segment": segment.written(draft.segment),
        "timing": draft.timing.value,
        "wall": draft.wall.isoformat() if draft.wall else None,
    }


def ask(
    tx: Tx,
    campaign_id: UUID,
    *,
    asked_for: Mapping[str, Any],
    as_of: datetime,
    asked: int,
    now: datetime,
) -> UUID:
    """Ask the worker for a count; return its id."""
    reach_id = new_id()
    tx.execute(
        insert(campaign_reach).values(
            id=reach_id,
            campaign_id=campaign_id,
            asked_for=dict(asked_for),
            asked_at=now,
            as_of=as_of,
            asked=asked,
        )
    )
    return reach_id


def forget_unfinished(tx: Tx, campaign_id: UUID) -> None:
    """Drop the counts of a campaign that nobody waits for any more."""
    is_old = campaign_reach.c.campaign_id == campaign_id
    tx.execute(delete(campaign_reach).where(is_old, campaign_reach.c.state == "asked"))


def latest(tx: Tx, campaign_id: UUID) -> Reach | None:
    """Return the newest count of a campaign's reach."""
    wanted = select(campaign_reach).where(campaign_reach.c.campaign_id == campaign_id)
    row = tx.execute(wanted.order_by(campaign_reach.c.id.desc()).limit(1)).one_or_none()
    return _reach(row) if row else None


def take(tx: Tx) -> Reach | None:
    """Lock the oldest count that is not finished; no two workers count at the same one."""
    wanted = (
        select(campaign_reach)
        .where(campaign_reach.c.state == "asked")
        .order_by(campaign_reach.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = tx.execute(wanted).one_or_none()
    return _reach(row) if row else None


def add(tx: Tx, reach: Reach, found: Found, *, counted_at: datetime | None) -> None:
    """Add a chunk to a count that is locked; `counted_at` ends it."""
    examples = {
        outcome: [*reach.examples.get(outcome, ()), *more][:MOST_EXAMPLES]
        for outcome, more in found.examples.items()
    }
    values = {
        "outcomes": dict(Counter(reach.outcomes) + Counter(found.outcomes)),
        "examples": {**reach.examples, **examples},
        "hours": dict(Counter(reach.hours) + Counter(found.hours)),
        "weighed": reach.weighed + found.people,
        "after_id": found.after or reach.after,
        "counted_at": counted_at,
        "state": "counted" if counted_at else "asked",
    }
    tx.execute(update(campaign_reach).where(campaign_reach.c.id == reach.id).values(values))


def _reach(row: Row[Any]) -> Reach:
    return Reach(
        id=row.id,
        campaign_id=CampaignId(row.campaign_id),
        is_counted=row.state == "counted",
        asked_for=row.asked_for,
        asked_at=row.asked_at,
        as_of=row.as_of,
        counted_at=row.counted_at,
        after=row.after_id,
        asked=row.asked,
        weighed=row.weighed,
        outcomes=row.outcomes,
        examples=row.examples,
        hours=row.hours,
    )
