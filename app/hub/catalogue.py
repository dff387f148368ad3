"""Every notice the shop can send, by name.

The kind fixes the lane and what a person may refuse; nothing else in the product chooses them.
"""

from collections.abc import Mapping

from app.hub.catalogue_orders import (
    ADDRESS_CHANGED,
    INVOICE_READY,
    OF_ORDERS,
    ORDER_CANCELLED,
    ORDER_PAID,
    ORDER_PLACED,
    ORDER_SHORT,
    PAYMENT_CONFIRMING,
    PAYMENT_DUE,
    PAYMENT_FAILED,
    PREORDER_BALANCE_DUE,
    PRICE_PROTECTED,
    REFUND_ARRIVED,
    REFUND_STARTED,
    RETURN_APPROVED,
    RETURN_RECEIVED,
)
from app.hub.catalogue_others import (
    ANNOUNCEMENT,
    BACK_IN_STOCK,
    CART_LEFT,
    CASE_ANSWERED,
    CASE_RECEIVED,
    COUPON_EXPIRING,
    CSAT,
    DIGEST,
    OF_OTHERS,
    POINTS_EARNED,
    POINTS_EXPIRING,
    PRICE_DROP,
    REVIEW_INVITE,
    SECURITY_CODE,
)
from app.hub.catalogue_parcels import (
    ATTEMPT_FAILED,
    CUSTOMS_HOLD,
    OF_PARCELS,
    ORDER_DELAYED,
    ORDER_DELIVERED,
    ORDER_SHIPPED,
    OUT_FOR_DELIVERY,
    PACKED,
    PARTLY_SHIPPED,
    PICKUP_READY,
)
from app.hub.notice import LANES, Collapse, Kind, Notice
from orders_core.errors import CoreError
from orders_core.orders.order import OrderStatus

__all__ = [
    "ADDRESS_CHANGED",
    "ANNOUNCEMENT",
    "ATTEMPT_FAILED",
    "BACK_IN_STOCK",
    "CART_LEFT",
    "CASE_ANSWERED",
    "CASE_RECEIVED",
    "COUPON_EXPIRING",
    "CSAT",
    "CUSTOMS_HOLD",
    "DIGEST",
    "INVOICE_READY",
    "LANES",
    "NOTICES",
    "ORDER_CANCELLED",
    "ORDER_DELAYED",
    "ORDER_DELIVERED",
    "ORDER_PAID",
    "ORDER_PLACED",
    "ORDER_SHIPPED",
    "ORDER_SHORT",
    "OUT_FOR_DELIVERY",
    "PACKED",
    "PARTLY_SHIPPED",
    "PAYMENT_CONFIRMING",
    "PAYMENT_DUE",
    "PAYMENT_FAILED",
    "PICKUP_READY",
    "POINTS_EARNED",
    "POINTS_EXPIRING",
    "PREORDER_BALANCE_DUE",
    "PRICE_DROP",
    "PRICE_PROTECTED",
    "REFUND_ARRIVED",
    "REFUND_STARTED",
    "RETURN_APPROVED",
    "RETURN_RECEIVED",
    "REVIEW_INVITE",
    "SECURITY_CODE",
    "TOLD_BY_STATUS",
    "Collapse",
    "Kind",
    "Notice",
    "UnknownNotice",
    "find",
]


class UnknownNotice(CoreError):
    """No notice of this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no notice {name[:60]!r}; known: {', '.join(sorted(NOTICES))}")


NOTICES: Mapping[str, Notice] = {
    notice.name: notice for notice in (*OF_ORDERS, *OF_PARCELS, *OF_OTHERS)
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
