"""What the stock doors read and show."""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.http.body import Body, Line, OneOf, PublicId, Whole
from app.orders.bodies import MOST_BACKORDERED, Code, Quantity, Units, instant
from orders_core.ids import show
from orders_core.locks.lease import Lease
from orders_core.stock import counting_store, transfer_store
from orders_core.stock.as_of import PastLevel
from orders_core.stock.booking import Booking, Wish
from orders_core.stock.counting import Count
from orders_core.stock.level import Cause, Wanted
from orders_core.stock.store import Level
from orders_core.stock.transfer import Road, Transfer

MOST_LINES = 1_000
MOST_SKUS = 10_000
LONGEST_MINUTES = 60 * 24 * 30
Warehouse = Annotated[str, Line(40)]
Token = Annotated[int, Whole(1)]


def _shows(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class LevelWish(Body):
    """What was counted on the shelf, and what may be sold of it. What is left out stays.

    `oversell_limit` may be promised beyond what is there, `safety_stock` never is, and at `low_at`
    units to sell, or fewer, the event `stock.low` comes; `null` there: nobody is told.
    """

    model_config = _shows(on_hand=40, safety_stock=2, low_at=5)

    on_hand: Units | None = None
    oversell_limit: Annotated[int, Whole(0, MOST_BACKORDERED)] | None = None
    safety_stock: Units | None = None
    low_at: Units | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("too_few", "say what is on hand, or what may be sold of it")
        return self

    def wanted(self) -> Wanted:
        """Return what is to change; only `low_at` can be taken away again."""
        wanted = Wanted()
        if self.on_hand is not None:
            wanted["on_hand"] = self.on_hand
        if self.oversell_limit is not None:
            wanted["oversell_limit"] = self.oversell_limit
        if self.safety_stock is not None:
            wanted["safety_stock"] = self.safety_stock
        if "low_at" in self.model_fields_set:
            wanted["low_at"] = self.low_at
        return wanted


class MovementBody(Body):
    """Goods that came (positive) or went (negative). The same reference counts once."""

    model_config = _shows(sku="UMBRELLA-RED", delta=12, cause="receipt", reference="2026-117")

    sku: Code
    warehouse: Warehouse = "main"
    delta: Annotated[int, Whole(-(10**9), 10**9)]
    cause: Annotated[Cause, OneOf(Cause)]
    reference: Annotated[str, Line(128)] | None = None


class BookingLine(Body):
    """So many units of one SKU, out of one warehouse."""

    sku: Code
    quantity: Quantity
    warehouse: Warehouse = "main"


class BookingBody(Body):
    """Units to be promised for so many minutes: everything asked for, or nothing."""

    model_config = _shows(lines=[{"sku": "UMBRELLA-RED", "quantity": 1}], minutes=15)

    lines: Annotated[
        tuple[BookingLine, ...], Field(min_length=1, max_length=MOST_LINES, strict=False)
    ]
    minutes: Annotated[int, Whole(1, LONGEST_MINUTES)] = 15
    reference: Annotated[str, Line(64)] | None = None
    person: Annotated[UUID, PublicId("per")] | None = None

    def wishes(self) -> list[Wish]:
        """Return the core's form of the lines."""
        return [Wish(line.sku, line.quantity, line.warehouse) for line in self.lines]


class ExtendBody(Body):
    """For how many minutes from now the units are promised."""

    model_config = _shows(minutes=15)

    minutes: Annotated[int, Whole(1, LONGEST_MINUTES)]


class CountBody(Body):
    """What is to be counted; everything a warehouse has a level of if no SKU is named."""

    model_config = _shows(warehouse="main", skus=["UMBRELLA-RED", "UMBRELLA-BLUE"])

    warehouse: Warehouse = "main"
    skus: Annotated[tuple[Code, ...], Field(min_length=1, max_length=MOST_SKUS, strict=False)] | (
        None
    ) = None


class CountedBody(Body):
    """How many units of a SKU lay there; the token says that the count is still yours."""

    model_config = _shows(token=1, sku="UMBRELLA-RED", counted=38)

    token: Token
    sku: Code
    counted: Units


class TokenBody(Body):
    """The token of a lease, as it was given last."""

    model_config = _shows(token=1)

    token: Token


class SentLine(Body):
    """So many units of one SKU that are sent."""

    sku: Code
    quantity: Quantity


class TransferBody(Body):
    """Goods that leave one warehouse for another."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"from": "main", "to": "west", "lines": [{"sku": "UMBRELLA-RED", "quantity": 5}]}
            ]
        }
    )

    origin: Annotated[Warehouse, Field(alias="from")]
    to: Warehouse
    lines: Annotated[tuple[SentLine, ...], Field(min_length=1, max_length=MOST_LINES, strict=False)]
    reference: Annotated[str, Line(128)] | None = None

    def road(self) -> Road:
        """Return the core's form of the way."""
        return Road(origin=self.origin, target=self.to, reference=self.reference)


class ArrivedLine(Body):
    """So many units of one SKU that arrived."""

    sku: Code
    arrived: Units


class UnloadedBody(ArrivedLine):
    """The same, while the unloading is yours."""

    model_config = _shows(token=1, sku="UMBRELLA-RED", arrived=4)

    token: Token


class ArrivalBody(Body):
    """What arrived; a SKU that nobody counted came as it was sent."""

    model_config = _shows(lines=[{"sku": "UMBRELLA-RED", "arrived": 4}])

    lines: Annotated[tuple[ArrivedLine, ...], Field(max_length=MOST_LINES, strict=False)] = ()
    token: Token | None = None


def level_body(level: Level) -> dict[str, Any]:
    """Show what a warehouse holds of a SKU, in units."""
    return {
        "sku": level.code,
        "warehouse": level.warehouse,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "short": level.short,
        "safety_stock": level.safety_stock,
        "oversell_limit": level.oversell_limit,
        "available": level.available,
        "standing": level.standing,
        "low_at": level.low_at,
        "coming": level.coming,
    }


def past_body(level: PastLevel) -> dict[str, Any]:
    """Show what a warehouse held of a SKU, in units."""
    return {
        "sku": level.code,
        "warehouse": level.warehouse,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "short": level.short,
        "safety_stock": level.safety_stock,
        "oversell_limit": level.oversell_limit,
        "available": level.available,
        "low_at": level.low_at,
    }


def booking_body(booking: Booking) -> dict[str, Any]:
    """Show a reservation."""
    return {
        "id": show("res", booking.id),
        "state": booking.state,
        "reference": booking.reference,
        "person": show("per", booking.person_id) if booking.person_id else None,
        "lines": [
            {"sku": wish.code, "quantity": wish.quantity, "warehouse": wish.warehouse}
            for wish in booking.wishes
        ],
        "booked_at": instant(booking.booked_at),
        "expires_at": instant(booking.expires_at),
        "ended_at": instant(booking.ended_at),
    }


def count_body(count: Count) -> dict[str, Any]:
    """Show a count with its lines."""
    row = count.row
    return {
        "id": show("cnt", row.id),
        "warehouse": row.warehouse,
        "state": row.state,
        "opened_by": row.opened_by,
        "opened_at": instant(row.opened_at),
        "closed_by": row.closed_by,
        "closed_at": instant(row.closed_at),
        "lines": [_counted(line) for line in count.lines],
    }


def _counted(line: counting_store.Line) -> dict[str, Any]:
    return {
        "sku": line.code,
        "counted": line.counted,
        "on_hand_then": line.on_hand_then,
        "difference": line.difference,
        "counted_by": line.counted_by,
        "counted_at": instant(line.counted_at),
    }


def lease_body(lease: Lease) -> dict[str, Any]:
    """Show a lease: the token to send with every write, and when others may take over."""
    return {"token": lease.token, "until": instant(lease.until)}


def transfer_body(transfer: Transfer) -> dict[str, Any]:
    """Show a transfer with what it carries."""
    return transfer_row(transfer.row, transfer.lines)


def transfer_row(row: transfer_store.Row, lines: Sequence[transfer_store.Line]) -> dict[str, Any]:
    """Show a transfer with what it carries, as its store read it."""
    return {
        "id": show("trf", row.id),
        "from": row.from_warehouse,
        "to": row.to_warehouse,
        "state": row.state,
        "reference": row.reference,
        "sent_by": row.sent_by,
        "sent_at": instant(row.sent_at),
        "arrived_by": row.arrived_by,
        "arrived_at": instant(row.arrived_at),
        "lines": [
            {
                "sku": line.code,
                "sent": line.sent,
                "arrived": line.arrived,
                "difference": line.difference,
            }
            for line in lines
        ],
    }
