"""What a message may say of an order, its parcel and its money, as flat JSON."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from orders_core.events import Event, EventType
from orders_core.orders.order import Order
from orders_core.parcels.parcel import Parcel
from orders_core.shortage.offer import Missing


def of_order(order: Order) -> dict[str, Any]:
    """Return what every message about an order may say."""
    facts: dict[str, Any] = {
        "order_number": str(order.number),
        "total_minor": order.total_minor,
        "currency": order.currency,
        "items": [
            {"title": line.title, "title_zh": line.title_zh, "quantity": line.quantity}
            for line in order.lines
        ],
        "placed_at": order.placed_at.isoformat(),
    }
    return facts


def of_deadline(order: Order) -> dict[str, Any]:
    """Return until when an unpaid order waits, where it does not wait for ever."""
    return {"pay_until": order.pay_until.isoformat()} if order.pay_until else {}


def of_balance(order: Order) -> dict[str, Any]:
    """Return what is left to pay of a pre-order, in minor units, and until when."""
    facts: dict[str, Any] = {"balance_minor": order.total_minor - order.paid_minor}
    if order.balance_until:
        facts["balance_until"] = order.balance_until.isoformat()
    return facts


def of_event(event: Event) -> dict[str, Any]:
    """Return what the event itself said of its order, return, refund or parcel."""
    told = event.new
    if event.type is EventType.ORDER_CANCELLED:
        return {"cancel_reason": event.why, "cancelled_at": event.occurred_at.isoformat()}
    match event.entity:
        case "return":
            return {"back_minor": told["amount_minor"], "who_pays": told["who_pays"]}
        case "refund":
            return {"back_minor": told["amount_minor"], "currency": told["currency"]}
        case "parcel":
            names = ("pickup_code", "expected_at", "expected_source", "promised_at")
            return {"place": told["last_place"]} | {name: told[name] for name in names}
    return {}


def of_short(short: Sequence[Missing]) -> dict[str, Any]:
    """Return what is missing, and what may be chosen of all of it."""
    choices = [one.choices for one in short]
    return {
        "short_items": [
            {"title": one.title_en, "title_zh": one.title_zh, "quantity": one.units}
            for one in short
        ],
        "short_choices": sorted(frozenset.intersection(*choices)) if choices else [],
    }


def matter_of(variables: Mapping[str, Any]) -> UUID | None:
    """Return the refund or return that news is of, as `variables` name it; None: of neither."""
    named = variables.get("refund_id") or variables.get("return_id")
    return UUID(named) if named else None


def of_parcel(parcel: Parcel) -> dict[str, Any]:
    """Return where a parcel is and when it should come."""
    return {
        "carrier": parcel.carrier,
        "parcel_number": parcel.number,
        "place": parcel.last_place,
        "pickup_code": parcel.pickup_code,
        "expected_at": parcel.expected_at.isoformat() if parcel.expected_at else None,
        "expected_source": parcel.expected_source,
        "promised_at": parcel.promised_at.isoformat() if parcel.promised_at else None,
    }
