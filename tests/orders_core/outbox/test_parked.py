"""After five tries an event is parked until somebody decides; the rest goes on."""

from datetime import timedelta

from orders_core.ids import EventId, OrderId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.outbox import store
from orders_core.tx import Tx
from tests.buying import MUG, bought, fill, moved, rows

NOW = timedelta(0)
A_DAY = timedelta(days=1)


def failing(tx: Tx, tries: int) -> tuple[OrderId, EventId]:
    """Place an order, cancel it, and let its first event fail so many times."""
    fill(tx, {MUG: 9})
    order_id = moved(tx, bought(tx, (MUG, 1)), OrderStatus.CANCELLED)
    event_id = None
    for number in range(1, tries + 1):
        [claim] = store.claim(tx, at_most=9)
        is_parked = store.fail(tx, claim, f"fault {number}", wait=NOW)
        assert is_parked is (number == store.TRIES)
        event_id = claim.event.id
    assert event_id is not None
    return order_id, event_id


def test_the_fifth_failure_parks_an_event_and_keeps_the_last_error(tx: Tx) -> None:
    _, event_id = failing(tx, store.TRIES)

    [parked] = store.parked(tx)

    assert (parked.event.id, parked.error, parked.waiting) == (event_id, "fault 5", 1)
    assert store.claim(tx, at_most=9) == []
    assert store.counts(tx) == {"parked": 1, "pending": 1}


def test_four_failures_do_not(tx: Tx) -> None:
    failing(tx, store.TRIES - 1)

    assert store.parked(tx) == []
    assert len(store.claim(tx, at_most=9)) == 1


def test_a_parked_event_holds_back_nobody_else(tx: Tx) -> None:
    failing(tx, store.TRIES)
    other = bought(tx, (MUG, 1))

    assert [claim.event.entity_id for claim in store.claim(tx, at_most=9)] == [other]


def test_what_only_waits_behind_a_parked_event_is_not_due(tx: Tx) -> None:
    failing(tx, store.TRIES)

    assert not store.any_due(tx)


def test_a_retried_event_has_five_new_tries(tx: Tx) -> None:
    _, event_id = failing(tx, store.TRIES)

    assert store.retry(tx, event_id, by="ops", why="mended")
    [claim] = store.claim(tx, at_most=9)

    assert (claim.event.id, claim.attempts) == (event_id, 1)
    assert not store.fail(tx, claim, "again", wait=NOW)


def test_a_discarded_event_lets_the_next_one_pass(tx: Tx) -> None:
    order_id, event_id = failing(tx, store.TRIES)

    assert store.discard(tx, event_id, by="ops", why="nobody will miss it")
    [claim] = store.claim(tx, at_most=9)

    assert (claim.event.entity_id, claim.event.version) == (order_id, 2)
    kept = "state = 'discarded' AND closed_by = 'ops' AND close_reason = 'nobody will miss it'"
    assert rows(tx, "outbox", kept) == 1


def test_only_what_is_parked_can_be_retried_or_discarded(tx: Tx) -> None:
    _, event_id = failing(tx, 1)

    for decide in (store.retry, store.discard):
        assert not decide(tx, event_id, by="ops", why="hasty")
        assert not decide(tx, EventId(new_id()), by="ops", why="nothing there")


def test_a_long_error_is_kept_short(tx: Tx) -> None:
    fill(tx, {MUG: 9})
    bought(tx, (MUG, 1))
    [claim] = store.claim(tx, at_most=9)

    store.fail(tx, claim, "x" * 100_000, wait=A_DAY)

    assert rows(tx, "outbox", "length(error) = 2000") == 1
