"""The shop's caps: what each counts, who obeys it, and what becomes of a message too many. Pure.

A cap is made of the rows of the table `caps` that say the same limit. A row that obeys counts what
it fits and is held to the limit; one that does not obey only counts: an order's news may use up the
day's bells and still ring. What no row fits neither counts nor obeys. What becomes of one too many
is said row by row: offers may be dropped where service news waits, and both count together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from app.hub.catalogue import Kind, Notice
from app.hub.pressure import BELL, CHANNEL_BITS, about, about_of
from app.people.choices import Category, ChannelName


class Per(StrEnum):
    """The window a cap counts in: rolling to the second, or of the person's own calendar."""

    ROLLING_HOUR = "rolling_hour"
    ROLLING_DAY = "rolling_day"
    ROLLING_WEEK = "rolling_week"
    ROLLING_MONTH = "rolling_month"  #: thirty days
    CALENDAR_DAY = "calendar_day"
    CALENDAR_WEEK = "calendar_week"  #: from Monday
    CALENDAR_MONTH = "calendar_month"

    # A member is looked up by its letters; Enum's own hash is a call of Python, ten times as slow.
    __hash__ = str.__hash__


class Over(StrEnum):
    """What becomes of a message that would be one too many."""

    DROP = "drop"  #: it does not go out where the cap counts
    DOWNGRADE = "downgrade"  #: it rings nowhere the cap counts; the inbox line goes
    DEFER = "defer"  #: its bells wait until there is room, as long as it is worth reading
    DIGEST = "digest"  #: its bells join the person's next daily digest


STRICTEST_FIRST: Sequence[Over] = (Over.DROP, Over.DOWNGRADE, Over.DIGEST, Over.DEFER)
HOUR_SECONDS = 3600
ROLLING_SECONDS: Mapping[Per, int] = {
    Per.ROLLING_HOUR: HOUR_SECONDS,
    Per.ROLLING_DAY: 24 * HOUR_SECONDS,
    Per.ROLLING_WEEK: 7 * 24 * HOUR_SECONDS,
    Per.ROLLING_MONTH: 30 * 24 * HOUR_SECONDS,
}
A_DAY = timedelta(days=1)
#: No window of a calendar is longer, whatever its clocks do.
LONGEST: Mapping[Per, timedelta] = {
    Per.CALENDAR_DAY: 2 * A_DAY,
    Per.CALENDAR_WEEK: 8 * A_DAY,
    Per.CALENDAR_MONTH: 32 * A_DAY,
    **{per: timedelta(seconds=length) for per, length in ROLLING_SECONDS.items()},
}
EVERYTHING, BELLS_ALONE = "everything", "bells"
CEILING = "marketing"  # the name of the cap that no table lifts; it is asked first
SURFACES: Mapping[str, int] = {
    EVERYTHING: 0xFF,
    BELLS_ALONE: BELL,
    **{channel: CHANNEL_BITS[channel] for channel in ChannelName},
}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` messages a window on a surface.

    `surface` is `everything` (inbox lines and bells, counted apart), `bells`, or one channel.
    """

    name: str
    surface: str
    most: int
    per: Per

    @property
    def mask(self) -> int:
        """The bits of the channels it counts."""
        return SURFACES[self.surface]


@dataclass(frozen=True, slots=True)
class CapRule:
    """One cap: its limit, and the marks of entries that count against it, as rows pack them."""

    limit: Limit
    counts: frozenset[int]


class Obeyed(NamedTuple):
    """A cap that a notice is held to, and what becomes of it where it would be one too many."""

    rule: CapRule
    over: Over


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of the table says of one kind and category; None only counts."""

    limit: Limit
    kind: Kind
    category: Category
    over: Over | None


@dataclass(frozen=True, slots=True, eq=False)
class Caps:
    """Every cap of the shop, sorted by whom it concerns."""

    rules: tuple[CapRule, ...] = ()
    obeyed: Mapping[int, tuple[Obeyed, ...]] = field(default_factory=dict)
    counted: frozenset[int] = frozenset()
    reach: timedelta = A_DAY  #: how far back the longest window looks, the ceiling's among them

    def concern(self, notice: Notice) -> bool:
        """Say whether a notice counts against any cap or obeys one."""
        return notice.is_capped or about_of(notice) in self.counted


NO_CAPS = Caps()


def caps_of(rows: Iterable[Row]) -> Caps:
    """Put rows that say the same limit together; for one sort the strictest of them holds."""
    counts: dict[Limit, set[int]] = {}
    overs: dict[tuple[int, Limit], Over] = {}
    for row in rows:
        mark = about(row.kind, row.category)
        counts.setdefault(row.limit, set()).add(mark)
        if row.over is not None:
            said = overs.get((mark, row.limit), row.over)
            overs[mark, row.limit] = min(said, row.over, key=STRICTEST_FIRST.index)
    rules = {limit: CapRule(limit, frozenset(marks)) for limit, marks in counts.items()}
    obeyed: dict[int, tuple[Obeyed, ...]] = {}
    for (mark, limit), over in overs.items():
        obeyed[mark] = (*obeyed.get(mark, ()), Obeyed(rules[limit], over))
    reach = max([A_DAY, *(LONGEST[limit.per] for limit in rules)])
    return Caps(tuple(rules.values()), obeyed, frozenset().union(*counts.values()), reach)


@lru_cache(maxsize=64)
def ceiling(most: int, mark: int) -> Obeyed:
    """Return the shop's ceiling as a cap: so many messages of a sort a rolling day, no more."""
    limit = Limit(CEILING, EVERYTHING, most, Per.ROLLING_DAY)
    return Obeyed(CapRule(limit, frozenset({mark})), Over.DROP)


def as_obeyed(kept: Sequence[Any] | Mapping[str, Any]) -> Sequence[Any]:
    """Return a cap that was kept with a verdict as `Obeyed` is kept now.

    Until the rows said it, a limit said what becomes of one too many.
    """
    return (kept, kept["limit"]["over"]) if isinstance(kept, Mapping) else kept
