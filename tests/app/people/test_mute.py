"""Orders that a person wants no bells about."""

from datetime import timedelta

from sqlalchemy import select

from app.people import mute_store
from app.people.order_wish import OrderWish
from app.people.tables import muted_order
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.buying import move_in
from tests.cast import ANA
from tests.shop import MORNING


def test_a_muted_order_is_muted_until_it_is_not(tx: Tx):
    move_in(tx, ANA)
    late, other = OrderId(new_id()), OrderId(new_id())
    mute_store.mute(tx, late, ANA.person_id, now=MORNING)

    assert mute_store.wishes(tx, [late, other]) == {
        late: OrderWish(person_id=ANA.person_id, mutes=True)
    }
    mute_store.unmute(tx, late)
    assert mute_store.wishes(tx, [late, other]) == {}


def test_muting_twice_is_muting_once(tx: Tx):
    move_in(tx, ANA)
    late = OrderId(new_id())
    for hour in (0, 1):
        at = MORNING + timedelta(hours=hour)
        mute_store.mute(tx, late, ANA.person_id, now=at)

    assert tx.scalars(select(muted_order.c.at)).all() == [MORNING]


def test_asking_about_nothing_asks_nobody(tx: Tx):
    assert mute_store.wishes(tx, []) == {}
