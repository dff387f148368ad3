"""Orders as they may stand, for the desk to answer from."""

from dataclasses import replace
from datetime import timedelta

from app.desk.said import Story
from app.story.acts import Action, Allowed, Offer
from orders_core.ids import OrderId, ParcelId, PersonId, new_id
from orders_core.orders.order import Line, Order, OrderStatus
from orders_core.parcels.parcel import Parcel, ParcelStatus
from tests.shop import MORNING

NOW = MORNING  # 2026-03-02 10:00 in Shanghai
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

ORDER = Order(
    id=OrderId(new_id()),
    number=100001,
    source="shop",
    reference=None,
    mirrored=False,
    person_id=PersonId(new_id()),
    status=OrderStatus.PLACED,
    currency="CNY",
    total_minor=12_800,
    payment_reference=None,
    placed_at=NOW - 5 * DAY,
    paid_at=None,
    shipped_at=None,
    delivered_at=None,
    cancelled_at=None,
    version=1,
    lines=(Line(code="MUG", title="马克杯", quantity=1, unit_minor=12_800),),
)
PAID = replace(
    ORDER, status=OrderStatus.PAID, paid_at=NOW - 5 * DAY + HOUR, payment_reference="pay-1"
)
SHIPPED = replace(PAID, status=OrderStatus.SHIPPED, shipped_at=NOW - 4 * DAY)
DELIVERED = replace(SHIPPED, status=OrderStatus.DELIVERED, delivered_at=NOW - 6 * HOUR)
CANCELLED = replace(ORDER, status=OrderStatus.CANCELLED, cancelled_at=NOW - 3 * DAY)

PARCEL = Parcel(
    id=ParcelId(new_id()),
    carrier="sf",
    number="SF1029384756",
    order_id=ORDER.id,
    status=ParcelStatus.IN_TRANSIT,
    promised_at=NOW + DAY,
    expected_at=NOW + DAY,
    last_scan_at=NOW - 2 * HOUR,
    last_place="上海浦东",
)
SILENT = replace(PARCEL, last_scan_at=NOW - 40 * HOUR)
UNSEEN = replace(
    PARCEL,
    status=ParcelStatus.ANNOUNCED,
    last_scan_at=None,
    last_place=None,
    promised_at=None,
    expected_at=None,
)
AT_STATION = replace(
    PARCEL, status=ParcelStatus.AT_STATION, pickup_code="8-2-6041", last_place="浦东丰巢柜"
)
LATE = replace(PARCEL, expected_at=NOW + 3 * DAY)
OVERDUE = replace(PARCEL, promised_at=NOW - 3 * DAY, expected_at=NOW - 3 * DAY)
ON_THE_VAN = replace(PARCEL, status=ParcelStatus.OUT_FOR_DELIVERY)

YES = {
    action: Offer(action, Allowed.YES, "open")
    for action in (Action.ADDRESS, Action.CANCEL, Action.INVOICE)
}
NOT_YET = YES | {Action.RETURN: Offer(Action.RETURN, Allowed.NO, "not_shipped")}
GONE = {
    Action.ADDRESS: Offer(Action.ADDRESS, Allowed.ASK, "on_its_way"),
    Action.CANCEL: Offer(Action.CANCEL, Allowed.NO, "shipped"),
    Action.INVOICE: Offer(Action.INVOICE, Allowed.YES, "open"),
    Action.RETURN: Offer(Action.RETURN, Allowed.NO, "not_arrived"),
}
THERE = GONE | {
    Action.ADDRESS: Offer(Action.ADDRESS, Allowed.NO, "arrived"),
    Action.RETURN: Offer(Action.RETURN, Allowed.YES, "open"),
}
PACKED = NOT_YET | {
    Action.ADDRESS: Offer(Action.ADDRESS, Allowed.ASK, "packed"),
    Action.CANCEL: Offer(Action.CANCEL, Allowed.ASK, "packed"),
}
LONG_THERE = THERE | {Action.RETURN: Offer(Action.RETURN, Allowed.NO, "too_late")}

STORIES = {
    "placed": Story(ORDER, (), offers=NOT_YET),
    "paid": Story(PAID, (), offers=NOT_YET),
    "shipped": Story(SHIPPED, (PARCEL,), offers=GONE),
    "bare": Story(SHIPPED, ()),
    "silent": Story(SHIPPED, (SILENT,)),
    "unseen": Story(SHIPPED, (UNSEEN,)),
    "station": Story(SHIPPED, (AT_STATION,)),
    "late": Story(SHIPPED, (LATE,)),
    "overdue": Story(SHIPPED, (OVERDUE,)),
    "van": Story(SHIPPED, (ON_THE_VAN,)),
    "ahead": Story(PAID, (PARCEL,)),
    "delivered": Story(DELIVERED, (replace(PARCEL, status=ParcelStatus.DELIVERED),), offers=THERE),
    "cancelled": Story(CANCELLED, ()),
    "jumped": Story(replace(DELIVERED, paid_at=None, shipped_at=None), ()),
}
