"""Where the units of an order are, where it goes, and what came back of it: told. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.story.clause import Amount, At, Clause
from app.story.facts import Facts
from app.story.wording import Writer
from app.words import show
from app.words.say import say
from orders_core.ids import ParcelId
from orders_core.orders.address import ShipTo
from orders_core.orders.order import Standing
from orders_core.returns.rma import Return
from orders_core.shortage.choice import Offer
from orders_core.shortage.short import Act, State


@dataclass(frozen=True)
class Content:
    """So many units of some goods."""

    title: str
    quantity: int


@dataclass(frozen=True)
class ToldAddress:
    """An address in lines, and what of it may be seen by whoever proved nothing."""

    lines: Sequence[str]
    hidden: str
    is_station: bool


@dataclass(frozen=True)
class ToldRefund:
    """Money that goes back, or went: what and when, and why."""

    says: str
    why: str
    is_made: bool


@dataclass(frozen=True)
class ToldReturn:
    """A return: its number, what is in it, where it stands and what comes next."""

    ref: str
    contents: Sequence[Content]
    state: str
    next: str


@dataclass(frozen=True)
class ToldShort:
    """Units that are not there: what of, how it stands, and what may be chosen."""

    offer: Offer
    title: str
    says: str

    @property
    def may(self) -> frozenset[Act]:
        """What is still open to choose."""
        return self.offer.may


def in_parcel(facts: Facts, parcel_id: ParcelId, writer: Writer) -> Sequence[Content]:
    """Return what is in a parcel, as far as anybody said."""
    titles = _titles(facts, writer)
    return [
        Content(titles.get(one.code, one.code), one.quantity)
        for one in facts.left
        if one.parcel_id == parcel_id
    ]


def marks(facts: Facts, code: str, writer: Writer) -> Sequence[str]:
    """Say where the units of some goods are, where they are not all in one place."""
    units = facts.units.get(code)
    if units is None or facts.order.standing is Standing.CANCELLED:
        return []
    counted = {"left": units.confirmed, "to_come": units.held, "short": units.short}
    here = {name: n for name, n in counted.items() if n}
    if set(here) <= {"to_come"} or (set(here) == {"left"} and not facts.is_parted):
        return []
    return [say(writer.locale, f"story.item.{name}", n=n) for name, n in here.items()]


def told_address(to: ShipTo | None, locale: str) -> ToldAddress | None:
    """Write an address in lines, the widest last in English and first in Chinese."""
    if to is None:
        return None
    country = show.country(locale, to.country)
    wide = [part for part in (to.postal_code, to.region, to.city) if part]
    place = " ".join(part for part in (to.region, to.city) if part) or country
    if locale == "zh":
        where = [" ".join([country, *wide]), to.street or "", to.station or ""]
    else:
        where = [to.station or "", to.street or "", " ".join(reversed(wide)), country]
    person = " ".join(part for part in (to.name, to.phone) if part)
    return ToldAddress(
        lines=[line for line in (person, *where) if line],
        hidden=say(locale, "story.to.hidden", place=place),
        is_station=to.is_station,
    )


def told_refunds(facts: Facts, writer: Writer) -> Iterator[ToldRefund]:
    """Tell what money is to go back, and what went."""
    for one in facts.refunds:
        at = At(one.made_at or one.asked_at)
        amount = Amount(one.amount_minor, one.currency)
        key = "refund.made" if one.made_at else "refund.asked"
        yield ToldRefund(
            says=writer.clause(Clause(key, {"amount": amount, "at": at})),
            why=say(writer.locale, f"story.refund.{one.cause}"),
            is_made=one.made_at is not None,
        )


def told_return(one: Return, facts: Facts, writer: Writer) -> ToldReturn:
    """Tell a return."""
    titles = _titles(facts, writer)
    amount = show.money(writer.locale, one.amount_minor or 0, one.currency)
    return ToldReturn(
        ref=one.ref,
        contents=[Content(titles.get(line.code, line.code), line.quantity) for line in one.lines],
        state=one.state,
        next=say(writer.locale, f"service.return.next.{_next_of(one)}", amount=amount),
    )


def _next_of(one: Return) -> str:
    """Say which sentence tells what comes next; who pays the way back matters until it came."""
    return f"approved_{one.who_pays}" if one.state == "approved" else str(one.state)


def told_short(one: Offer, writer: Writer) -> ToldShort:
    """Tell of units that are not there."""
    facts: dict[str, object] = {"n": one.units}
    if one.state is State.WAITING and one.wait_until:
        facts["day"] = writer.day(one.wait_until)
    says = say(writer.locale, f"service.short.{one.state}", **facts)
    title = (one.title_zh if writer.locale == "zh" else None) or one.title_en
    return ToldShort(offer=one, title=title, says=says)


def _titles(facts: Facts, writer: Writer) -> Mapping[str, str]:
    return {line.code: line.title_in(writer.locale) for line in facts.order.lines}
