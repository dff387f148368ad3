"""Notices around orders: answers, codes, invitations, and what advertises."""

from datetime import timedelta

from app.hub.notice import Collapse, Kind, Notice
from app.people.choices import Category, ChannelName
from orders_core.orders.order import OrderStatus

CASE_RECEIVED = Notice(
    name="case_received",
    kind=Kind.SUPPORT,
    category=Category.SUPPORT,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=1),
    is_urgent=True,  # whoever has just asked is awake
    collapse=Collapse.NEVER,
)
CASE_ANSWERED = Notice(
    name="case_answered",
    kind=Kind.SUPPORT,
    category=Category.SUPPORT,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=3),
    collapse=Collapse.NEVER,
)
CSAT = Notice(
    name="csat",
    kind=Kind.SERVICE,
    category=Category.SUPPORT,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=3),
    by_hand=True,
    asks=("link_url",),
)
SECURITY_CODE = Notice(
    name="security_code",
    kind=Kind.SECURITY,
    category=Category.SUPPORT,
    channels=(ChannelName.SMS, ChannelName.EMAIL),
    ttl=timedelta(minutes=10),
    is_urgent=True,
    collapse=Collapse.NEVER,
)
CONTACT_CHANGED = Notice(
    name="contact_changed",
    kind=Kind.SECURITY,
    category=Category.SUPPORT,
    channels=(ChannelName.SMS, ChannelName.EMAIL),
    ttl=timedelta(days=3),
    is_urgent=True,
    collapse=Collapse.NEVER,
)
REVIEW_INVITE = Notice(
    name="review_invite",
    kind=Kind.SERVICE,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=7),
    untrue_once=frozenset({OrderStatus.CANCELLED}),
    by_hand=True,
    may=("points", "link_url"),
)
BACK_IN_STOCK = Notice(
    name="back_in_stock",
    kind=Kind.SERVICE,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=1),
    by_hand=True,
    asks=("item",),
    may=("link_url",),
)
POINTS_EARNED = Notice(
    name="points_earned",
    kind=Kind.SERVICE,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.PUSH),
    ttl=timedelta(days=2),
    by_hand=True,
    asks=("points", "points_left"),
)
POINTS_EXPIRING = Notice(
    name="points_expiring",
    kind=Kind.SERVICE,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=3),
    by_hand=True,
    asks=("points", "expires_at"),
    may=("link_url",),
)
PRICE_DROP = Notice(
    name="price_drop",
    kind=Kind.MARKETING,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(hours=12),
    by_hand=True,
    asks=("item", "was_minor", "price_minor", "currency"),
    may=("link_url",),
)
CART_LEFT = Notice(
    name="cart_left",
    kind=Kind.MARKETING,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(hours=12),
    by_hand=True,
    asks=("item", "count"),
    may=("link_url",),
)
COUPON_EXPIRING = Notice(
    name="coupon_expiring",
    kind=Kind.MARKETING,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=1),
    by_hand=True,
    asks=("coupon", "expires_at"),
    may=("link_url",),
)
ANNOUNCEMENT = Notice(
    name="announcement",
    kind=Kind.MARKETING,
    category=Category.OFFERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=1),
    collapse=Collapse.NEVER,
    by_hand=True,
    asks=("title", "body"),
)

DIGEST = Notice(  # of the class of its highest item, as `digest.gathered` makes it
    name="digest",
    kind=Kind.SERVICE,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(days=1),
    collapse=Collapse.NEVER,
    is_gathered=True,
)

OF_OTHERS = (
    CASE_RECEIVED,
    CASE_ANSWERED,
    CSAT,
    SECURITY_CODE,
    CONTACT_CHANGED,
    REVIEW_INVITE,
    BACK_IN_STOCK,
    POINTS_EARNED,
    POINTS_EXPIRING,
    PRICE_DROP,
    CART_LEFT,
    COUPON_EXPIRING,
    ANNOUNCEMENT,
    DIGEST,
)
