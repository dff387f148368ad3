"""The hour of each person on a campaign's day, and what choosing it brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.campaigns import best, best_store
from app.campaigns.campaign import Campaign, Timing
from app.campaigns.segment_store import Someone
from ml.chance.measured import Gain, gain
from ml.chance.slice import Chosen, choose
from ml.timing.hours import best_hour, shares_of_all, week_of
from orders_core.ids import PersonId
from orders_core.tx import Tx


@dataclass(frozen=True)
class Times:
    """For how many people an hour was chosen, of how many their own was known, what it brought.

    `gain` is None while too few had two days to open it.
    """

    chosen: int
    known: int
    gain: Gain | None


def hours_for(
    tx: Tx, campaign_id: UUID, named: datetime, people: Sequence[Someone], *, before: datetime
) -> Mapping[PersonId, Chosen[int]]:
    """Choose the hour of each of these people, from what was opened before a moment.

    Asked again with the same moment it says the same.
    """
    everybody = shares_of_all(best_store.newest_shares(tx, before=before))
    opens = best_store.opens_of(tx, [one.id for one in people], before=before)
    chosen = {}
    for one in people:
        own = best_hour(
            everybody,
            week_of(opens.get(one.id, {})),
            weekday=named.weekday(),
            hours=best.HOURS,
        )
        chosen[one.id] = choose(
            str(campaign_id),
            str(one.id),
            best=own.hour if own else None,
            named=best.named_hour(named),
            among=best.HOURS,
        )
    return chosen


def measured(tx: Tx, campaign: Campaign, *, now: datetime) -> Times | None:
    """Return what came of a campaign's hours so far; None if it chose none."""
    named = campaign.draft.wall
    if campaign.draft.timing is not Timing.BEST or named is None:
        return None
    chosen, known = best_store.counted(tx, campaign.id)
    hour = best.named_hour(named)
    return Times(chosen, known, gain(best_store.told(tx, campaign.id, named=hour, now=now)))
