"""What the doors of an order's moves read, and how an order is shown."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.http.body import Body, Instant, Line, Minor, OneOf, Whole
from app.orders.bodies import Code, Quantity, instant, money, parcel_body
from orders_core.ids import OrderId, show
from orders_core.orders.as_of import Past
from orders_core.orders.choose import LARGEST_QUANTITY, MOST_LINES
from orders_core.orders.line import LineUnits
from orders_core.orders.moves import CALLED_OFF, Reason
from orders_core.orders.order import Line as OrderLine
from orders_core.orders.order import Order, Refund
from orders_core.orders.ship import Shipment
from orders_core.parcels.attach import Consignment
from orders_core.parcels.parcel import Parcel

NOTHING = LineUnits()


class UnitsBody(Body):
    """Units of one line, by its position on the order."""

    position: Annotated[int, Whole(1, 10_000)]
    quantity: Quantity


LinesBody = Annotated[
    tuple[UnitsBody, ...], Field(min_length=1, max_length=MOST_LINES, strict=False)
]


def units_of(lines: Sequence[UnitsBody] | None) -> Mapping[int, int] | None:
    """Return units by position; a line named twice counts together."""
    if lines is None:
        return None
    units: dict[int, int] = {}
    for line in lines:
        units[line.position] = units.get(line.position, 0) + line.quantity
    return units


class PaymentBody(Body):
    """The gateway's own reference of the payment, and how much came in where it says so."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reference": "pi_3PmX", "amount_minor": 12_800}]}
    )

    reference: Annotated[str, Line(128)]
    amount_minor: Minor | None = None


class ParcelBody(Body):
    """A parcel that the order, or some units of some of its lines, leaves in."""

    carrier: Annotated[str, Line(40)]
    number: Annotated[str, Line(64)]
    promised_at: Instant | None = None
    lines: LinesBody | None = None
    warehouse: Annotated[str, Line(40)] | None = None

    def shipment(self, order_id: OrderId) -> Shipment:
        """Return the core's form of it."""
        consignment = Consignment(
            order_id=order_id,
            carrier=self.carrier,
            number=self.number,
            promised_at=self.promised_at,
        )
        units = units_of(self.lines)
        return Shipment(consignment=consignment, units=units, warehouse=self.warehouse)


class ShipBody(Body):
    """What leaves: all that is left, or `lines` of it, or in each parcel the lines it names.

    Without parcels the goods are handed over.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "parcels": [
                        {
                            "carrier": "shunfeng",
                            "number": "SF1390001",
                            "lines": [{"position": 1, "quantity": 1}],
                        }
                    ]
                }
            ]
        }
    )

    parcels: Annotated[tuple[ParcelBody, ...], Field(max_length=50, strict=False)] = ()
    lines: LinesBody | None = None

    def shipments(self, order_id: OrderId) -> Sequence[Shipment]:
        """Return the core's form of it."""
        named = [parcel.shipment(order_id) for parcel in self.parcels]
        if self.lines is not None:
            named.append(Shipment(units=units_of(self.lines)))
        return named


class CancelBody(Body):
    """Why the order is called off, or so many units of some of its lines."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason": "changed_mind",
                    "note": "one is enough",
                    "lines": [{"position": 1, "quantity": 1}],
                }
            ]
        }
    )

    reason: Annotated[Reason, OneOf(sorted(CALLED_OFF))] = Reason.ASKED_BY_SHOPPER
    note: Annotated[str, Line(200)] | None = None
    lines: LinesBody | None = None

    @property
    def units(self) -> Mapping[int, int] | None:
        """The units by position; none: the whole order."""
        return units_of(self.lines)


class EditLine(Body):
    """So many units of a SKU that the order is to have; 0 takes it off the order."""

    sku: Code
    quantity: Annotated[int, Whole(0, LARGEST_QUANTITY, "quantity_out_of_range")]


class EditBody(Body):
    """What the order is to have of some SKUs; what is not named stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lines": [
                        {"sku": "UMBRELLA-RED", "quantity": 2},
                        {"sku": "MUG", "quantity": 0},
                    ]
                }
            ]
        }
    )

    lines: Annotated[tuple[EditLine, ...], Field(min_length=1, max_length=MOST_LINES, strict=False)]
    note: Annotated[str, Line(200)] | None = None

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len(self.quantities) < len(self.lines):
            raise PydanticCustomError("named_twice", "names a SKU twice")
        return self

    @property
    def quantities(self) -> Mapping[str, int]:
        """The quantities by SKU code."""
        return {line.sku: line.quantity for line in self.lines}


class RefundMadeBody(Body):
    """The gateway's own reference of the money that went back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reference": "re_1PmX"}]})

    reference: Annotated[str, Line(128)]


def order_body(
    order: Order, parcels: Sequence[Parcel] = (), units: Mapping[str, LineUnits] | None = None
) -> dict[str, Any]:
    """Show an order with its lines and parcels; `units` says by SKU what became of its own."""
    times = {
        f"{name}_at": instant(getattr(order, f"{name}_at"))
        for name in ("placed", "paid", "shipped", "delivered", "cancelled")
    }
    spans = {
        name: instant(getattr(order, name))
        for name in ("pay_until", "balance_from", "balance_until")
    }
    return {
        "id": show("ord", order.id),
        "number": str(order.number),
        "source": order.source,
        "reference": order.reference,
        "mirrored": order.mirrored,
        "person": show("per", order.person_id),
        "status": order.status,
        "standing": order.standing,
        "payment": order.payment,
        "fulfilment": order.fulfilment,
        **_sums(order),
        "short_units": order.short_units,
        "lines": [_line(line, order.currency, units) for line in order.lines],
        **times,
        **spans,
        "parcels": [parcel_body(parcel) for parcel in parcels],
        "version": order.version,
    }


def _sums(order: Order) -> dict[str, Any]:
    deposit = order.deposit_minor
    return {
        "total": money(order.total_minor, order.currency),
        "paid": money(order.paid_minor, order.currency),
        "refund": money(order.refund_minor, order.currency),
        "deposit": None if deposit is None else money(deposit, order.currency),
    }


def _line(line: OrderLine, currency: str, units: Mapping[str, LineUnits] | None) -> dict[str, Any]:
    shown = {
        "position": line.position,
        "sku": line.code,
        "title": line.title,
        "quantity": line.quantity,
        "unit": money(line.unit_minor, currency),
    }
    if units is None:
        return shown
    known = units.get(line.code, NOTHING)
    return {**shown, "shipped": known.confirmed, "short": known.short}


def past_body(past: Past) -> dict[str, Any]:
    """Show an order as it stood, and the change that had made it so."""
    shown = order_body(past.order)
    del shown["parcels"]  # these are of today
    return {
        **shown,
        "since": instant(past.since),
        "by": past.by,
        "why": past.why,
        "recorded_at": instant(past.recorded_at),
    }


def refund_body(refund: Refund) -> dict[str, Any]:
    """Show money that goes back."""
    return {
        "id": show("ref", refund.id),
        "order": show("ord", refund.order_id),
        "amount": money(refund.amount_minor, refund.currency),
        "cause": refund.cause,
        "status": refund.status,
        "reference": refund.reference,
        "asked_at": instant(refund.asked_at),
        "made_at": instant(refund.made_at),
    }
