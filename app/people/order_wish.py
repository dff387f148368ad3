"""What a person said of the bells of one order: none of them, or more than usual. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.people.recipient import Recipient
from orders_core.ids import OrderId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWish:
    """One order's bells as its person wants them; `more_on` names the one that rings more."""

    person_id: PersonId
    mutes: bool = False
    more_on: str | None = None


OrderWishes = Mapping[OrderId, OrderWish]


def about(person: Recipient, order_id: OrderId | None, wishes: OrderWishes) -> Recipient:
    """Return a person as news of this order meets them.

    More is rung for whoever asked for it, and for nobody else who hears of the same order.
    """
    wish = wishes.get(order_id) if order_id else None
    if wish is None:
        return person
    more_on = wish.more_on if wish.person_id == person.person_id else None
    return replace(person, mutes_order=wish.mutes, more_on=more_on)
