"""Tells one order's story from its facts: in one language, on one clock. Pure."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.people.choices import ChannelName
from app.story import mask
from app.story.clause import Clause, Date
from app.story.coming import coming
from app.story.contents import (
    in_parcel,
    marks,
    told_address,
    told_refunds,
    told_return,
    told_short,
)
from app.story.facts import Facts
from app.story.money import paid_clause, payment
from app.story.notices import told_notice
from app.story.steps import steps
from app.story.story import Item, Scan, Story, ToldParcel, Who
from app.story.truth import of_parcel, tone_of, truth
from app.story.wording import Writer
from app.words import show
from orders_core.orders.order import Line, OrderStatus
from orders_core.parcels.parcel import ExpectedSource, Parcel, ParcelStatus

SAYS_WHO = frozenset({ExpectedSource.CARRIER, ExpectedSource.MODEL, ExpectedSource.CLERK})
ENDED = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED})


def tell(facts: Facts, *, now: datetime, locale: str, zone: str) -> Story:
    """Tell an order's story.

    Args:
        zone: Whose clock times are told on: the person's own.
    """
    writer = Writer(locale, zone, now)
    top = truth(facts, now=now, zone=zone)
    return Story(
        order=facts.order,
        zone=zone,
        told_at=now,
        truth=writer.sentence(top.clauses),
        tone=top.tone,
        next=[writer.sentence([clause]) for clause in coming(facts, now=now)],
        steps=steps(facts),
        parcels=[_parcel(one, facts, writer) for one in facts.parcels],
        items=[_item(line, facts, writer) for line in facts.order.lines],
        payment=payment(facts),
        paid=writer.sentence([paid_clause(facts)]),
        address=told_address(facts.address, locale),
        invoice=facts.invoice,
        refunds=list(told_refunds(facts, writer)),
        returns=[told_return(one, facts, writer) for one in facts.returns],
        shorts=[told_short(one, writer) for one in facts.shorts],
        notices=[told_notice(one, writer) for one in facts.decided],
        who=_who(facts),
        gift=facts.gift,
        is_surprise=facts.gift is not None and facts.is_shared,
        tells=not facts.is_shared,
        is_muted=facts.is_muted,
        more_on=facts.more_on,
        can_ring=facts.order.status not in ENDED,
    )


def _parcel(parcel: Parcel, facts: Facts, writer: Writer) -> ToldParcel:
    is_coming = facts.order.status not in ENDED and parcel.status is not ParcelStatus.DELIVERED
    said = sorted(facts.checkpoints.get(parcel.id, ()), key=lambda one: one.at, reverse=True)
    return ToldParcel(
        id=parcel.id,
        carrier=show.carrier(writer.locale, parcel.carrier),
        number=parcel.number,
        status=parcel.status,
        says=writer.sentence(
            of_parcel(replace(parcel, pickup_code=None), now=writer.now, zone=writer.zone)
        ),
        tone=tone_of(parcel, now=writer.now, zone=writer.zone),
        days=_days(parcel, writer) if is_coming else "",
        day=_day(parcel, writer.zone) if is_coming else None,
        pickup_code=parcel.pickup_code,
        contents=in_parcel(facts, parcel.id, writer),
        scans=[Scan(at=one.at, status=one.code, place=one.place, words=one.words) for one in said],
    )


def _days(parcel: Parcel, writer: Writer) -> str:
    """Say what was promised, and what is expected where that is another day."""
    promised, expected = parcel.promised_at, parcel.expected_at
    said = []
    if promised:
        said.append(Clause("days.promised", {"day": Date(promised)}))
    if expected and (promised is None or writer.date(promised) != writer.date(expected)):
        named = f"days.expected_{parcel.expected_source}"
        key = named if parcel.expected_source in SAYS_WHO else "days.expected"
        said.append(Clause(key, {"day": Date(expected)}))
    return writer.sentence(said) if said else ""


def _day(parcel: Parcel, zone: str) -> date | None:
    at = parcel.expected_at or parcel.promised_at
    return at.astimezone(ZoneInfo(zone)).date() if at else None


def _item(line: Line, facts: Facts, writer: Writer) -> Item:
    return Item(
        code=line.code,
        title=line.title_in(writer.locale),
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        line_minor=line.unit_minor * line.quantity,
        has_picture=line.code in facts.pictured,
        marks=marks(facts, line.code, writer),
    )


def _who(facts: Facts) -> Who:
    person = facts.person
    phones = person.addresses.get(ChannelName.SMS, ())
    emails = person.addresses.get(ChannelName.EMAIL, ())
    return Who(
        id=person.person_id,
        name=person.name,
        masked_name=mask.name(person.name),
        phones=[(one, mask.phone(one)) for one in phones],
        emails=[(one, mask.email(one)) for one in emails],
    )
