"""Placing orders in a batch."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from tempfile import TemporaryFile

import psycopg
import pytest
from sqlalchemy import text

from orders_core.events import EventType
from orders_core.orders.order import Line, OrderStatus
from orders_core.orders.outcome import KeyMismatch, Placed
from orders_core.orders.place import place
from orders_core.orders.refusals import MixedCurrencies, SoldOut, UnknownSku
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.buying import (
    KIMONO,
    LAMP,
    MUG,
    TEA,
    bought,
    buy,
    change,
    fill,
    level,
    order,
    out_of_balance,
    rows,
    wish,
)
from tests.cast import ANA, BEN
from tests.shop import MORNING


def test_an_order_is_written_with_its_lines_total_and_held_units(tx: Tx) -> None:
    fill(tx, {MUG: 5, TEA: 5})

    found = order(tx, bought(tx, (MUG, 2), (TEA, 1), (MUG, 1)))

    assert (found.status, found.total_minor, found.currency) == (OrderStatus.PLACED, 27_500, "CNY")
    assert found.lines == (
        Line(code=MUG, title="Mug", title_zh="马克杯", quantity=3, unit_minor=4_900),
        Line(code=TEA, title="Longjing tea", title_zh="龙井茶", quantity=1, unit_minor=12_800),
    )
    assert (found.person_id, found.source, found.version) == (ANA.person_id, "shop", 1)
    assert (level(tx, MUG).reserved, level(tx, TEA).reserved) == (3, 1)


def test_the_outcome_says_what_was_written(tx: Tx) -> None:
    fill(tx, {KIMONO: 1})

    [outcome] = buy(tx, wish((KIMONO, 1)))

    assert isinstance(outcome, Placed)
    found = order(tx, outcome.order_id)
    assert (outcome.number, outcome.total_minor) == (found.number, 9_800)
    assert (outcome.currency, outcome.placed_at) == ("JPY", MORNING)


def test_a_placed_order_is_news_at_the_time_it_was_placed(tx: Tx) -> None:
    fill(tx, {MUG: 1})

    [event] = history_of(tx, bought(tx, (MUG, 1)))

    assert (event.type, event.version, event.occurred_at) == (EventType.ORDER_PLACED, 1, MORNING)
    assert (event.by, event.why, event.new["status"]) == ("shopper", "bought", "placed")


def test_each_of_a_batch_gets_an_outcome_of_its_own_in_arrival_order(tx: Tx) -> None:
    fill(tx, {MUG: 3, TEA: 1, KIMONO: 1})

    outcomes = buy(
        tx,
        wish((MUG, 4)),
        wish((MUG, 2)),
        wish(("YETI", 1)),
        wish((MUG, 1), (KIMONO, 1)),
        wish((MUG, 1), (TEA, 1), who=BEN),
        wish((TEA, 1)),
    )

    kinds = [SoldOut, Placed, UnknownSku, MixedCurrencies, Placed, SoldOut]
    assert [type(outcome) for outcome in outcomes] == kinds
    assert rows(tx, "orders") == rows(tx, "outbox") == 2
    assert out_of_balance(tx) == []


def test_order_numbers_follow_arrival(tx: Tx) -> None:
    fill(tx, {MUG: 9})

    outcomes = buy(tx, wish((MUG, 1)), wish((MUG, 1)), wish((MUG, 1)))

    numbers = [outcome.number for outcome in outcomes if isinstance(outcome, Placed)]
    assert numbers == sorted(set(numbers))


def test_the_very_same_wish_twice_without_a_key_is_two_orders_each_told_its_own(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    once = wish((MUG, 1))

    first, second = buy(tx, once, once)

    assert isinstance(first, Placed)
    assert isinstance(second, Placed)
    assert first.order_id != second.order_id


def test_goods_without_a_level_are_not_sold(tx: Tx) -> None:
    fill(tx, {MUG: 1})

    [outcome] = buy(tx, wish((LAMP, 1)))

    assert isinstance(outcome, UnknownSku)


def test_an_oversell_limit_lets_that_much_more_be_promised(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    tx.execute(text("UPDATE level SET oversell_limit = 2"))

    first, second = buy(tx, wish((MUG, 3)), wish((MUG, 1)))

    assert isinstance(first, Placed)
    assert isinstance(second, SoldOut)


def test_an_empty_batch_is_no_trouble(tx: Tx) -> None:
    assert place(tx, [], change=change()) == []


@pytest.mark.parametrize("orders", [1, 64])
def test_a_batch_costs_two_round_trips_however_large(tx: Tx, orders: int) -> None:
    fill(tx, {MUG: 100, TEA: 100})
    batch = [wish((MUG, 1), (TEA, 1), key=f"k{number}") for number in range(orders)]

    with round_trips(tx) as trips:
        buy(tx, *batch)

    assert trips == [2]


@contextmanager
def round_trips(tx: Tx) -> Iterator[list[int]]:
    """Count how often the client stopped sending and the server answered; known at the end."""
    driver: psycopg.Connection = tx.connection.driver_connection  # type: ignore[assignment]
    counted: list[int] = []
    with TemporaryFile("w+") as heard:
        driver.pgconn.trace(heard.fileno())
        yield counted
        driver.pgconn.untrace()
        heard.seek(0)
        said = [line.split("\t")[1] for line in heard if line[:2] == "20"]
    counted.append(sum(turn == ("F", "B") for turn in pairwise(said)))


class TestKeys:
    """The same key asks for the same thing."""

    def test_asking_twice_places_once_and_answers_the_same(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})

        first = buy(tx, wish((MUG, 2), key="k"))
        again = place(tx, [wish((MUG, 2), key="k")], change=change(at=MORNING + timedelta(days=1)))

        assert again == first
        assert (rows(tx, "orders"), level(tx, MUG).reserved) == (1, 2)

    def test_a_sold_out_answer_stands_even_when_goods_have_come(self, tx: Tx) -> None:
        fill(tx, {MUG: 1})
        [first] = buy(tx, wish((MUG, 2), key="k"))
        fill(tx, {MUG: 9})

        [again] = buy(tx, wish((MUG, 2), key="k"))

        assert isinstance(first, SoldOut)
        assert isinstance(again, SoldOut)
        assert again.short == first.short == {MUG: (2, 1)}
        assert rows(tx, "orders") == 0

    @pytest.mark.parametrize("line", [("YETI", 1), (KIMONO, 1)])
    def test_every_refusal_is_kept_under_its_key(self, tx: Tx, line: tuple[str, int]) -> None:
        fill(tx, {MUG: 1, KIMONO: 1})
        [first] = buy(tx, wish((MUG, 1), line, key="k"))

        [again] = buy(tx, wish((MUG, 1), line, key="k"))

        assert (type(again), str(again)) == (type(first), str(first))

    def test_another_body_under_the_key_is_a_mismatch_and_changes_nothing(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})
        buy(tx, wish((MUG, 2), key="k"))

        [outcome] = buy(tx, wish((MUG, 3), key="k"))

        assert isinstance(outcome, KeyMismatch)
        assert (rows(tx, "orders"), level(tx, MUG).reserved) == (1, 2)

    def test_a_mismatch_does_not_spoil_the_key(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})
        first = buy(tx, wish((MUG, 2), key="k"))
        buy(tx, wish((MUG, 3), key="k"))

        assert buy(tx, wish((MUG, 2), key="k")) == first

    def test_twice_in_one_batch_is_placed_once(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})

        first, other, again, mismatch = buy(
            tx,
            wish((MUG, 2), key="k"),
            wish((MUG, 1), key="m"),
            wish((MUG, 2), key="k"),
            wish((MUG, 1), key="k"),
        )

        assert isinstance(first, Placed)
        assert again == first != other
        assert isinstance(mismatch, KeyMismatch)
        assert (rows(tx, "orders"), level(tx, MUG).reserved) == (2, 3)

    def test_the_same_key_of_another_caller_is_another_key(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})
        mine = wish((MUG, 1), key="k")
        theirs = type(mine)(
            person_id=BEN.person_id, lines=mine.lines, scope="somebody else", key="k"
        )

        first, second = buy(tx, mine, theirs)

        assert isinstance(first, Placed)
        assert isinstance(second, Placed)
        assert first.order_id != second.order_id

    def test_wishes_without_a_key_are_each_their_own(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})

        buy(tx, wish((MUG, 1)), wish((MUG, 1)))
        buy(tx, wish((MUG, 1)))

        assert rows(tx, "orders") == 3
        assert rows(tx, "idempotency") == 0

    def test_old_and_new_keys_mix_in_a_batch(self, tx: Tx) -> None:
        fill(tx, {MUG: 5})
        [old] = buy(tx, wish((MUG, 1), key="old"))

        fresh, again, alone = buy(
            tx, wish((MUG, 1), key="new"), wish((MUG, 1), key="old"), wish((MUG, 1))
        )

        assert again == old
        assert len({o.order_id for o in (old, fresh, alone) if isinstance(o, Placed)}) == 3
        assert out_of_balance(tx) == []
