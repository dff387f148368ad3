"""② The warehouse hands the order to a carrier, who scans it twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.demo.stage import Scene

CARRIER = "kuaiyan"
PROMISED = timedelta(days=2)
FIRST_SCANS = (("picked_up", "杭州仓"), ("in_transit", "杭州转运中心"))


def play(scene: Scene) -> Mapping[str, Any]:
    """Ship the order in one parcel, and let its carrier see it."""
    order = scene.shop.get(f"/v1/orders/{scene.fact('order')}")
    promised_at = _paid_at(order) + PROMISED
    number = f"KY{order['number']}"
    parcel = {"carrier": CARRIER, "number": number, "promised_at": promised_at.isoformat()}
    scene.shop.change(order["id"], "ship", {"parcels": [parcel]})
    scene.shop.scan(CARRIER, number, [{"code": code, "place": at} for code, at in FIRST_SCANS])
    return {"carrier": CARRIER, "parcel": number, "promised_at": promised_at.isoformat()}


def _paid_at(order: Mapping[str, Any]) -> datetime:
    """Promise from when it was paid, to the full hour: nobody promises minutes."""
    paid_at = datetime.fromisoformat(order["paid_at"] or order["placed_at"])
    return paid_at.replace(minute=0, second=0, microsecond=0)
