"""Campaigns as one list shows them: where each stands, how far it came, when it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.campaigns import store
from app.campaigns.campaign import Campaign
from app.campaigns.tables import campaign_slot, campaign_tally
from app.hub.verdict import Because
from orders_core.tx import Tx

#: Outcomes that reach somebody: now, when their night or the law's is over, or in a digest.
HEARD = (
    "send",
    Because.QUIET_HOURS.value,
    Because.LEGAL_HOURS.value,
    Because.FOLDED.value,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One campaign of the list. `reached` of the `decided` people hear of it."""

    campaign: Campaign
    asked: int
    decided: int
    reached: int
    next_due: datetime | None


def lines(tx: Tx, *, after: UUID | None, at_most: int) -> Sequence[Line]:
    """Return campaigns, newest first, older than `after`."""
    found = store.page(tx, after=after, at_most=at_most)
    ids = [campaign.id for campaign in found]
    slots = tx.execute(
        select(
            campaign_slot.c.campaign_id,
            func.sum(campaign_slot.c.asked),
            func.sum(campaign_slot.c.decided),
            func.min(campaign_slot.c.due_at).filter(campaign_slot.c.state == "open"),
        )
        .where(campaign_slot.c.campaign_id.in_(ids))
        .group_by(campaign_slot.c.campaign_id)
    )
    due = {row[0]: row for row in slots}
    tallies = tx.execute(
        select(campaign_tally.c.campaign_id, func.sum(campaign_tally.c.people))
        .where(campaign_tally.c.campaign_id.in_(ids), campaign_tally.c.outcome.in_(HEARD))
        .group_by(campaign_tally.c.campaign_id)
    )
    reached = {row[0]: int(row[1]) for row in tallies}
    nothing = (None, 0, 0, None)
    return [
        Line(
            campaign=one,
            asked=max(int(row[1]), int(row[2])),
            decided=int(row[2]),
            reached=reached.get(one.id, 0),
            next_due=row[3],
        )
        for one in found
        for row in [due.get(one.id, nothing)]
    ]
