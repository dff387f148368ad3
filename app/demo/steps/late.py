"""③ The carrier says that it will be later than promised."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.demo.stage import CannotPlay, Scene

LATER = timedelta(days=2)
PLACE = "嘉兴网点"


def play(scene: Scene) -> Mapping[str, Any]:
    """Scan the parcel with an expected day two days later than the last one that was named."""
    order = scene.shop.get(f"/v1/orders/{scene.fact('order')}")
    if not order["parcels"]:
        raise CannotPlay("the order has not left yet: ship it first")
    parcel = order["parcels"][-1]
    named = datetime.fromisoformat(parcel["expected_at"] or parcel["promised_at"])
    expected_at = (named + LATER).isoformat()
    seen = {"code": "in_transit", "place": PLACE, "expected_at": expected_at}
    scene.shop.scan(parcel["carrier"], parcel["number"], seen)
    return {"promised_at": parcel["promised_at"], "expected_at": expected_at}
