"""What a notice is: its kind, its channels, what it asks to be told, and what makes it old news."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.people.choices import Category, ChannelName
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import ParcelStatus

#: The fact that says when what a notice tells of is over.
ENDS = "expires_at"


class Kind(StrEnum):
    """The class of a notice."""

    SECURITY = "security"  #: codes and warnings about the account: nobody can refuse them
    ORDER = "order"  #: news of something the person bought: never capped
    SUPPORT = "support"  #: an answer to what the person asked: never capped
    SERVICE = "service"  #: invitations around an order
    MARKETING = "marketing"  #: needs consent, counts against the cap, stops when the shop says stop

    # A member is looked up by its letters; Enum's own hash is a call of Python, ten times as slow.
    __hash__ = str.__hash__


LANES: Mapping[Kind, int] = {
    Kind.SECURITY: 0,
    Kind.ORDER: 1,
    Kind.SUPPORT: 1,
    Kind.SERVICE: 2,
    Kind.MARKETING: 3,
}


class Collapse(StrEnum):
    """Which messages take each other's place on a phone that was away: the newest is enough."""

    ORDER = "order"  #: one line for each order
    NOTICE = "notice"  #: one line for each notice
    NEVER = "never"  #: each stays: a second code must not hide the first answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing the shop can tell a person.

    `untrue_once` names the order states in which it would be old news, `while_parcel` the only
    states of its parcel in which it is news. `of_date` marks news of an expected day, which is
    stale when the day has changed again, `of_short` news of missing goods, which is stale once
    nothing is missing any more, `of_refund` news of money on its way back, which is stale once it
    has arrived, `of_return` news of goods that may come back, which is stale once they have come.
    `replaces` names the notices of the same order, itself perhaps, whose bells it takes back.

    `by_hand` says that whoever holds a key may tell it; `asks` and `may` name the facts that must
    and may come with it then. `is_gathered` marks what comes out of a digest: it joins no other.
    `for_receiver` marks what whoever is given an order hears: nothing of money, nothing of goods.
    """

    name: str
    kind: Kind
    category: Category
    channels: tuple[ChannelName, ...]
    ttl: timedelta
    is_urgent: bool = False
    tells: OrderStatus | None = None
    untrue_once: frozenset[OrderStatus] = frozenset()
    while_parcel: frozenset[ParcelStatus] = frozenset()
    of_date: bool = False
    of_short: bool = False
    of_refund: bool = False
    of_return: bool = False
    replaces: frozenset[str] = frozenset()
    collapse: Collapse = Collapse.NOTICE
    by_hand: bool = False
    asks: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    is_gathered: bool = False
    for_receiver: bool = False

    @property
    def lane(self) -> int:
        """The lane its messages travel on, 0 (first) to 3."""
        return LANES[self.kind]

    def useful_until(self, told_at: datetime, facts: Mapping[str, Any]) -> datetime:
        """Return how long it is of use: for its time to live, but no longer than what it tells of.

        A coupon that has run out is no news, whoever was asleep.
        """
        worn_out = told_at + self.ttl
        if ENDS not in self.asks or ENDS not in facts:
            return worn_out
        return min(worn_out, datetime.fromisoformat(facts[ENDS]))

    @property
    def is_capped(self) -> bool:
        """Whether it counts against the marketing cap and obeys it."""
        return self.kind is Kind.MARKETING

    @property
    def needs_order(self) -> bool:
        """Whether whoever tells it by hand must name the order it is about."""
        return self.kind is Kind.ORDER
