"""What would be asked of the items of digests today: where their orders stand, what was wished."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.hub.bounds import Bounds
from app.hub.catalogue import find
from app.hub.digest_items import Item
from app.hub.ended import ended
from app.hub.order_facts import matter_of
from app.hub.question import Question, Standing
from app.hub.standing import standing_of
from app.people import mute_store
from app.people.order_wish import OrderWishes, about
from app.people.recipient import Recipient
from orders_core.ids import OrderId
from orders_core.orders import store as orders
from orders_core.orders.order import Order
from orders_core.parcels import store as parcels
from orders_core.parcels.parcel import Parcel
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Today:
    """Where the orders of some items stand, and what was said of their bells."""

    orders: Mapping[OrderId, Order]
    parcels: Mapping[OrderId, Sequence[Parcel]]
    wishes: OrderWishes
    ended: Collection[UUID]  #: refunds and returns that are behind what was told of them

    def question(self, item: Item, person: Recipient, bounds: Bounds, now: datetime) -> Question:
        """Return what would be asked of an item today; a parcel we lost sight of says nothing."""
        notice, parcel = find(item.notice), self._parcel(item)
        if parcel is None:
            notice = replace(notice, while_parcel=frozenset())
        person = about(person, item.order_id, self.wishes)
        return Question(notice, person, (), bounds, now, self._standing(item, parcel))

    def _parcel(self, item: Item) -> Parcel | None:
        sent_in = self.parcels.get(item.order_id, ()) if item.order_id else ()
        number = item.variables.get("parcel_number")
        return next((parcel for parcel in sent_in if parcel.number == number), None)

    def _standing(self, item: Item, parcel: Parcel | None) -> Standing | None:
        order = self.orders.get(item.order_id) if item.order_id else None
        if order is None:
            return None
        told = item.variables.get("expected_at")
        is_ended = matter_of(item.variables) in self.ended
        return standing_of(order, parcel, dated=parcel, told=told, is_ended=is_ended)


def today(tx: Tx, items: Iterable[Item]) -> Today:
    """Read where the orders of items stand now."""
    items = tuple(items)
    ids = sorted({item.order_id for item in items if item.order_id})
    matters = {matter for item in items if (matter := matter_of(item.variables))}
    return Today(
        orders=orders.many(tx, ids),
        parcels=parcels.of_orders(tx, ids),
        wishes=mute_store.wishes(tx, ids),
        ended=ended(tx, matters),
    )
