"""One line of an inbox, and what a person can do with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Mark(StrEnum):
    """What a person did with an item."""

    SEEN = "seen"  #: it was on a screen
    READ = "read"  #: it was opened
    ARCHIVED = "archived"  #: it was put away


class Folder(StrEnum):
    """Where a person finds an item; the values stand in addresses."""

    INBOX = "inbox"  #: what is their own: orders, and answers to what they asked
    SHOP = "shop"  #: what the shop tells many
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
