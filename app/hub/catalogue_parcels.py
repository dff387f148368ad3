"""Notices of goods on their way."""

from datetime import timedelta

from app.hub.notice import Collapse, Kind, Notice
from app.people.choices import Category, ChannelName
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import ParcelStatus

PLACED, PAID, SHIPPED, DELIVERED, CANCELLED = OrderStatus
ENDED = frozenset({DELIVERED, CANCELLED})

PACKED = Notice(
    name="packed",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.PUSH),
    ttl=timedelta(hours=12),
    untrue_once=frozenset({SHIPPED, DELIVERED, CANCELLED}),
    collapse=Collapse.ORDER,
    by_hand=True,
)
PARTLY_SHIPPED = Notice(
    name="partly_shipped",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=2),
    untrue_once=frozenset({SHIPPED, DELIVERED, CANCELLED}),
    collapse=Collapse.ORDER,
)
ORDER_SHIPPED = Notice(
    name="order_shipped",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.SMS),
    ttl=timedelta(days=3),
    tells=SHIPPED,
    untrue_once=ENDED,
    collapse=Collapse.ORDER,
)
OUT_FOR_DELIVERY = Notice(
    name="out_for_delivery",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(hours=12),
    is_urgent=True,
    untrue_once=ENDED,
    while_parcel=frozenset({ParcelStatus.OUT_FOR_DELIVERY}),
    collapse=Collapse.ORDER,
)
PICKUP_READY = Notice(
    name="pickup_ready",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(days=2),
    untrue_once=ENDED,
    while_parcel=frozenset({ParcelStatus.AT_STATION}),
    collapse=Collapse.ORDER,
)
ATTEMPT_FAILED = Notice(
    name="attempt_failed",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(hours=12),
    untrue_once=ENDED,
    while_parcel=frozenset({ParcelStatus.ATTEMPT_FAILED}),
    collapse=Collapse.ORDER,
)
ORDER_DELAYED = Notice(
    name="order_delayed",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(days=1),
    untrue_once=ENDED,
    of_date=True,
    collapse=Collapse.ORDER,
)
CUSTOMS_HOLD = Notice(
    name="customs_hold",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=3),
    untrue_once=ENDED,
    while_parcel=frozenset({ParcelStatus.EXCEPTION}),
    collapse=Collapse.ORDER,
)
ORDER_DELIVERED = Notice(
    name="order_delivered",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=3),
    tells=DELIVERED,
    collapse=Collapse.ORDER,
)

GIFT_COMING = Notice(
    name="gift_coming",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(hours=12),
    is_urgent=True,
    untrue_once=ENDED,
    while_parcel=frozenset({ParcelStatus.OUT_FOR_DELIVERY}),
    collapse=Collapse.ORDER,
    for_receiver=True,
)
GIFT_TO_FETCH = Notice(
    name="gift_to_fetch",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(days=2),
    untrue_once=ENDED,
    while_parcel=frozenset({ParcelStatus.AT_STATION}),
    collapse=Collapse.ORDER,
    for_receiver=True,
)
GIFT_ARRIVED = Notice(
    name="gift_arrived",
    kind=Kind.ORDER,
    category=Category.DELIVERY,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=3),
    collapse=Collapse.ORDER,
    for_receiver=True,
)

OF_PARCELS = (
    PACKED,
    PARTLY_SHIPPED,
    ORDER_SHIPPED,
    OUT_FOR_DELIVERY,
    PICKUP_READY,
    ATTEMPT_FAILED,
    ORDER_DELAYED,
    CUSTOMS_HOLD,
    ORDER_DELIVERED,
    GIFT_COMING,
    GIFT_TO_FETCH,
    GIFT_ARRIVED,
)
