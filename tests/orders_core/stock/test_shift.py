"""Units of many levels move at once, each level once for each cause."""

from orders_core.ids import SkuId, new_id
from orders_core.stock import rebuild, store
from orders_core.stock.level import Cause
from orders_core.stock.shelf_store import Key
from orders_core.stock.shift import Why, shift
from orders_core.tx import Tx
from tests.buying import MUG, TEA, change, fill, level


def key(tx: Tx, code: str, warehouse: str = "main") -> Key:
    found = store.sku_id_of(tx, code)
    assert found is not None
    return SkuId(found), warehouse


def test_the_same_cause_moves_a_level_once_whatever_else_moves_with_it(tx: Tx) -> None:
    fill(tx, {MUG: 5, TEA: 5})
    why = Why(Cause.RECEIPT, new_id())

    shift(tx, {key(tx, MUG): 3}, why, change=change())
    shift(tx, {key(tx, MUG): 3, key(tx, TEA): 2}, why, change=change())

    assert (level(tx, MUG).on_hand, level(tx, TEA).on_hand) == (8, 7)
    assert rebuild.compare(tx) == []


def test_nothing_to_move_touches_nothing(tx: Tx) -> None:
    fill(tx, {MUG: 5})

    shift(tx, {key(tx, MUG, "annex"): 0}, Why(Cause.COUNT, new_id()), change=change())

    assert [one.warehouse for one in store.levels(tx, code=MUG)] == ["main"]


def test_a_level_that_was_not_there_is_made(tx: Tx) -> None:
    fill(tx, {MUG: 5})

    shift(tx, {key(tx, MUG, "annex"): 4}, Why(Cause.RECEIPT, new_id()), change=change())

    held = {one.warehouse: one.on_hand for one in store.levels(tx, code=MUG)}
    assert held == {"annex": 4, "main": 5}
