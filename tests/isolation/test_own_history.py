"""Histories of our own functions: an order's versions are a list, every change appends its reason.

The list is read out of the order's own history, so the triggers that write it are under test too.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from random import Random

from sqlalchemy import text

from app.db.transaction import Isolation, attempt, begin
from orders_core.errors import CoreError
from orders_core.events import Change
from orders_core.ids import OrderId
from orders_core.orders.address_change import set_address
from orders_core.orders.edit import edit
from orders_core.orders.move import move
from orders_core.orders.order import OrderStatus
from orders_core.orders.pay import pay
from orders_core.tx import Tx
from tests.buying import MUG, bought, fill
from tests.dice import dice
from tests.isolation.acts import THERE
from tests.isolation.elle import Finding, check
from tests.isolation.history import Append, Fate, Read, Txn
from tests.shop import MORNING, Shop
from tests.together import together

ORDERS, THREADS, EACH = 6, 4, 60
LIST = text(
    "SELECT change_reason FROM history WHERE entity_id = :id AND version > 1 ORDER BY version"
)

Does = list[Append | Read]
#: Works on orders in a transaction; returns what it appended and read, in order.
Work = Callable[[Tx, Sequence[OrderId], Random, str], Does]


def prepared(shop: Shop) -> list[OrderId]:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 10_000})
        return [bought(tx, (MUG, 2)) for _ in range(ORDERS)]


def look(tx: Tx, order_id: OrderId) -> Read:
    return Read(str(order_id), tuple(tx.scalars(LIST, {"id": order_id})))


def change_one(tx: Tx, order_id: OrderId, chance: Random, why: str) -> None:
    """Do something that changes the order once, whatever it is."""
    change = Change(by="till", why=why, at=MORNING)
    match chance.randrange(24):
        case 0:
            pay(tx, order_id, why, change=change)
        case 1 | 2 | 3 | 4 | 5:
            edit(tx, order_id, {MUG: chance.randint(1, 9)}, change=change)
        case 6:
            move(
                tx,
                [order_id],
                chance.choice([OrderStatus.SHIPPED, OrderStatus.DELIVERED]),
                change=change,
            )
        case _:
            street = f"{why} High St"
            to = type(THERE)(name="Ana", country="GB", city="Leeds", street=street)
            set_address(tx, order_id, to, change=change)


def change_and_look(tx: Tx, known: Sequence[OrderId], chance: Random, why: str) -> Does:
    """Change an order, then read its list, under the lock that the change took."""
    order_id = chance.choice(known)
    change_one(tx, order_id, chance, why)
    seen = look(tx, order_id)
    return [Append(str(order_id), why), seen] if why in seen.values else [seen]


def look_around_and_change(tx: Tx, known: Sequence[OrderId], chance: Random, why: str) -> Does:
    """Read the lists of others, then change an order by what was read."""
    others = [look(tx, one) for one in chance.sample(known, 2)]
    return [*others, *change_and_look(tx, known, chance, why)]


def record(
    shop: Shop, known: Sequence[OrderId], work: Work, isolation: Isolation | None, seed: int
) -> list[Txn]:
    chance = dice(seed)

    def one(tx: Tx, why: str) -> Does:
        return work(tx, known, chance, why)

    return [_one(shop, one, isolation, seed * 1_000 + number) for number in range(EACH)]


def _one(
    shop: Shop, work: Callable[[Tx, str], Does], isolation: Isolation | None, number: int
) -> Txn:
    why, began = f"change-{number}", time.monotonic()
    try:
        does = attempt(shop.engine, lambda tx: work(tx, why), tries=20, isolation=isolation)
        fate = Fate.COMMITTED
    except CoreError:
        does, fate = [], Fate.ABORTED
    return Txn(id=number, does=tuple(does), fate=fate, began=began, ended=time.monotonic())


def found(shop: Shop, work: Work, isolation: Isolation | None) -> list[Finding]:
    known = prepared(shop)
    recording = [partial(record, shop, known, work, isolation, seed) for seed in range(THREADS)]
    txns = list(chain(*together(*recording)))
    with begin(shop.engine) as tx:
        last = Txn(id=-1, does=tuple(look(tx, order_id) for order_id in known), began=1e18)
    assert sum(bool(list(txn.appends())) for txn in txns) > len(txns) / 4
    return check([*txns, last], in_real_time=True)


def test_who_changes_an_order_sees_every_change_before_and_none_is_lost(shop: Shop) -> None:
    assert found(shop, change_and_look, None) == []


def test_at_serializable_our_functions_are_sound_whatever_else_was_read(shop: Shop) -> None:
    assert found(shop, look_around_and_change, "SERIALIZABLE") == []
