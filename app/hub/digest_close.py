"""A slot closes: what is still news goes out as one message, through the same door as all else.

Taking a slot is a transaction of its own, and closing it another: from the first on whatever comes
joins the next slot, and the second holds no slot while it waits for other rows. `told` knows the
slot's digest for good, so however often closing is begun, it goes out once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from app.errors import AppError
from app.hub import digest_store
from app.hub.bounds import Bounds
from app.hub.catalogue import find
from app.hub.digest import after_pause
from app.hub.digest_collect import join
from app.hub.digest_items import Item, Out, fallen_out, gathered, put_off, told
from app.hub.digest_store import Held, Place
from app.hub.ended import ended
from app.hub.meet import meet
from app.hub.notify import notify
from app.hub.order_facts import matter_of
from app.hub.policy import Policy
from app.hub.question import Question, Standing
from app.hub.standing import standing_of
from app.hub.wish import Wish
from app.people import mute_store
from app.people.choices import Rhythm
from app.people.order_wish import OrderWishes, about
from app.people.recipient import Recipient
from orders_core.ids import OrderId, PersonId
from orders_core.orders import store as orders
from orders_core.orders.order import Order
from orders_core.parcels import store as parcels
from orders_core.parcels.parcel import Parcel
from orders_core.tx import Tx


class SlotLost(AppError):
    """Another worker took a slot over while it was being closed; nothing was done."""


def close(tx: Tx, held: Sequence[Held], *, policy: Policy, now: datetime) -> None:
    """Send the digests of slots that this worker took, and close them; empty ones send nothing.

    Locks: as `notify`, then the slots.

    Args:
        now: Business time; every item is asked again whether it is still wanted now.

    Raises:
        SlotLost: If one of them is no longer ours.
    """
    joined = digest_store.items(tx, [one.id for one in held])
    people = meet(tx, {one.person_id for one in held})
    stand = today(tx, chain.from_iterable(joined.values()))
    wishes, gone, late = [], [], Late()
    for one in held:
        person = people[one.person_id]
        asked = [
            (item, stand.question(item, person, policy.bounds, now)) for item in joined[one.id]
        ]
        out = fallen_out(asked, one.channel, now)
        left = [(item, question) for item, question in asked if item.verdict_id not in out]
        if waiting := late.put_off(one, left, now):
            out |= waiting
        elif left:
            wishes.append(_wish(one, [item for item, _ in left], now))
        gone += [(one.id, verdict_id, why) for verdict_id, why in out.items()]
    made = {one.wish.dispatch: one.id for one in notify(tx, wishes, policy=policy, now=now)}
    went = {one.id: made[name] for one in held if (name := _dispatch(one)) in made}
    join(tx, late.wanted, late.asked, now=now)
    if len(digest_store.close(tx, held, went=went)) < len(held):
        raise SlotLost("a slot was taken over while it was being closed")
    digest_store.fall_out(tx, gone)  # of slots that are locked by now: nobody else writes there


@dataclass(frozen=True, slots=True)
class Late:
    """What waits for the end of a pause, and the slots that it joins there."""

    wanted: list[tuple[Place, Item]] = field(default_factory=list)
    asked: dict[UUID, tuple[Question, Rhythm]] = field(default_factory=dict)

    def put_off(
        self, held: Held, left: Sequence[tuple[Item, Question]], now: datetime
    ) -> dict[UUID, str]:
        """Say by verdict what becomes of a slot's items during a pause; nothing if none ends."""
        slot = after_pause(held.channel, left[0][1]) if left else None
        if slot is None:
            return {}
        out = put_off((item for item, _ in left), slot, now)
        for item, question in left:
            if out[item.verdict_id] is Out.PUT_OFF:
                self.wanted.append((Place(PersonId(held.person_id), slot), item))
                self.asked[item.verdict_id] = question, Rhythm.HOURLY
        return out


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


def _dispatch(held: Held) -> str:
    return f"digest:{held.id}"


def _wish(held: Held, items: Sequence[Item], now: datetime) -> Wish:
    notice = gathered(items, held.channel)
    about = {item.order_id for item in items}
    return Wish(
        dispatch=_dispatch(held),
        notice=notice.name,
        person_id=PersonId(held.person_id),
        order_id=about.pop() if len(about) == 1 else None,
        variables=told(items),
        decide_at=now,
        told_as=notice,
    )
