"""A wish that was decided: what is stored of it, and what it made of its person's row. Pure."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.hub.pressure import CHANNEL_BITS
from app.hub.verdict import Verdict
from app.hub.wish import Wish
from app.people.choices import ChannelName
from orders_core.ids import new_id


class Counted(NamedTuple):
    """What a decision made of its person's row; nothing where no cap concerns it.

    `pressure` is what it saw, as `facts.py` writes it, `entries` what it adds, `displaces` the
    messages that make way for it. It `is_pressed` where a full cap held it up that offers share.
    """

    pressure: bytes | None = None
    entries: tuple[int, ...] = ()
    displaces: tuple[UUID, ...] = ()
    is_pressed: bool = False


UNCOUNTED = Counted()


@dataclass(frozen=True, slots=True)
class Decision:
    """A wish and what was decided about it, under the id it is stored by.

    `facts` are what was known, as `facts.py` writes them.
    """

    id: UUID
    wish: Wish
    verdict: Verdict
    facts: str
    counted: Counted

    @classmethod
    def of(
        cls, wish: Wish, verdict: Verdict, facts: str, counted: Counted = UNCOUNTED
    ) -> "Decision":
        """Give a verdict the id it will be stored by."""
        return cls(new_id(), wish, verdict, facts, counted)

    def entry_on(self, channel: str) -> int | None:
        """Return the place that its message on a channel takes under the caps; None if none."""
        bit = CHANNEL_BITS[ChannelName(channel)]
        entries = self.counted.entries
        return next((one & ~0xFF | bit for one in entries if one & bit), None)
