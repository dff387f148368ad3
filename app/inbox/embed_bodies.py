"""What pages that embed an inbox send and are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict

from app.http.body import Body, Instant, Whole
from app.inbox.bodies import ITEM, ItemRef, item_body
from app.inbox.bundle import Bundle
from app.people.links import Links
from orders_core.ids import OrderId, show

LIFE_SECONDS, SHORTEST_SECONDS, LONGEST_SECONDS = 3600, 60, 86_400


class TokenBody(Body):
    """How long a page may show the inbox before it has to ask its server for a fresh token."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"life_seconds": LIFE_SECONDS}]})

    life_seconds: Annotated[int, Whole(SHORTEST_SECONDS, LONGEST_SECONDS)] = LIFE_SECONDS


class LineBody(Body):
    """The newest line of a bundle; the earlier lines of its bundle go with it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"item": ITEM}]})

    item: ItemRef


class LaterBody(LineBody):
    """The newest line of a bundle, and when it shall be back; null: tomorrow at nine."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"item": ITEM, "until": None}]})

    until: Instant | None = None


def bundle_body(bundle: Bundle, links: Links, now: datetime) -> dict[str, Any]:
    """Show a bundle under the id of its newest line, with a link that looks at its order only."""
    newest, order_id = bundle.newest, bundle.newest.order_id
    return {
        "id": show("msg", newest.id),
        "order": show("ord", order_id) if order_id else None,
        "order_url": links.shared_order(OrderId(order_id)) if order_id else None,
        "unread": bundle.unread,
        "urgent": bundle.is_urgent,
        "new": bundle.is_fresh(now),
        "lines": [item_body(line, now) for line in bundle.lines],
    }


def bundles_body(bundles: Sequence[Bundle], links: Links, now: datetime) -> list[dict[str, Any]]:
    """Show bundles."""
    return [bundle_body(bundle, links, now) for bundle in bundles]
