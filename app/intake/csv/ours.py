"""Our own form of an orders file."""

from collections.abc import Sequence

from app.intake.csv.beside import Beside
from app.intake.csv.columns import OurItem, OurOrder, RowRefused
from app.intake.csv.steps import History
from app.intake.draft import ParcelDraft
from app.people.choices import ChannelName
from app.people.person import (
    PersonError,
    Profile,
    check_email,
    check_locale,
    check_phone,
    check_zone,
)
from orders_core.errors import NotAnAmount, TooManyDecimals
from orders_core.money import Money
from orders_core.orders.mirror import OUR_OWN, RANK
from orders_core.orders.order import Line, OrderStatus


def history(order: OurOrder, items: Beside | None, *, region: str) -> History:
    """Put together what a row and its items say.

    Raises:
        RowRefused: If an amount, an address or a name in them cannot be taken.
    """
    if order.source == OUR_OWN:
        raise RowRefused(f"source: {OUR_OWN!r} is this shop, whose orders are placed here")
    times = {status: getattr(order, f"{status}_at") for status in OrderStatus}
    reached = max((s for s, at in times.items() if at), key=RANK.__getitem__)
    lines = _lines(order, items)
    return History(
        source=order.source,
        reference=order.order,
        status=order.status or reached,
        times=times,
        customer=_profile(order, region=region),
        currency=order.currency,
        total_minor=_total(order, lines),
        lines=lines,
        parcels=_parcels(order),
    )


def _lines(order: OurOrder, items: Beside | None) -> tuple[Line, ...]:
    lines = []
    for item in items.read(OurItem, order.order) if items else ():
        unit = _minor(str(item.unit_price), order.currency)
        lines.append(
            Line(code=item.code, title=item.title, quantity=item.quantity, unit_minor=unit)
        )
    return tuple(lines)


def _total(order: OurOrder, lines: Sequence[Line]) -> int:
    if order.total is None:
        return sum(line.quantity * line.unit_minor for line in lines)
    return _minor(str(order.total), order.currency)


def _minor(amount: str, currency: str) -> int:
    try:
        return Money.parse(amount, currency).amount_minor
    except (NotAnAmount, TooManyDecimals) as fault:
        raise RowRefused(str(fault)) from None


def _profile(order: OurOrder, *, region: str) -> Profile:
    contacts: dict[ChannelName, str | None] = {}
    try:
        if order.email:
            contacts[ChannelName.EMAIL] = check_email(order.email)
        if order.phone:
            contacts[ChannelName.SMS] = check_phone(order.phone, region=region)
        return Profile(
            reference=order.customer,
            name=order.name,
            locale=check_locale(order.locale) if order.locale else None,
            zone=check_zone(order.zone) if order.zone else None,
            contacts=contacts,
        )
    except PersonError as fault:
        raise RowRefused(f"{fault.place}: {fault}") from None


def _parcels(order: OurOrder) -> tuple[ParcelDraft, ...]:
    if not order.carrier or not order.parcel_number:
        return ()
    return (
        ParcelDraft(
            carrier=order.carrier, number=order.parcel_number, promised_at=order.promised_at
        ),
    )
