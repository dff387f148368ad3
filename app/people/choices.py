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


BELLS = frozenset({ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS})  #: what can wake somebody
