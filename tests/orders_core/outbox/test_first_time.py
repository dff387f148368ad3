"""An effect and the mark that it happened stand or fall together."""

import threading

from app.db.transaction import begin
from orders_core.ids import EventId, new_id
from orders_core.outbox.store import first_time
from orders_core.tx import Tx
from tests.shop import Shop

FIRST, SECOND = EventId(new_id()), EventId(new_id())


def test_each_consumer_hears_an_event_for_the_first_time_once(tx: Tx) -> None:
    assert first_time(tx, "hub", [FIRST, SECOND]) == {FIRST, SECOND}
    assert first_time(tx, "hub", [SECOND]) == frozenset()
    assert first_time(tx, "desk", [SECOND]) == {SECOND}
    assert first_time(tx, "hub", []) == frozenset()


def test_a_mark_that_was_taken_back_leaves_the_event_new(shop: Shop) -> None:
    with shop.engine.connect() as gone:
        first_time(gone, "hub", [FIRST])
        gone.rollback()

    with begin(shop.engine) as tx:
        assert first_time(tx, "hub", [FIRST]) == {FIRST}


def test_the_second_of_two_at_once_waits_and_finds_it_done(shop: Shop) -> None:
    heard: list[frozenset[EventId]] = []

    def second() -> None:
        with begin(shop.engine) as tx:
            heard.append(first_time(tx, "hub", [FIRST]))

    waiting = threading.Thread(target=second)
    with begin(shop.engine) as tx:
        heard.append(first_time(tx, "hub", [FIRST]))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join()

    assert heard == [{FIRST}, frozenset()]
