"""What the doors of returns read and show."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from app.http.body import Body, Line, OneOf, Whole
from app.orders.bodies import Quantity, instant, money
from orders_core.ids import show
from orders_core.orders.choose import MOST_LINES
from orders_core.returns.receive import Came
from orders_core.returns.request import Wish
from orders_core.returns.rma import Condition, Payer, Reason, Return

Position = Annotated[int, Whole(1, 10_000)]


class ReturnLine(Body):
    """Units of one line, by its position on the order."""

    line: Position
    units: Quantity


class ReturnWish(Body):
    """What somebody wants to send back, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"lines": [{"line": 1, "units": 1}], "reason": "changed_mind"}]
        }
    )

    lines: Annotated[
        tuple[ReturnLine, ...], Field(min_length=1, max_length=MOST_LINES, strict=False)
    ]
    reason: Annotated[Reason, OneOf(Reason)]
    carrier: Annotated[str, Line(40)] | None = None
    parcel_number: Annotated[str, Line(64)] | None = None

    def wish(self) -> Wish:
        """Return the core's form of it; a line named twice counts together."""
        units: dict[int, int] = {}
        for line in self.lines:
            units[line.line] = units.get(line.line, 0) + line.units
        return Wish(
            units=units,
            reason=self.reason,
            carrier=self.carrier,
            parcel_number=self.parcel_number,
        )


class ApproveBody(Body):
    """On what terms the goods may come back; as the table said where nothing is."""

    who_pays: Annotated[Payer, OneOf(Payer)] | None = None
    refund_percent: Annotated[int, Whole(0, 100)] | None = None


class CameLine(ReturnLine):
    """Units of one line in one condition."""

    condition: Annotated[Condition, OneOf(Condition)]


class ReceiveBody(Body):
    """What came back, in which condition, and into which warehouse."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"lines": [{"line": 1, "units": 1, "condition": "unopened"}]}]
        }
    )

    lines: Annotated[tuple[CameLine, ...], Field(min_length=1, max_length=500, strict=False)]
    warehouse: Annotated[str, Line(40)] = "main"

    def came(self) -> tuple[Came, ...]:
        """Return the core's form of it."""
        return tuple(
            Came(position=line.line, units=line.units, condition=line.condition)
            for line in self.lines
        )


def return_body(one: Return) -> Mapping[str, Any]:
    """Show a return with its lines."""
    return {
        "id": one.ref,
        "order": show("ord", one.order_id),
        "state": one.state,
        "reason": one.reason,
        "who_pays": one.who_pays,
        "refund_percent": one.refund_percent,
        "refund": None if one.amount_minor is None else money(one.amount_minor, one.currency),
        "carrier": one.carrier,
        "parcel_number": one.parcel_number,
        "requested_at": instant(one.requested_at),
        "decided_at": instant(one.decided_at),
        "received_at": instant(one.received_at),
        "closed_at": instant(one.closed_at),
        "lines": [
            {
                "line": line.position,
                "sku": line.code,
                "units": line.quantity,
                "unit": money(line.unit_minor, one.currency),
                "restocked": line.restocked,
                "scrapped": line.scrapped,
            }
            for line in one.lines
        ],
        "version": one.version,
    }
