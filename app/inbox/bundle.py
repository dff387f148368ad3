"""One order, one bundle: its newest line on top, the earlier ones folded under it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from app.inbox.item import Item

#: What advertises; kept apart from one's own news.
ANNOUNCEMENTS = frozenset({"announcement", "price_drop", "cart_left", "coupon_expiring"})


@dataclass(frozen=True)
class Bundle:
    """What came about one order, or one line that is about none; newest first, never empty."""

    lines: Sequence[Item]

    @property
    def newest(self) -> Item:
        """The line on top."""
        return self.lines[0]

    @property
    def earlier(self) -> Sequence[Item]:
        """The lines folded under it."""
        return self.lines[1:]

    @property
    def unread(self) -> int:
        """How many of its lines nobody opened yet."""
        return sum(line.read_at is None for line in self.lines)

    @property
    def is_urgent(self) -> bool:
        """Whether some line nobody opened yet cannot wait."""
        return any(line.is_urgent and line.read_at is None for line in self.lines)

    def is_fresh(self, now: datetime) -> bool:
        """Say whether some line of it is news that was never on a screen before now."""
        return any(line.is_fresh(now) for line in self.lines)


def bundled(rows: Iterable[Item]) -> Sequence[Bundle]:
    """Bundle items that come bundle by bundle, each newest first."""
    return [Bundle(tuple(lines)) for _, lines in groupby(rows, key=_about)]


def _about(item: Item) -> UUID:
    return item.order_id or item.id
