"""Notices of an order and of its money."""

from datetime import timedelta

from app.hub.notice import Collapse, Kind, Notice
from app.people.choices import Category, ChannelName
from orders_core.orders.order import OrderStatus

PLACED, PAID, SHIPPED, DELIVERED, CANCELLED = OrderStatus
BEYOND_PLACED = frozenset({PAID, SHIPPED, DELIVERED, CANCELLED})
#: Each says how the payment stands now: of two that wait only the newer is true.
HOW_IT_IS_PAID = frozenset({"payment_due", "payment_failed", "payment_confirming"})

ORDER_PLACED = Notice(
    name="order_placed",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=1),
    is_urgent=True,
    tells=PLACED,
    untrue_once=frozenset({PAID, SHIPPED, DELIVERED, CANCELLED}),
    collapse=Collapse.ORDER,
)
PAYMENT_DUE = Notice(
    name="payment_due",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(hours=1),
    is_urgent=True,
    untrue_once=BEYOND_PLACED,
    replaces=HOW_IT_IS_PAID,
    collapse=Collapse.ORDER,
    by_hand=True,
)
PAYMENT_FAILED = Notice(
    name="payment_failed",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(hours=2),
    is_urgent=True,
    untrue_once=BEYOND_PLACED,
    replaces=HOW_IT_IS_PAID,
    collapse=Collapse.ORDER,
    by_hand=True,
    may=("reason",),
)
PAYMENT_CONFIRMING = Notice(
    name="payment_confirming",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(hours=2),
    is_urgent=True,
    untrue_once=BEYOND_PLACED,
    replaces=HOW_IT_IS_PAID,
    collapse=Collapse.ORDER,
    by_hand=True,
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
    collapse=Collapse.ORDER,
)
PREORDER_BALANCE_DUE = Notice(
    name="preorder_balance_due",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(days=1),
    untrue_once=BEYOND_PLACED,
    collapse=Collapse.ORDER,
)
ORDER_SHORT = Notice(
    name="order_short",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH, ChannelName.SMS),
    ttl=timedelta(days=3),
    untrue_once=frozenset({SHIPPED, DELIVERED, CANCELLED}),
    of_short=True,
    collapse=Collapse.ORDER,
)
PRICE_PROTECTED = Notice(
    name="price_protected",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=3),
    untrue_once=frozenset({CANCELLED}),
    collapse=Collapse.ORDER,
    by_hand=True,
    asks=("back_minor",),
)
ORDER_CANCELLED = Notice(
    name="order_cancelled",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.SMS),
    ttl=timedelta(days=7),
    is_urgent=True,
    tells=CANCELLED,
    collapse=Collapse.ORDER,
)
ADDRESS_CHANGED = Notice(
    name="address_changed",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=1),
    is_urgent=True,
    untrue_once=frozenset({SHIPPED, DELIVERED, CANCELLED}),
)
RETURN_APPROVED = Notice(
    name="return_approved",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=7),
    of_return=True,
    collapse=Collapse.ORDER,
)
RETURN_RECEIVED = Notice(
    name="return_received",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=7),
    collapse=Collapse.ORDER,
)
REFUND_STARTED = Notice(
    name="refund_started",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=2),
    of_refund=True,
)
REFUND_ARRIVED = Notice(
    name="refund_arrived",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.PUSH),
    ttl=timedelta(days=3),
)
INVOICE_READY = Notice(
    name="invoice_ready",
    kind=Kind.ORDER,
    category=Category.ORDERS,
    channels=(ChannelName.INAPP, ChannelName.EMAIL),
    ttl=timedelta(days=7),
    by_hand=True,
    asks=("invoice_number",),
    may=("link_url",),
)

OF_ORDERS = (
    ORDER_PLACED,
    PAYMENT_DUE,
    PAYMENT_FAILED,
    PAYMENT_CONFIRMING,
    ORDER_PAID,
    PREORDER_BALANCE_DUE,
    ORDER_SHORT,
    PRICE_PROTECTED,
    ORDER_CANCELLED,
    ADDRESS_CHANGED,
    RETURN_APPROVED,
    RETURN_RECEIVED,
    REFUND_STARTED,
    REFUND_ARRIVED,
    INVOICE_READY,
)
