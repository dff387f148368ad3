"""A batch in which something is wrong with one request: the others are placed all the same."""

import time

import pytest
from sqlalchemy import text

from app.db.engine import make_engine
from app.db.transaction import begin
from app.orders.flush import (
    Flushed,
    HeldUp,
    OutcomeUnknown,
    ReferenceTaken,
    StillInProgress,
    Till,
    Unplaceable,
    flush,
)
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Placed
from orders_core.orders.refusals import SoldOut
from tests.buying import LAMP, MUG, TEA, buy, fill, level, out_of_balance, rows, wish
from tests.shop import Shop

#: A trigger that does something terrible to orders whose reference asks for it.
TERRIBLE = """
CREATE SEQUENCE tries;
CREATE FUNCTION terrible() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE
    WHEN NEW.reference LIKE 'poison%' THEN RAISE EXCEPTION 'no such order shall be';
    WHEN NEW.reference = 'kill' THEN PERFORM pg_terminate_backend(pg_backend_pid());
    WHEN NEW.reference = 'shutdown' THEN RAISE SQLSTATE '57P01';
    WHEN NEW.reference = 'clash always' THEN RAISE SQLSTATE '40P01';
    WHEN NEW.reference = 'clash twice' AND nextval('tries') <= 2 THEN RAISE SQLSTATE '40001';
    ELSE NULL;
  END CASE;
  RETURN NEW;
END $$;
CREATE TRIGGER terrible BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION terrible();
"""


@pytest.fixture
def till(shop: Shop) -> Shop:
    """A shop with a hundred of everything, where terrible things may happen."""
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 100, TEA: 100, LAMP: 100})
        tx.execute(text(TERRIBLE))
    return shop


def flushed(shop: Shop, *requests: PlaceRequest) -> list[Flushed]:
    return flush(shop.engine, requests, Till(clock=shop.clock))


def kinds(outcomes: list[Flushed]) -> list[type]:
    return [type(outcome) for outcome in outcomes]


def test_each_request_gets_its_outcome_and_the_time_is_the_shops(till: Shop) -> None:
    placed, sold_out = flushed(till, wish((MUG, 1)), wish((MUG, 101)))

    assert isinstance(placed, Placed)
    assert isinstance(sold_out, SoldOut)
    assert placed.placed_at == till.clock.now()


@pytest.mark.parametrize(("size", "at"), [(1, 0), (9, 0), (64, 63)])
def test_a_poison_order_fails_alone(till: Shop, size: int, at: int) -> None:
    requests = [wish((MUG, 1), key=f"k{number}") for number in range(size)]
    requests[at] = wish((MUG, 1), reference="poison", key=f"k{at}")

    outcomes = flushed(till, *requests)

    assert kinds(outcomes) == [Unplaceable if n == at else Placed for n in range(size)]
    with begin(till.engine) as tx:
        assert rows(tx, "orders") == level(tx, MUG).reserved == size - 1
        assert out_of_balance(tx) == []


def test_several_poison_orders_fail_and_nobody_else(till: Shop) -> None:
    requests = [
        wish((MUG, 1), reference=f"poison {n}" if n in {3, 4, 11} else None) for n in range(16)
    ]

    outcomes = flushed(till, *requests)

    assert [n for n, o in enumerate(outcomes) if isinstance(o, Unplaceable)] == [3, 4, 11]
    assert kinds(outcomes).count(Placed) == 13


def test_a_reference_that_is_taken_fails_alone(till: Shop) -> None:
    flushed(till, wish((MUG, 1), reference="W-1"))

    outcomes = flushed(till, wish((MUG, 1)), wish((MUG, 1), reference="W-1"), wish((TEA, 1)))

    assert kinds(outcomes) == [Placed, ReferenceTaken, Placed]


def test_the_key_of_a_poison_order_is_free_for_another_try(till: Shop) -> None:
    poison = wish((MUG, 1), reference="poison", key="k")
    flushed(till, poison)
    with begin(till.engine) as tx:
        tx.execute(text("DROP TRIGGER terrible ON orders"))

    assert kinds(flushed(till, poison)) == [Placed]


def test_a_key_in_other_hands_is_still_in_progress_while_its_neighbours_are_placed(
    till: Shop,
) -> None:
    neighbours = [wish((LAMP, 1), key=f"other {number}") for number in range(40)]
    requests = [*neighbours[:20], wish((MUG, 1), key="k"), *neighbours[20:]]

    with begin(till.engine) as somebody:
        buy(somebody, wish((MUG, 1), key="k"))
        started = time.monotonic()
        outcomes = flushed(till, *requests)
        waited = time.monotonic() - started
    again = flushed(till, *requests)

    assert kinds(outcomes) == [Placed] * 20 + [StillInProgress] + [Placed] * 20
    assert 1.9 < waited < 4  # once in the batch and once alone
    assert kinds(again) == [Placed] * 41
    with begin(till.engine) as tx:
        assert (level(tx, MUG).reserved, level(tx, LAMP).reserved) == (1, 40)


def test_a_level_in_other_hands_holds_a_batch_up_once_not_every_request(till: Shop) -> None:
    impatient = make_engine(till.url, pool_size=1)
    with begin(impatient) as tx:
        tx.execute(text("SET lock_timeout = '300ms'"))

    with begin(till.engine) as clerk:
        clerk.execute(text("SELECT 1 FROM level FOR UPDATE"))
        started = time.monotonic()
        outcomes = flush(impatient, [wish((MUG, 1))] * 20, Till(clock=till.clock))
        waited = time.monotonic() - started
    impatient.dispose()

    assert kinds(outcomes) == [HeldUp] * 20
    assert waited < 3
    assert kinds(flushed(till, wish((MUG, 1)))) == [Placed]


def test_a_database_that_is_away_leaves_the_outcome_unknown(shop: Shop) -> None:
    nowhere = make_engine("postgresql://shop@127.0.0.1:9/shop")

    outcomes = flush(nowhere, [wish((MUG, 1)), wish((TEA, 1))], Till(clock=shop.clock))

    assert kinds(outcomes) == [OutcomeUnknown, OutcomeUnknown]


def test_a_session_that_dies_leaves_the_outcome_unknown_and_the_next_batch_goes_through(
    till: Shop,
) -> None:
    outcomes = flushed(
        till, wish((MUG, 1), key="k"), wish((MUG, 1), reference="kill", key="killer")
    )

    assert kinds(outcomes) == [OutcomeUnknown, OutcomeUnknown]
    assert kinds(flushed(till, wish((MUG, 1), key="k"), wish((TEA, 1)))) == [Placed, Placed]


def test_a_server_that_shuts_down_leaves_the_outcome_unknown(till: Shop) -> None:
    outcomes = flushed(till, wish((MUG, 1)), wish((MUG, 1), reference="shutdown"))

    assert kinds(outcomes) == [OutcomeUnknown, OutcomeUnknown]


def test_a_clash_is_tried_again_and_nobody_notices(till: Shop) -> None:
    outcomes = flushed(till, wish((MUG, 1)), wish((MUG, 1), reference="clash twice"))

    assert kinds(outcomes) == [Placed, Placed]


def test_a_clash_that_does_not_end_is_given_up_for_the_caller_to_repeat(till: Shop) -> None:
    outcomes = flushed(till, wish((MUG, 1), reference="clash always"), wish((MUG, 1)))

    assert kinds(outcomes) == [OutcomeUnknown, OutcomeUnknown]
