"""Every notice the shop can send, as data: its kind, its channels, how long it stays worth reading.

The kind fixes the lane and what a person may refuse; nothing else in the product chooses them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.people.choices import Category, ChannelName
from orders_core.errors import CoreError
from orders_core.orders.order import OrderStatus


class Kind(StrEnum):
    """The class of a notice."""

    SECURITY = "security"  #: codes and warnings about the account: nobody can refuse them
    ORDER = "order"  #: news of something the person bought: never capped
    SUPPORT = "support"  #: an answer to what the person asked: never capped
    SERVICE = "service"  #: invitations around an order
    MARKETING = "marketing"  #: needs consent, counts against the cap, stops when the shop says stop


LANES: Mapping[Kind, int] = {
    Kind.SECURITY: 0,
    Kind.ORDER: 1,
    Kind.SUPPORT: 1,
    Kind.SERVICE: 2,
    Kind.MARKETING: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing the shop can tell a person.

    `untrue_once` names the order states in which it would be old news. `of_moving_parcel` marks
    news that is only true while its parcel is out for delivery; `of_date` news of an expected day,
    which is stale when the day has changed again, `of_short` news of missing goods, which is stale
    once nothing is missing any more.
    """

    name: str
    kind: Kind
    category: Category
    channels: tuple[ChannelName, ...]
    ttl: timedelta
    is_urgent: bool = False
    tells: OrderStatus | None = None
    untrue_once: frozenset[OrderStatus] = frozenset()
    of_moving_parcel: bool = False
    of_date: bool = False
    of_short: bool = False

    @property
    def lane(self) -> int:
        """The lane its messages travel on, 0 (first) to 3."""
        return LANES[self.kind]

    @property
    def is_capped(self) -> bool:
        """Whether it counts against the marketing cap and obeys it."""
        return self.kind is Kind.MARKETING


class UnknownNotice(CoreError):
    """No notice of this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no notice {name[:60]!r}; known: {', '.join(sorted(NOTICES))}")


PLACED, PAID, SHIPPED, DELIVERED, CANCELLED = OrderStatus
ENDED = frozenset({DELIVERED, CANCELLED})

ORDER_PLACED = Notice(
    name="order_placed",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=1),
    is_urgent=True,
    tells=PLACED,
    untrue_once=frozenset({PAID, SHIPPED, DELIVERED, CANCELLED}),
)
ORDER_PAID = Notice(
    name="order_paid",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=2),
    is_urgent=True,
    tells=PAID,
    untrue_once=frozenset({SHIPPED, DELIVERED, CANCELLED}),
)
ORDER_SHIPPED = Notice(
    name="order_shipped",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.SMS),
    ttl=timedelta(days=3),
    tells=SHIPPED,
    untrue_once=ENDED,
)
OUT_FOR_DELIVERY = Notice(
    name="out_for_delivery",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(hours=12),
    is_urgent=True,
    untrue_once=ENDED,
    of_moving_parcel=True,
)
ORDER_DELAYED = Notice(
    name="order_delayed",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(days=1),
    untrue_once=ENDED,
    of_date=True,
)
ORDER_DELIVERED = Notice(
    name="order_delivered",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=3),
    tells=DELIVERED,
)
ORDER_CANCELLED = Notice(
    name="order_cancelled",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.SMS),
    ttl=timedelta(days=7),
    is_urgent=True,
    tells=CANCELLED,
)
ORDER_SHORT = Notice(
    name="order_short",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(days=3),
    untrue_once=frozenset({SHIPPED, DELIVERED, CANCELLED}),
    of_short=True,
)
RETURN_APPROVED = Notice(
    name="return_approved",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=7),
)
RETURN_RECEIVED = Notice(
    name="return_received",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=7),
)
CASE_RECEIVED = Notice(
    name="case_received",
    kind=Kind.SUPPORT,
    category=Category.SUPPORT,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=1),
    is_urgent=True,  # whoever has just asked is awake
)
CASE_ANSWERED = Notice(
    name="case_answered",
    kind=Kind.SUPPORT,
    category=Category.SUPPORT,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=3),
)
SECURITY_CODE = Notice(
    name="security_code",
    kind=Kind.SECURITY,
    category=Category.SUPPORT,
    channels=(ChannelName.SMS, ChannelName.EMAIL),
    ttl=timedelta(minutes=10),
    is_urgent=True,
)
ANNOUNCEMENT = Notice(
    name="announcement",
    kind=Kind.MARKETING,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=1),
)

NOTICES: Mapping[str, Notice] = {
    notice.name: notice
    for notice in (
        ORDER_PLACED,
        ORDER_PAID,
        ORDER_SHIPPED,
        OUT_FOR_DELIVERY,
        ORDER_DELAYED,
        ORDER_DELIVERED,
        ORDER_CANCELLED,
        ORDER_SHORT,
        RETURN_APPROVED,
        RETURN_RECEIVED,
        CASE_RECEIVED,
        CASE_ANSWERED,
        SECURITY_CODE,
        ANNOUNCEMENT,
    )
}

TOLD_BY_STATUS: Mapping[OrderStatus, Notice] = {
    notice.tells: notice for notice in NOTICES.values() if notice.tells
}


def find(name: str) -> Notice:
    """Return the notice of this name.

    Raises:
        UnknownNotice: With the names that are known.
    """
    try:
        return NOTICES[name]
    except KeyError:
        raise UnknownNotice(name) from None
