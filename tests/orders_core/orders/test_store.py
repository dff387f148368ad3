"""Reading orders."""

from orders_core.ids import OrderId, new_id
from orders_core.orders import store
from orders_core.tx import Tx
from tests.buying import MUG, TEA, bought, buy, fill, wish
from tests.cast import ANA, BEN


def test_a_page_is_newest_first_and_goes_on_behind_the_last(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    made = [bought(tx, (MUG, 1)) for _ in range(4)]

    first = store.page(tx, person_id=None, after=None, at_most=3)
    rest = store.page(tx, person_id=None, after=first[-1].id, at_most=3)

    assert [found.id for found in first + rest] == made[::-1]


def test_a_page_of_one_person_shows_nobody_elses(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    buy(tx, wish((MUG, 1)), wish((MUG, 1), who=BEN), wish((MUG, 1)))

    found = store.page(tx, person_id=BEN.person_id, after=None, at_most=9)

    assert [one.person_id for one in found] == [BEN.person_id]


def test_orders_come_with_their_own_lines(tx: Tx) -> None:
    fill(tx, {MUG: 9, TEA: 9})
    one, other = bought(tx, (MUG, 1), (TEA, 2)), bought(tx, (TEA, 3))

    found = store.many(tx, [one, other, OrderId(new_id())])

    assert {key: [(x.code, x.quantity) for x in o.lines] for key, o in found.items()} == {
        one: [(MUG, 1), (TEA, 2)],
        other: [(TEA, 3)],
    }


def test_an_order_is_found_by_our_number_or_the_shops_reference(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    buy(tx, wish((MUG, 1), reference="W-1"), wish((MUG, 1)))
    [named] = store.find(tx, number=None, reference="W-1")

    assert named.person_id == ANA.person_id
    assert store.find(tx, number=named.number, reference=None) == [named]
    assert store.find(tx, number=1, reference="nothing") == []


def test_ids_are_found_by_source_and_reference(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    buy(tx, wish((MUG, 1), reference="W-1"))
    [named] = store.find(tx, number=None, reference="W-1")

    assert store.ids_of(tx, [("shop", "W-1"), ("taoli", "W-1")]) == {("shop", "W-1"): named.id}
