"""One line of an inbox, and what a person can do with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

GIFTS = "gift_"  # what the notices to whoever receives a gift begin with


class Mark(StrEnum):
    """What a person did with an item."""

    SEEN = "seen"  #: it was on a screen
    READ = "read"  #: it was opened
    ARCHIVED = "archived"  #: it was put away


class Folder(StrEnum):
    """Where a person finds an item; the values stand in addresses."""

    INBOX = "inbox"  #: what is their own: orders, and answers to what they asked
    ORDERS = "orders"  #: of their own, what is about an order
    OTHER = "other"  #: of their own, what is about no order
    SHOP = "shop"  #: what the shop tells many
    SNOOZED = "snoozed"  #: what they want back later
    AWAY = "away"  #: what they put away


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of an inbox; its id is its message's. All times are business time."""

    id: UUID
    person_id: UUID
    order_id: UUID | None
    notice: str
    title: str
    body: str
    arrived_at: datetime
    seen_at: datetime | None = None
    read_at: datetime | None = None
    archived_at: datetime | None = None
    is_urgent: bool = False
    expires_at: datetime | None = None
    snoozed_until: datetime | None = None

    @property
    def is_gift(self) -> bool:
        """Whether it tells of an order that somebody else bought: its page shows no price."""
        return self.notice.startswith(GIFTS)

    def is_past(self, now: datetime) -> bool:
        """Say whether it is no news any more."""
        return self.expires_at is not None and self.expires_at <= now

    def is_fresh(self, now: datetime) -> bool:
        """Say whether it is news that was never on a screen before now."""
        return self.seen_at is None and not self.is_past(now)
