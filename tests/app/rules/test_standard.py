"""The tables the product brings are sound, and rule from the first question on."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.db.transaction import begin
from app.rules import standard, store
from app.rules.check import check
from app.rules.engine import Judge, MissingInput
from app.rules.examples import failed_examples
from app.rules.gaps import hole
from app.rules.rule import ask, ask_many, live, publish, save, seat_all
from app.rules.sheet import read_sheet, write_sheet
from app.rules.table import Table
from app.rules.value import read_value
from orders_core.errors import NotFound
from orders_core.tx import Tx
from tests.app.rules.tables import REFUND
from tests.shop import MORNING, Shop
from tests.together import together

RESTOCK = {"condition": "unopened", "reason": "changed_mind"}


def brought(name: str) -> Table:
    sheet = standard.sheet_of(name)
    assert sheet is not None
    return read_sheet(sheet)


def answering(table: Table, given: Mapping[str, str]) -> set[int]:
    inputs = {column.name: column for column in table.inputs}
    values = {name: read_value(text, inputs[name]) for name, text in given.items()}
    return set(Judge(table).ask(values).rows)


@pytest.mark.parametrize("name", standard.names())
def test_a_table_the_product_brings_is_sound_and_called_as_its_file(name: str):
    table = brought(name)

    assert table.name == name
    assert check(table).faults == ()
    assert table.is_partial or check(table).holes == ()
    assert failed_examples(Judge(table)) == []


@pytest.mark.parametrize("name", standard.names())
def test_every_row_the_product_brings_has_an_example_that_reaches_it(name: str):
    table = brought(name)

    reached = {row for one in table.examples for row in answering(table, one.given)}

    assert reached == set(range(1, len(table.rows) + 1))


@pytest.mark.parametrize("name", standard.names())
def test_a_sheet_the_product_brings_is_written_as_the_editor_writes_it(name: str):
    table = brought(name)

    assert read_sheet(write_sheet(table)) == table
    assert all(hole(table.axes, box).example for box in table.boxes)


def test_the_product_brings_the_tables_its_rooms_ask():
    asked = {"order_allocation", "order_short", "return_approval", "return_restock", "self_service"}

    assert asked <= set(standard.names())


def test_the_first_question_lets_the_table_the_product_brings_rule(tx: Tx):
    answer = ask(tx, "return_restock", RESTOCK, about="ret_1", now=MORNING).answer

    assert answer == {"outcome": "restocked"}
    saved = store.version(tx, "return_restock", 1)
    assert saved is not None
    assert (saved.saved_by, store.live(tx, "return_restock")) == ("orderbell", 1)
    assert [one.version for one in store.rulings(tx, "return_restock", at_most=9)] == [1]


def test_a_version_somebody_published_is_never_displaced(tx: Tx):
    own = write_sheet(brought("return_restock")).replace(",restocked,nobody", ",scrapped,nobody")
    own = own.replace("unopened,changed_mind,restocked", "unopened,changed_mind,scrapped")
    publish(tx, "return_restock", save(tx, own, by="lin", why="test", now=MORNING).version)

    seat_all(tx, now=MORNING)

    answer = ask(tx, "return_restock", RESTOCK, about="ret_1", now=MORNING).answer
    assert answer == {"outcome": "scrapped"}
    assert [one.saved_by for one in store.versions(tx, "return_restock")] == ["lin"]


def test_a_draft_nobody_published_does_not_keep_the_products_table_from_ruling(tx: Tx):
    save(tx, write_sheet(brought("return_restock")), by="lin", why="a draft", now=MORNING)

    ruler = live(tx, "return_restock", now=MORNING)

    assert (ruler.version, store.live(tx, "return_restock")) == (2, 2)


@pytest.mark.parametrize("name", ["nothing", "../tables", "order_short.csv", ""])
def test_a_table_that_nobody_brings_is_not_found(tx: Tx, name: str):
    with pytest.raises(NotFound):
        ask(tx, name, {}, about="ord_1", now=MORNING)

    assert store.tables(tx) == []


def test_many_who_ask_first_at_once_make_one_version(shop: Shop):
    def one() -> int:
        with begin(shop.engine) as tx:
            return live(tx, "return_restock", now=MORNING).version

    assert together(*([one] * 6)) == [1] * 6
    with begin(shop.engine) as tx:
        assert len(store.versions(tx, "return_restock")) == 1


def test_many_who_ask_first_beside_a_draft_make_one_version(shop: Shop):
    with begin(shop.engine) as tx:
        save(tx, write_sheet(brought("return_restock")), by="lin", why="a draft", now=MORNING)

    def one() -> int:
        with begin(shop.engine) as tx:
            return live(tx, "return_restock", now=MORNING).version

    assert together(*([one] * 6)) == [2] * 6


def test_a_batch_is_ruled_by_one_version_and_logged_in_its_order(tx: Tx):
    questions: list[tuple[str, dict[str, Any]]] = [
        (f"ret_{n}", RESTOCK | {"condition": "used" if n % 2 else "unopened"}) for n in range(6)
    ]

    rulings = ask_many(tx, "return_restock", questions, now=MORNING)

    said = [one.answer["outcome"] for one in rulings if one.answer]
    assert said == ["restocked", "scrapped"] * 3
    logged = store.rulings(tx, "return_restock", at_most=9)
    assert [one.about for one in reversed(logged)] == [about for about, _ in questions]


def test_a_batch_with_one_bad_question_is_not_logged_at_all(tx: Tx):
    with pytest.raises(MissingInput):
        ask_many(tx, "return_restock", [("ret_1", RESTOCK), ("ret_2", {})], now=MORNING)

    assert store.rulings(tx, "return_restock", at_most=9) == []


def test_a_table_a_shop_made_itself_is_asked_as_ever(tx: Tx):
    publish(tx, "refund", save(tx, write_sheet(REFUND), by="lin", why="test", now=MORNING).version)

    assert live(tx, "refund", now=MORNING).version == 1
