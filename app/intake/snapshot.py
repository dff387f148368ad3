"""`order.snapshot`: the one body in which a foreign shop tells us of an order.

A snapshot is whole: the order as it stood at one time, with all its lines. Send one whenever
anything about the order changes; order and doubles do not matter.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.http.body import Body, Instant, OneOf, Prose, Quantity, Whole
from app.http.body import Line as OneLine
from app.intake.draft import Draft, GiftDraft, ParcelDraft
from app.orders.bodies import MoneyBody
from app.people.choices import ChannelName
from app.people.person import (
    OUR_PREFIX,
    PersonError,
    Profile,
    check_email,
    check_locale,
    check_phone,
    check_zone,
)
from orders_core.orders.mirror import RANK
from orders_core.orders.order import Line, OrderStatus

MOST_LINES = 500
MOST_PARCELS = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def of_this_age(at: datetime) -> datetime:
    """Refuse a time that no order of this shop can have."""
    if FIRST <= at < LAST:
        return at
    raise PydanticCustomError("implausible_time", "must lie between 2000 and 2100")


Time = Annotated[Instant, AfterValidator(of_this_age)]


def _not_ours(reference: str) -> str:
    if reference.startswith(OUR_PREFIX):
        raise PydanticCustomError("bad_reference", "must not begin as our own ids of people do")
    return reference


PersonReference = Annotated[str, OneLine(64), AfterValidator(_not_ours)]

EXAMPLE: dict[str, Any] = {
    "reference": "T-20261122-0117",
    "version": 2,
    "status": "paid",
    "occurred_at": "2026-11-22T09:30:00+08:00",
    "placed_at": "2026-11-22T09:28:11+08:00",
    "paid_at": "2026-11-22T09:30:00+08:00",
    "customer": {
        "reference": "c-8841",
        "name": "林小雨",
        "email": "xiaoyu@shopper.example",
        "phone": "+8613800138000",
        "locale": "zh",
        "zone": "Asia/Shanghai",
    },
    "total": {"amount_minor": 12800, "currency": "CNY"},
    "lines": [
        {
            "code": "UMBRELLA-RED",
            "title": "红色长柄伞",
            "quantity": 1,
            "unit": {"amount_minor": 12800, "currency": "CNY"},
        }
    ],
    "parcels": [
        {"carrier": "sf", "number": "SF1029384756", "promised_at": "2026-11-25T18:00:00+08:00"}
    ],
    "gift": {
        "person": {"reference": "c-9002", "name": "林外婆", "phone": "+8613900139000"},
        "giver": "小雨",
        "words": "下雨天也要记得出门走走。",
    },
}


class CustomerBody(Body):
    """Who ordered; `reference` is the shop's own id of the person. What is left out stays."""

    reference: PersonReference
    name: Annotated[str, OneLine(100)] | None = None
    email: Annotated[str, OneLine(320)] | None = None
    phone: Annotated[str, OneLine(40)] | None = None
    locale: Annotated[str, OneLine(35)] | None = None
    zone: Annotated[str, OneLine(64)] | None = None

    def checked(self, *, region: str) -> tuple[Profile, list[PersonError]]:
        """Return what can be used of what was said, and why the rest cannot.

        A number that gets no SMS must not cost the shop its order. `region` is assumed of numbers
        without a country.
        """
        checks: dict[str, tuple[str | None, Callable[[str], str]]] = {
            "locale": (self.locale, check_locale),
            "zone": (self.zone, check_zone),
            ChannelName.EMAIL: (self.email, check_email),
            ChannelName.SMS: (self.phone, partial(check_phone, region=region)),
        }
        good: dict[str, str] = {}
        faults: list[PersonError] = []
        for name, (said, check) in checks.items():
            try:
                good |= {name: check(said)} if said else {}
            except PersonError as fault:
                faults.append(fault)
        profile = Profile(
            reference=self.reference,
            name=self.name,
            locale=good.pop("locale", None),
            zone=good.pop("zone", None),
            contacts={ChannelName(channel): address for channel, address in good.items()},
        )
        return profile, faults


class SnapshotLine(Body):
    """One kind of goods, with the price of one unit."""

    code: Annotated[str, OneLine(64)]
    title: Annotated[str, OneLine(300)]
    quantity: Quantity
    unit: MoneyBody


class SnapshotParcel(Body):
    """A parcel the order ships in; the carrier's own news comes through the checkpoints."""

    carrier: Annotated[str, OneLine(40)]
    number: Annotated[str, OneLine(64)]
    promised_at: Time | None = None


class SnapshotGift(Body):
    """An order that is given away: to whom, from whom, and with which words.

    `person` is somebody of the shop's own, as `customer` is; left out, nobody we know. They hear of
    it when it is at their door and not before, and never what it cost.
    """

    person: CustomerBody | None = None
    giver: Annotated[str, OneLine(60)] | None = None
    words: Annotated[str, Prose(500)] | None = None

    def draft(self, receiver: Profile | None) -> GiftDraft:
        """Return the gift as intake takes it, with what can be used of what is said of `person`."""
        return GiftDraft(receiver=receiver, giver=self.giver, words=self.words)


class SnapshotBody(Body):
    """An order as its shop sees it.

    `version` grows with every change; left out, the time takes its place, so a shop gives it always
    or never. `occurred_at` may be left out where the envelope has a `time`.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    reference: Annotated[str, OneLine(64)]
    version: Annotated[int, Whole(1, 2**62)] | None = None
    status: Annotated[OrderStatus, OneOf(OrderStatus)]
    occurred_at: Time | None = None
    customer: CustomerBody
    total: MoneyBody
    lines: Annotated[tuple[SnapshotLine, ...], Field(max_length=MOST_LINES, strict=False)]
    parcels: Annotated[
        tuple[SnapshotParcel, ...], Field(max_length=MOST_PARCELS, strict=False)
    ] = ()
    gift: SnapshotGift | None = None
    placed_at: Time | None = None
    paid_at: Time | None = None
    shipped_at: Time | None = None
    delivered_at: Time | None = None
    cancelled_at: Time | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> "SnapshotBody":
        for reached in self.moments:
            if RANK[reached] > RANK[self.status]:
                facts = {"status": self.status.value, "later": reached.value}
                raise PydanticCustomError(
                    "status_contradicts_times", "is {status} and has a time for {later}", facts
                )
        if any(line.unit.currency != self.total.currency for line in self.lines):
            raise PydanticCustomError("mixed_currencies", "an order has one currency")
        receiver = self.gift.person if self.gift else None
        if receiver is not None and receiver.reference == self.customer.reference:
            raise PydanticCustomError(
                "gift_to_oneself", "gift: must go to somebody else than who buys it"
            )
        return self

    @property
    def moments(self) -> dict[OrderStatus, datetime]:
        """The times the shop gives, by state."""
        given = {status: getattr(self, f"{status}_at") for status in OrderStatus}
        return {status: at for status, at in given.items() if at}

    def draft(
        self,
        *,
        source: str,
        occurred_at: datetime,
        customer: Profile,
        receiver: Profile | None = None,
    ) -> Draft:
        """Return the snapshot as intake takes it, with what can be used of what it says of people.

        `receiver` is whoever it is given to, where the snapshot names somebody.
        """
        return Draft(
            source=source,
            reference=self.reference,
            source_version=self.version or _microseconds(occurred_at),
            occurred_at=occurred_at,
            status=self.status,
            moments=self.moments,
            customer=customer,
            currency=self.total.currency,
            total_minor=self.total.amount_minor,
            lines=tuple(
                Line(
                    code=line.code,
                    title=line.title,
                    quantity=line.quantity,
                    unit_minor=line.unit.amount_minor,
                )
                for line in self.lines
            ),
            parcels=tuple(
                ParcelDraft(
                    carrier=parcel.carrier, number=parcel.number, promised_at=parcel.promised_at
                )
                for parcel in self.parcels
            ),
            gift=self.gift.draft(receiver) if self.gift else None,
        )


def _microseconds(at: datetime) -> int:
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
