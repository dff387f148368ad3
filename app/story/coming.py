"""What happens next and by when; where nothing is fixed, that is said. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from app.story.clause import Amount, At, By, Carrier, Clause, Date
from app.story.facts import NOT_SHIPPED, Facts
from app.story.money import Payment, payment
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import Parcel, ParcelStatus

# The one sentence for each place a parcel can be at, beside its day.
PARCEL: Mapping[ParcelStatus, str] = {
    ParcelStatus.ANNOUNCED: "next.announced",
    ParcelStatus.PICKED_UP: "next.in_transit",
    ParcelStatus.IN_TRANSIT: "next.in_transit",
    ParcelStatus.OUT_FOR_DELIVERY: "next.out",
    ParcelStatus.ATTEMPT_FAILED: "next.attempt",
    ParcelStatus.EXCEPTION: "next.exception",
}


# What is said to the shopper alone: it names what they can do, or what they will hear.
TO_THE_SHOPPER = frozenset(
    {
        "next.unpaid",
        "next.paid",
        "next.pay_by",
        "next.pay_over",
        "next.shipped",
        "next.in_transit",
        "next.code",
        "next.station",
        "next.exception",
        "next.delivered",
        "next.refund",
        "next.refund_elsewhere",
    }
)


RINGS = frozenset({"next.unpaid", "next.paid", "next.in_transit"})  # these promise to tell


def coming(facts: Facts, *, now: datetime) -> tuple[Clause, ...]:
    """Say what happens next with an order, and by when as far as anybody said."""
    said = _coming(facts, now)
    if facts.is_shared:
        return tuple(clause for clause in said if clause.key not in TO_THE_SHOPPER)
    return tuple(_quiet(clause) for clause in said) if facts.is_muted else said


def _quiet(clause: Clause) -> Clause:
    """Promise no bell about an order whose person wants none."""
    return replace(clause, key=f"{clause.key}_muted") if clause.key in RINGS else clause


def _coming(facts: Facts, now: datetime) -> tuple[Clause, ...]:
    order = facts.order
    if order.status is OrderStatus.CANCELLED:
        return (_after_cancelling(facts),)
    if order.status is OrderStatus.DELIVERED or facts.has_arrived:
        return (Clause("next.delivered"),)
    if facts.has_moved and facts.parcels:
        return tuple(_of_parcels(facts, now))
    if order.status in NOT_SHIPPED and not facts.is_paid:
        return (_payment(facts, now),)
    if facts.parcels:
        return tuple(_of_parcels(facts, now))
    return (Clause("next.shipped" if order.status is OrderStatus.SHIPPED else "next.paid"),)


def _after_cancelling(facts: Facts) -> Clause:
    if payment(facts) is Payment.REFUND_DUE:
        amount = Amount(facts.order.total_minor, facts.order.currency)
        return Clause("next.refund", {"amount": amount})
    if payment(facts) is Payment.REFUND_ELSEWHERE:
        return Clause("next.refund_elsewhere")
    return Clause("next.cancelled")


def _payment(facts: Facts, now: datetime) -> Clause:
    if facts.pay_by is None:
        return Clause("next.unpaid")
    if now < facts.pay_by:
        return Clause("next.pay_by", {"by": By(facts.pay_by)})
    return Clause("next.pay_over", {"at": At(facts.pay_by)})


def _of_parcels(facts: Facts, now: datetime) -> Iterator[Clause]:
    for status in ParcelStatus:
        those = [one for one in facts.under_way if one.status is status]
        if not those:
            continue
        if status is ParcelStatus.AT_STATION:
            yield Clause("next.code" if any(one.pickup_code for one in those) else "next.station")
            continue
        yield Clause(PARCEL[status], {"carrier": Carrier(those[0].carrier)})
        yield from _by(those, now)


def _by(parcels: list[Parcel], now: datetime) -> Iterator[Clause]:
    """Say the last day anybody named for these parcels, if it is still to come."""
    days = [day for one in parcels if (day := one.expected_at or one.promised_at)]
    if days and max(days) >= now:
        yield Clause("next.by", {"day": Date(max(days))})
    elif not days:
        yield Clause("next.no_day")
    else:
        yield Clause("next.overdue")
