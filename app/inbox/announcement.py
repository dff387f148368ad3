"""What a shop says to many at once: one row, and whoever reads sees it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.people.choices import Category
from orders_core.errors import CoreError
from orders_core.ids import show
from orders_core.orders.order import OrderStatus

PREFIX = "ann"


class Audience(StrEnum):
    """Who sees an announcement; it is asked when they look, never written down for each."""

    EVERYONE = "everyone"
    CHINESE = "zh"  #: who reads Chinese
    ENGLISH = "en"  #: who reads English
    BUYERS = "open_order"  #: who waits for an order now
    SUBSCRIBERS = "subscribers"  #: who wants to hear of one of some categories, on any channel
    ORDER_STATE = "order_state"  #: who has an order in one of some states


#: Which words say more closely whom some audiences mean.
CLOSER: Mapping[Audience, Collection[str]] = {
    Audience.SUBSCRIBERS: tuple(Category),
    Audience.ORDER_STATE: tuple(OrderStatus),
}


class StaysShown(CoreError):
    """The announcement is one that nobody waves off: it is shown until its end."""

    def __init__(self, announcement_id: UUID) -> None:
        super().__init__(f"announcement {show(PREFIX, announcement_id)} is shown until its end")


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One announcement in both languages, from `starts_at` until `ends_at`, in business time."""

    id: UUID
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    audience: Audience
    audience_of: tuple[
        str, ...
    ] = ()  #: categories or states of orders, where the audience has some
    is_pinned: bool
    is_dismissible: bool = True
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

    def is_over(self, now: datetime) -> bool:
        """Say whether nobody sees it any more."""
        return self.ends_at is not None and self.ends_at <= now


def flaws(made: Announcement) -> Mapping[str, str]:
    """Return what keeps an announcement from being made: its fields, each with the code of why."""
    found: dict[str, str] = {}
    if made.ends_at and made.ends_at <= made.starts_at:
        found["ends_at"] = "ends_before_start"
    known = CLOSER.get(made.audience)
    if known is None and made.audience_of:
        found["audience_of"] = "not_for_audience"
    elif known is not None and not made.audience_of:
        found["audience_of"] = "audience_of_missing"
    elif set(made.audience_of) - set(known or ()):
        found["audience_of"] = "unknown_value"
    return found
