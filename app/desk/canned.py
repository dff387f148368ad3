"""Canned replies: sentences of ours with the order's own facts in them. Pure.

Each stands in both catalogues as `canned.<name>.title` and `canned.<name>.text`. One that is not
true of the order, or whose facts are not known, is not offered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.late import is_late_now
from app.words import show
from app.words.say import catalogue_of, params_of, say
from orders_core.orders.order import Order, OrderStatus
from orders_core.parcels.parcel import Parcel, ParcelStatus

Parcels = Sequence[Parcel]
When = Callable[[Order | None, Parcels], bool]


def _always(_order: Order | None, _parcels: Parcels) -> bool:
    return True


def _not_shipped(order: Order | None, _parcels: Parcels) -> bool:
    return order is not None and order.status in {OrderStatus.PLACED, OrderStatus.PAID}


def _is_late(_order: Order | None, parcels: Parcels) -> bool:
    return bool(parcels) and is_late_now(parcels[-1])


def _on_the_way(_order: Order | None, parcels: Parcels) -> bool:
    return bool(parcels) and parcels[-1].status is not ParcelStatus.DELIVERED


def _handed_over(_order: Order | None, parcels: Parcels) -> bool:
    return bool(parcels) and parcels[-1].status is ParcelStatus.DELIVERED


#: Each reply, and when what it says is true.
FITS: Mapping[str, When] = {
    "looking": _always,
    "late": _is_late,
    "tracking": _on_the_way,
    "not_shipped": _not_shipped,
    "address": _not_shipped,
    "neighbours": _handed_over,
    "refund": _always,
    "photo": _always,
    "thanks": _always,
}


@dataclass(frozen=True)
class Canned:
    """One reply, filled in: what it is called where the agent reads, what the person will read."""

    name: str
    title: str
    text: str


def facts_of(
    order: Order | None,
    parcels: Parcels,
    *,
    name: str,
    shop: str,
    language: str,
    zone: str,
) -> Mapping[str, str]:
    """Return the facts that sentences may name, as the person's language and clock write them."""

    def day(at: datetime) -> str:
        return show.day(language, at, zone=zone)

    facts = {"shop": shop, "name": name}
    if order is not None:
        facts["number"] = str(order.number)
    if parcels:
        newest = parcels[-1]
        facts |= {"carrier": show.carrier(language, newest.carrier), "parcel": newest.number}
        if newest.expected_at:
            facts["expected"] = day(newest.expected_at)
        if newest.promised_at:
            facts["promised"] = day(newest.promised_at)
    return {key: value for key, value in facts.items() if value}


def canned(
    order: Order | None,
    parcels: Parcels,
    facts: Mapping[str, str],
    *,
    language: str,
    locale: str,
) -> Sequence[Canned]:
    """Return the replies that are true of an order, as far as all of their facts are known.

    Args:
        language: What the person reads.
        locale: What the agent reads.
    """
    return [
        Canned(
            name,
            say(locale, f"canned.{name}.title"),
            say(language, f"canned.{name}.text", **facts),
        )
        for name, fits in FITS.items()
        if fits(order, parcels) and _wanted(language, name) <= facts.keys()
    ]


def _wanted(language: str, name: str) -> frozenset[str]:
    return params_of(catalogue_of(language).forms[f"canned.{name}.text"][0])
