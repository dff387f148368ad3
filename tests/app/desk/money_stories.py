"""Orders with money and goods going back and forth, for the desk to answer from."""

from dataclasses import replace

from app.desk.said import Story
from orders_core.ids import new_id
from orders_core.orders.order import Cause, Fulfilment, Order, Payment, Refund
from orders_core.parcels.parcel import ParcelStatus
from orders_core.returns.rma import Payer, Reason, Return, State
from tests.app.desk.stories import (
    CANCELLED,
    DAY,
    DELIVERED,
    HOUR,
    LONG_THERE,
    NOT_YET,
    NOW,
    ORDER,
    PACKED,
    PAID,
    PARCEL,
    SHIPPED,
    STORIES,
    THERE,
)

PREORDER = replace(ORDER, deposit_minor=2_000, pay_until=NOW + HOUR)
DEPOSIT_PAID = replace(
    PREORDER, payment=Payment.DEPOSIT_PAID, paid_minor=2_000, balance_from=NOW + DAY
)
SECOND = replace(PARCEL, number="SF1029384757", status=ParcelStatus.PICKED_UP)


def refund(*, is_made: bool) -> Refund:
    """Return a refund of all that was paid, asked for two days ago."""
    return Refund(
        id=new_id(),
        order_id=ORDER.id,
        amount_minor=12_800,
        currency="CNY",
        cause=Cause.CANCELLED,
        cause_id=new_id(),
        asked_at=NOW - 2 * DAY,
        reference="RF-20260301-7" if is_made else None,
        made_at=NOW - DAY if is_made else None,
    )


def returned(state: State) -> Return:
    """Return a return that stands in a state."""
    return Return(
        id=new_id(),
        order_id=ORDER.id,
        state=state,
        reason=Reason.CHANGED_MIND,
        who_pays=Payer.SHOPPER,
        refund_percent=100,
        amount_minor=None,
        currency="CNY",
        carrier=None,
        parcel_number=None,
        requested_at=NOW - 5 * HOUR,
        decided_at=NOW - 4 * HOUR,
        received_at=NOW - 3 * HOUR,
        closed_at=NOW - 2 * HOUR,
    )


def back(state: State) -> Story:
    """Return a delivered order whose goods are on their way back."""
    return Story(DELIVERED, STORIES["delivered"].parcels, returns=(returned(state),))


def waiting(order: Order) -> Story:
    """Return an order nothing of which has left."""
    return Story(order, (), offers=NOT_YET)


MONEY_STORIES = (
    STORIES
    | {
        "unpaid": waiting(replace(ORDER, pay_until=NOW + HOUR)),
        "unpaid_over": waiting(replace(ORDER, pay_until=NOW - HOUR)),
        "deposit_due": waiting(PREORDER),
        "balance_later": waiting(DEPOSIT_PAID),
        "balance_open": waiting(
            replace(DEPOSIT_PAID, balance_from=NOW - HOUR, pay_until=NOW + DAY)
        ),
        "balance_paid": waiting(replace(PAID, deposit_minor=2_000, paid_minor=12_800)),
        "balance_lost": Story(replace(CANCELLED, deposit_minor=2_000), ()),
        "refund_asked": Story(CANCELLED, (), refunds=(refund(is_made=False),)),
        "refund_made": Story(CANCELLED, (), refunds=(refund(is_made=True),)),
        "refunded_twice": Story(
            DELIVERED, (), refunds=(refund(is_made=True), refund(is_made=False)), offers=THERE
        ),
        "packed": Story(PAID, (), offers=PACKED),
        "invoiced": Story(replace(PAID, invoice=new_id()), (), offers=NOT_YET),
        "long_there": Story(DELIVERED, (), offers=LONG_THERE),
        "parted": Story(
            replace(PAID, fulfilment=Fulfilment.PARTLY_SHIPPED), (PARCEL,), offers=NOT_YET
        ),
        "two_parcels": Story(SHIPPED, (PARCEL, SECOND)),
    }
    | {f"return_{state}": back(state) for state in State}
)
