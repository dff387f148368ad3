"""The relay rings awake whoever has something due, once each, and stands whatever is away."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from app.db.engine import make_engine
from app.db.transaction import begin
from app.desk import training_store
from app.entry.relay import BUSY_SECONDS, IDLE_SECONDS, Due, look, ring, run
from app.entry.standing import Stop
from app.house import House
from app.jobs.broker import Bell, make_celery
from app.jobs.lanes import EVENTS, SLOW, Lane, queue_of
from app.subscribers.drain import drain
from app.subscribers.handle import handle_events
from orders_core.orders.order import OrderStatus
from orders_core.outbox import store
from tests import poll
from tests.buying import MUG, bought, buy, moved, wish
from tests.cast import DEE
from tests.shop import Shop
from tests.wakeups import waiting

QUIET = Due(events=False, lanes=[])


@contextmanager
def running(house: House, bell: Bell) -> Iterator[threading.Thread]:
    stop = Stop()
    thread = threading.Thread(target=run, args=(house.engine, house.clock, bell, stop))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def order(house: House) -> None:
    with begin(house.engine) as tx:
        buy(tx, wish((MUG, 1), who=DEE))


def test_it_sees_events_then_the_lanes_of_the_messages_they_made(house: House) -> None:
    before = look(house.engine, house.clock)
    order(house)
    with_event = look(house.engine, house.clock)
    handle_events(house)
    with_message = look(house.engine, house.clock)

    assert not before
    assert with_event == Due(events=True, lanes=[])
    assert with_message == Due(events=False, lanes=[Lane.ORDER])


class Pauses(Stop):
    """Writes down how long the relay would wait, lets events be handled meanwhile, and ends it."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.seen: list[float | None] = []
        self._house = house

    def wait(self, timeout: float | None = None) -> bool:
        self.seen.append(timeout)
        drain(self._house)
        if len(self.seen) == 3:
            self.set()
        return self.is_set()


def test_after_something_was_due_it_looks_often_for_a_while(house: House) -> None:
    order(house)
    pauses = Pauses(house)

    run(house.engine, house.clock, Bell(make_celery(house.settings.broker_address)), pauses)

    assert pauses.seen == [BUSY_SECONDS] * 3


def test_with_nothing_due_for_long_it_looks_seldom(house: House) -> None:
    pauses = Pauses(house)

    run(house.engine, house.clock, Bell(make_celery(house.settings.broker_address)), pauses)

    assert pauses.seen == [IDLE_SECONDS] * 3


def test_what_is_claimed_is_not_due(house: House) -> None:
    order(house)
    with begin(house.engine) as tx:
        store.claim(tx, at_most=9)

    assert look(house.engine, house.clock) == QUIET


def test_what_waits_behind_a_parked_event_rings_nobody(house: House) -> None:
    with begin(house.engine) as tx:
        moved(tx, bought(tx, (MUG, 1)), OrderStatus.CANCELLED)
        tx.execute(text("UPDATE outbox SET state = 'parked' WHERE version = 1"))

    assert look(house.engine, house.clock) == QUIET


def test_each_due_lane_is_rung_once_and_no_other(shop: Shop) -> None:
    bell = Bell(make_celery(shop.broker_url))

    assert ring(bell, Due(events=True, lanes=[Lane.ORDER, Lane.MARKETING]))

    queues = [EVENTS, *map(queue_of, Lane)]
    assert [len(waiting(shop, queue)) for queue in queues] == [1, 0, 1, 0, 1]


def test_an_order_is_heard_of_soon(house: House, shop: Shop) -> None:
    with running(house, Bell(make_celery(shop.broker_url))):
        assert waiting(shop, EVENTS) == []
        order(house)
        poll.until(lambda: waiting(shop, EVENTS), within_seconds=3)


def test_a_broker_that_is_away_is_waited_for(house: House, shop: Shop, tmp_path: Path) -> None:
    real = urlsplit(shop.broker_url).path
    door = tmp_path / "valkey.sock"  # where the broker will be reachable later
    order(house)

    with running(house, Bell(make_celery(shop.broker_url.replace(real, str(door))))) as relay:
        relay.join(0.5)
        assert relay.is_alive()
        door.symlink_to(real)
        poll.until(lambda: waiting(shop, EVENTS), within_seconds=8)


def test_a_database_that_is_away_is_waited_for(house: House) -> None:
    stop, started = Stop(), time.monotonic()
    nowhere = make_engine("postgresql://shop@127.0.0.1:9/shop")
    relay = threading.Thread(
        target=run, args=(nowhere, house.clock, Bell(make_celery("redis://127.0.0.1:9")), stop)
    )

    relay.start()
    relay.join(0.5)

    assert relay.is_alive()
    stop.set()
    relay.join(5)
    assert time.monotonic() - started < 5


def test_a_model_that_was_asked_for_wakes_the_slow_worker_alone(house: House, shop: Shop) -> None:
    with begin(house.engine) as tx:
        training_store.ask(tx, "a recipe", now=house.clock.now())
    due = look(house.engine, house.clock)
    bell = Bell(make_celery(shop.broker_url))

    assert due.slow
    assert not due  # nobody waits for it: the relay need not look again at once
    assert ring(bell, due)
    assert len(waiting(shop, SLOW)) == 1
