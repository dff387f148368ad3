"""The Olist public data set: orders, and what lies beside them, as its files are.

What it does not have is invented and said so: each customer gets an e-mail address of a reserved
domain that no mail server has, the language English, and the zone of their state where it is known,
else São Paulo's. `order_estimated_delivery_date` is read and not used: the data names no parcel to
promise it of.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.intake.csv.beside import Beside
from app.intake.csv.columns import (
    OlistCustomer,
    OlistItem,
    OlistOrder,
    OlistPayment,
    RowRefused,
)
from app.intake.csv.steps import History
from app.people.choices import ChannelName
from app.people.person import Profile
from orders_core.errors import TooManyDecimals
from orders_core.money import Money
from orders_core.orders.order import Line, OrderStatus

SOURCE, CURRENCY = "olist", "BRL"
MAIL_DOMAIN = "olist.example"  # reserved by RFC 2606: nobody can own it
INVENTED = (
    "Olist has no contacts and hardly any places: e-mail addresses at "
    f"{MAIL_DOMAIN} and the language English are invented, "
    "zones follow the customer's state where it is known, else America/Sao_Paulo"
)
STATUSES: Mapping[str, OrderStatus] = {
    "created": OrderStatus.PLACED,
    "approved": OrderStatus.PAID,
    "invoiced": OrderStatus.PAID,
    "processing": OrderStatus.PAID,
    "unavailable": OrderStatus.PLACED,
    "shipped": OrderStatus.SHIPPED,
    "delivered": OrderStatus.DELIVERED,
    "canceled": OrderStatus.CANCELLED,
}
ELSEWHERE = "America/Sao_Paulo"
ZONES = {
    "AC": "America/Rio_Branco",
    "AL": "America/Maceio",
    "AM": "America/Manaus",
    "AP": "America/Belem",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "MA": "America/Fortaleza",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "PA": "America/Belem",
    "PB": "America/Fortaleza",
    "PE": "America/Recife",
    "PI": "America/Fortaleza",
    "RN": "America/Fortaleza",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "SE": "America/Maceio",
    "TO": "America/Araguaina",
}


@dataclass(frozen=True, kw_only=True)
class Around:
    """The files beside the orders, as far as they are there."""

    items: Beside | None = None
    payments: Beside | None = None
    customers: Beside | None = None


def history(order: OlistOrder, around: Around) -> History:
    """Put together what a row and the files beside it say.

    Raises:
        RowRefused: If the status is none of Olist's, or an amount cannot be taken.
    """
    if order.order_status not in STATUSES:
        raise RowRefused(f"order_status must be one of: {', '.join(STATUSES)}")
    lines, total = _goods(order, around)
    return History(
        source=SOURCE,
        reference=order.order_id,
        status=STATUSES[order.order_status],
        times={
            OrderStatus.PLACED: order.order_purchase_timestamp,
            OrderStatus.PAID: order.order_approved_at,
            OrderStatus.SHIPPED: order.order_delivered_carrier_date,
            OrderStatus.DELIVERED: order.order_delivered_customer_date,
        },
        customer=_invented(order, around.customers),
        currency=CURRENCY,
        total_minor=total,
        lines=lines,
    )


def _goods(order: OlistOrder, around: Around) -> tuple[tuple[Line, ...], int]:
    """Return the lines, and the total: goods and freight, else what was paid, else nothing."""
    items = around.items.read(OlistItem, order.order_id) if around.items else []
    units = Counter((item.product_id, _minor(item.price)) for item in items)
    lines = tuple(
        Line(code=product, title=f"Product {product[:8]}", quantity=count, unit_minor=unit)
        for (product, unit), count in units.items()
    )
    if items:
        return lines, sum(_minor(item.price) + _minor(item.freight_value) for item in items)
    payments = around.payments.read(OlistPayment, order.order_id) if around.payments else []
    return (), sum(_minor(payment.payment_value) for payment in payments)


def _minor(amount: Decimal) -> int:
    try:
        return Money.parse(str(amount), CURRENCY).amount_minor
    except TooManyDecimals as fault:
        raise RowRefused(str(fault)) from None


def _invented(order: OlistOrder, customers: Beside | None) -> Profile:
    rows = customers.read(OlistCustomer, order.customer_id) if customers else []
    known = rows[0] if rows else None
    name = known.customer_unique_id if known else order.customer_id
    return Profile(
        reference=f"{SOURCE}:{name}",
        locale="en",
        zone=ZONES.get(known.customer_state, ELSEWHERE) if known else ELSEWHERE,
        contacts={ChannelName.EMAIL: f"{name}@{MAIL_DOMAIN}"},
    )
