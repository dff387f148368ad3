"""What the doors of short orders read and show."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import ConfigDict

from app.http.body import Body, Instant, Line
from app.orders.bodies import Code, Quantity, instant, money
from orders_core.ids import OrderId, show
from orders_core.shortage.choice import Chosen, Offer
from orders_core.shortage.stuck import Owed, Stuck


class RefundShort(Body):
    """Which goods are given back; everything that is short where none are named."""

    sku: Code | None = None


class WaitShort(RefundShort):
    """Until when somebody waits for what is short."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"until": "2026-12-05T00:00:00Z"}]})

    until: Instant


class SwapShort(RefundShort):
    """What goes instead of what is short, at the same price or a lower one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"instead": "UMBRELLA-BLUE"}]})

    instead: Code


class FailedPick(Body):
    """Units of an order that were not on the shelf."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sku": "UMBRELLA-RED", "units": 1}]})

    sku: Code
    warehouse: Annotated[str, Line(40)] = "main"
    units: Quantity = 1


def stuck_body(stuck: Stuck) -> dict[str, Any]:
    """Show what is paid and cannot ship."""
    return {
        "orders": stuck.orders,
        "units": stuck.units,
        "oldest_at": instant(stuck.oldest_at),
        "data": [owed_body(row) for row in stuck.rows],
    }


def owed_body(row: Owed) -> dict[str, Any]:
    """Show what one warehouse owes of a SKU."""
    return {
        "sku": row.code,
        "warehouse": row.warehouse,
        "orders": row.orders,
        "units": row.units,
        "not_chosen": row.open_orders,
        "oldest_at": instant(row.oldest_at),
    }


def offers_body(order_id: OrderId, offers: Sequence[Offer]) -> dict[str, Any]:
    """Show what an order is short of and what may be chosen."""
    return {"order": show("ord", order_id), "data": [_offer_body(offer) for offer in offers]}


def _offer_body(offer: Offer) -> dict[str, Any]:
    return {
        "sku": offer.code,
        "units": offer.units,
        "unit": money(offer.unit_minor, offer.currency),
        "state": offer.state,
        "may": sorted(offer.may),
        "found_at": instant(offer.found_at),
        "wait_until": instant(offer.wait_until),
        "instead": [
            {"sku": other.code, "unit": money(other.unit_minor, offer.currency)}
            for other in offer.instead
        ],
    }


def chosen_body(chosen: Chosen, offers: Sequence[Offer]) -> dict[str, Any]:
    """Show what became of a choice, and how the order stands after it."""
    return {
        **offers_body(chosen.order_id, offers),
        "chosen": chosen.act,
        "units": chosen.units,
        "refunded_minor": chosen.refunded_minor,
    }
