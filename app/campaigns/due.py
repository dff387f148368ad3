"""When a campaign's people are due, each on the clock that its timing names. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.campaigns import best, wall
from app.campaigns.campaign import Draft, Timing
from app.campaigns.wall import Shown


@dataclass(frozen=True, slots=True)
class Due:
    """When the people of one zone are due, in business time.

    `is_past` says that the time asked for had passed there: they are due at once instead. `until`
    is when the last of them have been, where not all are due together.
    """

    at: datetime
    is_past: bool = False
    shown: Shown = Shown.ONCE
    until: datetime | None = None


def due(draft: Draft, zone: str, *, shop_zone: str, now: datetime) -> Due:
    """Say when people of a zone are due; at once where no time is asked for or it has passed."""
    if draft.timing is Timing.NOW or draft.wall is None:
        return Due(now)
    if draft.timing is Timing.BEST:
        first, end = best.first_pass(draft.wall, zone), best.end_of(draft.wall, zone)
        return Due(max(first, now), is_past=end <= now, until=max(end, now))
    read = wall.read(draft.wall, shop_zone if draft.timing is Timing.SHOP else zone)
    return Due(max(read.at, now), is_past=read.at < now, shown=read.shown)


def due_by_zone(
    draft: Draft, zones: Iterable[str], *, shop_zone: str, now: datetime
) -> Mapping[str, Due]:
    """Say when the people of each zone are due."""
    return {zone: due(draft, zone, shop_zone=shop_zone, now=now) for zone in zones}


def time_faults(draft: Draft, dues: Sequence[Due]) -> list[str]:
    """Name what is wrong with the time of a campaign: missing, or past everywhere."""
    if draft.timing is Timing.NOW:
        return []
    if draft.wall is None:
        return ["time_missing"]
    return ["time_past"] if dues and all(one.is_past for one in dues) else []
