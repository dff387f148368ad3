"""What whoever receives a gift is told: nothing before it is at their door, no price ever."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.hub.catalogue_parcels import (
    GIFT_ARRIVED,
    GIFT_COMING,
    GIFT_TO_FETCH,
    ORDER_DELIVERED,
    OUT_FOR_DELIVERY,
    PICKUP_READY,
)
from app.hub.notice import Notice
from app.hub.wish import Wish
from orders_core.ids import OrderId
from orders_core.orders import gift_store
from orders_core.orders.gift import Gift
from orders_core.tx import Tx

#: What the receiver hears when whoever bought it hears this. What is missing is not theirs to know.
FOR_RECEIVER: Mapping[str, Notice] = {
    OUT_FOR_DELIVERY.name: GIFT_COMING,
    PICKUP_READY.name: GIFT_TO_FETCH,
    ORDER_DELIVERED.name: GIFT_ARRIVED,
}
#: The facts that help somebody to get hold of a parcel; no number, no goods, no money.
THEIRS = ("carrier", "parcel_number", "place", "pickup_code", "expected_at")


def with_receivers(tx: Tx, wishes: Sequence[Wish]) -> list[Wish]:
    """Return the wishes, and beside them those to whoever is given the orders they are about."""
    near = {one.order_id for one in wishes if one.order_id and one.notice in FOR_RECEIVER}
    given = gift_store.of_orders(tx, near)
    return [*wishes, *_to_receivers(wishes, given)] if given else list(wishes)


def _to_receivers(wishes: Sequence[Wish], given: Mapping[OrderId, Gift]) -> Iterator[Wish]:
    for wish in wishes:
        gift = given.get(wish.order_id) if wish.order_id else None
        notice = FOR_RECEIVER.get(wish.notice)
        if gift is None or gift.person_id is None or notice is None:
            continue
        theirs = {name: wish.variables[name] for name in THEIRS if name in wish.variables}
        yield replace(
            wish,
            dispatch=f"gift:{wish.dispatch}",
            notice=notice.name,
            person_id=gift.person_id,
            variables={**theirs, "giver": gift.giver, "gift_words": gift.words},
        )
