"""Where somebody may be told more of one order: on what reaches them and what nobody refused."""

from dataclasses import replace

from app.hub.store import dead_addresses
from app.people.levels import more_among
from app.people.recipient import Recipient
from app.people.shop_wishes import shop_wishes
from orders_core.tx import Tx


def more_for(tx: Tx, person: Recipient) -> tuple[str, ...]:
    """Return the bells that a person may choose among to be told more of an order of theirs."""
    alive = replace(person, dead=dead_addresses(tx, [person.person_id]))
    reached = [channel for channel in alive.addresses if alive.address(channel)]
    return more_among(person.preferences, shop_wishes(tx), reached)
