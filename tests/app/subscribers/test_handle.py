"""Events are handled in order and to the end; each effect happens once, whatever goes wrong."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.house import House
from app.jobs.crash import FAULT, KILLED
from app.subscribers import handle
from app.subscribers.handle import Handled, Subscribers, handle_events
from orders_core.events import Event, EventType
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.outbox import store
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.app.subscribers.ledger import entries, ledger, listening
from tests.buying import MUG, bought, moved, rows
from tests.shop import Shop
from tests.together import together

ROOT = Path(__file__).parents[3]


def orders(house: House, number: int) -> list[OrderId]:
    with begin(house.engine) as tx:
        return [bought(tx, (MUG, 1)) for _ in range(number)]


def events_of(house: House, order_id: OrderId) -> list[UUID]:
    with begin(house.engine) as tx:
        return [event.id for event in history_of(tx, order_id)]


def let_time_pass(house: House) -> None:
    """Every lease and every wait is over."""
    with begin(house.engine) as tx:
        tx.execute(text("UPDATE outbox SET not_before = clock_timestamp()"))


def poisoned(order_id: OrderId) -> Subscribers:
    """Make a consumer that cannot stand one order."""

    def refuse(_tx: Tx, event: Event) -> None:
        if event.entity_id == order_id:
            raise ValueError(f"cannot stand {order_id}")

    return listening(ledger(meanwhile=refuse))


def open_events(house: House) -> int:
    with begin(house.engine) as tx:
        return rows(tx, "outbox", "state <> 'done'")


def test_every_consumer_hears_every_event_once(house: House, shop: Shop) -> None:
    placed = orders(house, 3)
    both = listening(ledger("one"), ledger("other"))

    first, again = handle_events(house, subscribers=both), handle_events(house, subscribers=both)

    assert (first, again) == (Handled(done=3), Handled())
    assert entries(shop) == {
        (name, event): 1
        for name in ("one", "other")
        for o in placed
        for event in events_of(house, o)
    }


def test_an_event_that_nobody_needs_is_done_all_the_same(house: House, shop: Shop) -> None:
    orders(house, 1)

    assert handle_events(house, subscribers=dict.fromkeys(EventType, ())).done == 1
    assert (open_events(house), entries(shop)) == (0, {})


def test_a_poison_event_in_a_batch_fails_alone_and_leaves_no_trace(
    house: House, shop: Shop
) -> None:
    one, poison, other = orders(house, 3)

    result = handle_events(house, subscribers=poisoned(poison))

    assert result == Handled(done=2, failed=1)
    heard = {("ledger", event): 1 for o in (one, other) for event in events_of(house, o)}
    assert entries(shop) == heard
    with begin(house.engine) as tx:
        assert rows(tx, "outbox", "error LIKE 'ledger: ValueError(%cannot stand%'") == 1
        assert rows(tx, "handled") == 2


def test_a_failed_event_waits_before_it_is_tried_again(house: House) -> None:
    [poison] = orders(house, 1)
    subscribers = poisoned(poison)
    handle_events(house, subscribers=subscribers)

    assert handle_events(house, subscribers=subscribers) == Handled()
    let_time_pass(house)
    assert handle_events(house, subscribers=subscribers) == Handled(failed=1)


def test_in_haste_what_failed_is_tried_again_only_when_nothing_new_is_due(house: House) -> None:
    [poison] = orders(house, 1)
    subscribers = poisoned(poison)
    handle_events(house, subscribers=subscribers)
    let_time_pass(house)
    orders(house, 1)

    first, then = (handle_events(house, subscribers=subscribers, in_haste=True) for _ in range(2))
    assert (first, then) == (Handled(done=1), Handled(failed=1))


def test_the_fifth_failure_parks_it_and_its_successors_wait_until_it_is_discarded(
    house: House, shop: Shop
) -> None:
    poison, fine = orders(house, 2)
    with begin(house.engine) as tx:
        for order_id in (poison, fine):
            moved(tx, order_id, OrderStatus.CANCELLED)
    subscribers = poisoned(poison)

    parked = 0
    for _ in range(8):
        parked += handle_events(house, subscribers=subscribers).parked
        let_time_pass(house)

    assert parked == 1
    assert entries(shop) == {("ledger", event): 1 for event in events_of(house, fine)}
    with begin(house.engine) as tx:
        [stuck] = store.parked(tx)
        assert (stuck.event.entity_id, stuck.waiting) == (poison, 1)
        store.discard(tx, stuck.event.id, by="ops", why="cannot be stood")
    assert handle_events(house, subscribers=listening(ledger())) == Handled(done=1)


def test_who_heard_an_event_before_another_failed_does_not_hear_it_again(
    house: House, shop: Shop
) -> None:
    [order_id] = orders(house, 1)
    [event_id] = events_of(house, order_id)
    moods = iter([ValueError("not now"), ValueError("still not"), None])

    def moody(_tx: Tx, _event: Event) -> None:
        if fault := next(moods):
            raise fault

    both = listening(ledger("calm"), ledger("moody", meanwhile=moody))
    handle_events(house, subscribers=both)
    let_time_pass(house)

    assert handle_events(house, subscribers=both) == Handled(done=1)
    assert entries(shop) == {("calm", event_id): 1, ("moody", event_id): 1}


def test_a_clash_in_the_database_is_no_failure_of_the_event(house: House, shop: Shop) -> None:
    [order_id] = orders(house, 1)
    clashes = iter([True, True, False])

    def clash(tx: Tx, _event: Event) -> None:
        if next(clashes):
            tx.execute(text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))

    result = handle_events(house, subscribers=listening(ledger(meanwhile=clash)))

    assert result == Handled(done=1)
    assert entries(shop) == {("ledger", events_of(house, order_id)[0]): 1}


def test_whoever_lost_the_lease_meanwhile_does_not_close_the_event(house: House) -> None:
    orders(house, 1)

    def stolen(_tx: Tx, _event: Event) -> None:
        with begin(house.engine) as thief:
            thief.execute(text("UPDATE outbox SET token = token + 1"))

    result = handle_events(house, subscribers=listening(ledger(meanwhile=stolen)))

    assert result == Handled(fenced=1)
    assert open_events(house) == 1


def test_two_workers_share_the_events_and_double_none(house: House, shop: Shop) -> None:
    orders(house, 60)

    def work() -> int:
        done = 0
        while result := handle_events(house, subscribers=listening(ledger())).done:
            done += result
        return done

    assert sum(together(work, work, work)) == 60
    assert set(entries(shop).values()) == {1}
    assert len(entries(shop)) == 60


@pytest.mark.parametrize(
    ("point", "heard_before"), [("events.after_claim", 0), ("events.before_close", 3)]
)
def test_a_worker_killed_on_the_way_repeats_the_work_but_never_the_effect(
    house: House, shop: Shop, point: str, heard_before: int
) -> None:
    orders(house, 3)

    died = subprocess.run(
        [sys.executable, "-m", "tests.app.subscribers.ledger", shop.url],
        cwd=ROOT,
        env={**os.environ, FAULT: point},
        timeout=60,
        check=False,
    )
    before = entries(shop)
    held = handle_events(house, subscribers=listening(ledger()))
    let_time_pass(house)
    after = [handle_events(house, subscribers=listening(ledger())) for _ in range(3)]

    assert died.returncode == KILLED
    assert (len(before), held) == (heard_before, Handled())
    assert after == [Handled(done=1)] * 3
    assert sorted(entries(shop).values()) == [1, 1, 1]


def test_an_event_that_ended_its_process_five_times_is_parked(house: House, shop: Shop) -> None:
    deadly, other = orders(house, 2)
    for _ in range(store.TRIES):  # claimed, and never answered for
        with begin(house.engine) as tx:
            store.claim(tx, at_most=10)
        let_time_pass(house)

    passes = [handle_events(house, subscribers=listening(ledger())) for _ in range(3)]

    assert sum(one.parked for one in passes) == 2
    with begin(house.engine) as tx:
        held = store.parked(tx)
        assert {one.event.entity_id for one in held} == {deadly, other}
        assert all("five times" in one.error for one in held)


def test_what_was_tried_before_is_taken_alone(house: House) -> None:
    orders(house, 3)
    with begin(house.engine) as tx:
        store.claim(tx, at_most=10)
    let_time_pass(house)
    orders(house, 2)

    assert handle_events(house, subscribers=listening()).done == 2 + 1


def silent(house: House, number: int, *, ring: str = "never") -> None:
    """Leave history behind: orders that were written down and may ring nobody."""
    orders(house, number)
    with begin(house.engine) as tx:
        tx.execute(text("UPDATE history SET ring = :ring"), {"ring": ring})


def test_who_does_not_hear_history_is_spared_it(house: House, shop: Shop) -> None:
    silent(house, 2)
    newcomer = replace(ledger("newcomer"), hears_history=False)

    result = handle_events(house, subscribers=listening(ledger("archivist"), newcomer))

    assert result == Handled(done=2)
    assert {name for name, _ in entries(shop)} == {"archivist"}


def test_a_live_event_does_not_stand_in_line_behind_history_that_nobody_hears(
    house: House, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle, "BATCH", 10)
    silent(house, 60)
    [live] = orders(house, 1)
    newcomer = replace(ledger(), hears_history=False)

    passes = [handle_events(house, subscribers=listening(newcomer)).done for _ in range(2)]

    assert passes == [60, 1]
    assert entries(shop) == {("ledger", event): 1 for event in events_of(house, live)}


def test_history_that_somebody_hears_is_handled_event_by_event(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle, "BATCH", 10)
    silent(house, 30)

    assert handle_events(house, subscribers=listening(ledger())).done == 10
