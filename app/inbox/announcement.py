"""What a shop says to many at once: one row, and whoever reads sees it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

PREFIX = "ann"


class Audience(StrEnum):
    """Who sees an announcement; it is asked when they look, never written down for each."""

    EVERYONE = "everyone"
    CHINESE = "zh"  #: who reads Chinese
    ENGLISH = "en"  #: who reads English
    BUYERS = "open_order"  #: who waits for an order now


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One announcement in both languages, from `starts_at` until `ends_at`, in business time."""

    id: UUID
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    audience: Audience
    is_pinned: bool
    starts_at: datetime
    ends_at: datetime | None
    made_by: str
    made_at: datetime

    def title(self, locale: str) -> str:
        """Return its title in a language."""
        return self.title_zh if locale == "zh" else self.title_en

    def body(self, locale: str) -> str:
        """Return its body in a language."""
        return self.body_zh if locale == "zh" else self.body_en
