"""The channels a person can be reached by, and the categories they can choose among.

Both are kept in rows that live for years, so members are only ever added.
"""

from enum import StrEnum


class ChannelName(StrEnum):
    """A channel by its name, as a person knows it."""

    INAPP = "inapp"  #: the inbox in the shop: always there, never rings
    EMAIL = "email"
    PUSH = "push"
    SMS = "sms"

    # A member is looked up by its letters; Enum's own hash is a call of Python, ten times as slow.
    __hash__ = str.__hash__


class Category(StrEnum):
    """What a message is about, as a person can choose it."""

    ORDERS = "orders"  #: placed, paid, cancelled
    DELIVERY = "delivery"  #: shipped, on its way, late, arrived
    SUPPORT = "support"  #: answers to what they asked
    OFFERS = "offers"  #: everything that advertises

    # A member is looked up by its letters; Enum's own hash is a call of Python, ten times as slow.
    __hash__ = str.__hash__


class Rhythm(StrEnum):
    """How often a channel rings for news that can wait."""

    NOW = "now"  #: each piece of news by itself
    HOURLY = "hourly"
    DAILY = "daily"  #: in the evening
    WEEKLY = "weekly"  #: on Monday evening
    FIRST_HOURLY = "first_hourly"  #: the first at once, what follows within its hour together
    FIRST_DAILY = "first_daily"
    FIRST_WEEKLY = "first_weekly"

    @property
    def leads(self) -> bool:
        """Whether the first piece of news of each digest goes out at once, by itself."""
        return self in GATHERS

    @property
    def gathers(self) -> "Rhythm":
        """How often it gathers, whatever goes out first."""
        return GATHERS.get(self, self)


GATHERS = {
    Rhythm.FIRST_HOURLY: Rhythm.HOURLY,
    Rhythm.FIRST_DAILY: Rhythm.DAILY,
    Rhythm.FIRST_WEEKLY: Rhythm.WEEKLY,
}


BELLS = frozenset({ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS})  #: what can wake somebody
