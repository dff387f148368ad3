"""What happens next and by when; where nothing is fixed, that is said. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from app.story.clause import Amount, At, By, Carrier, Clause, Date
from app.story.facts import NOT_SHIPPED, Facts
from app.story.money import Payment, back, balance_minor, payment
from orders_core.orders.order import Fulfilment, OrderStatus
from orders_core.parcels.parcel import Parcel, ParcelStatus, is_likely
from orders_core.shortage.short import State

# The one sentence for each place a parcel can be at, beside its day.
PARCEL: Mapping[ParcelStatus, str] = {
    ParcelStatus.ANNOUNCED: "next.announced",
    ParcelStatus.PICKED_UP: "next.in_transit",
    ParcelStatus.IN_TRANSIT: "next.in_transit",
    ParcelStatus.OUT_FOR_DELIVERY: "next.out",
    ParcelStatus.ATTEMPT_FAILED: "next.attempt",
    ParcelStatus.EXCEPTION: "next.exception",
    ParcelStatus.RETURNING: "next.returning",
    ParcelStatus.RETURNED: "next.came_back",
}


COMING_BACK = frozenset({ParcelStatus.RETURNING, ParcelStatus.RETURNED})

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
        "next.returning",
        "next.came_back",
        "next.delivered",
        "next.refund",
        "next.refunded",
        "next.refund_elsewhere",
        "next.balance_from",
        "next.balance",
        "next.short",
        "next.short_waiting",
        "next.rest",
    }
)


# These promise to tell.
RINGS = frozenset({"next.unpaid", "next.paid", "next.in_transit", "next.rest"})


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
    if order.status is OrderStatus.CANCELLED or order.fulfilment is Fulfilment.RETURNED:
        return (_at_the_end(facts),)
    return (*_short(facts), *_in_time(facts, now))


def _short(facts: Facts) -> Iterator[Clause]:
    """Say what becomes of the units that are not there."""
    if any(one.may and one.state is State.OPEN for one in facts.shorts):
        yield Clause("next.short")
    for one in facts.shorts:
        if one.state is State.WAITING and one.wait_until:
            yield Clause("next.short_waiting", {"day": Date(one.wait_until)})


def _in_time(facts: Facts, now: datetime) -> tuple[Clause, ...]:
    order = facts.order
    if order.status is OrderStatus.DELIVERED or facts.has_arrived:
        return (Clause("next.delivered"),)
    if facts.is_parted:
        return (*_of_parcels(facts, now), Clause("next.rest"))
    if facts.has_moved and facts.parcels:
        return tuple(_of_parcels(facts, now))
    if order.status in NOT_SHIPPED and not facts.is_paid:
        return (_payment(facts, now),)
    if facts.parcels:
        return tuple(_of_parcels(facts, now))
    return (Clause("next.shipped" if order.status is OrderStatus.SHIPPED else "next.paid"),)


def _at_the_end(facts: Facts) -> Clause:
    stands, sums, currency = payment(facts), back(facts), facts.order.currency
    if stands is Payment.REFUND_ELSEWHERE:
        return Clause("next.refund_elsewhere")
    if sums.due_minor:
        return Clause("next.refund", {"amount": Amount(sums.due_minor, currency)})
    if sums.made_minor:
        return Clause("next.refunded", {"amount": Amount(sums.made_minor, currency)})
    return Clause("next.cancelled")


def _payment(facts: Facts, now: datetime) -> Clause:
    opens = facts.order.balance_from
    balance = Amount(balance_minor(facts), facts.order.currency)
    if facts.order.paid_minor and opens and now < opens:
        return Clause("next.balance_from", {"amount": balance, "by": By(opens)})
    if facts.order.paid_minor and facts.pay_by is None:
        return Clause("next.balance", {"amount": balance})
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
        if status in COMING_BACK:
            continue
        yield from _by(those, now)


def _by(parcels: list[Parcel], now: datetime) -> Iterator[Clause]:
    """Say the last day anybody named for these parcels, if it is still to come."""
    days = [day for one in parcels if (day := one.expected_at or one.promised_at)]
    if days and max(days) >= now:
        likely = "_likely" if any(is_likely(one) for one in parcels) else ""
        yield Clause(f"next.by{likely}", {"day": Date(max(days))})
    elif not days:
        yield Clause("next.no_day")
    else:
        yield Clause("next.overdue")
