"""Taking events off the outbox: in order within an entity, by one claimer, until the lease ends."""

import time
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import insert

from app.db.transaction import begin
from orders_core.events import EventType
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.orders.tables import orders as order_table
from orders_core.outbox import store
from orders_core.outbox.store import Claim
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, moved, rows
from tests.shop import Shop

NO_LEASE = timedelta(0)
NOW = timedelta(0)
A_DAY = timedelta(days=1)


def claimed(tx: Tx, *, at_most: int = 99, lease: timedelta = A_DAY) -> list[Claim]:
    return store.claim(tx, at_most=at_most, lease=lease)


def entities(claims: list[Claim]) -> list[OrderId]:
    return [claim.event.entity_id for claim in claims]


def orders(tx: Tx, number: int) -> list[OrderId]:
    fill(tx, {MUG: 99})
    return [bought(tx, (MUG, 1)) for _ in range(number)]


def test_a_claim_brings_the_event_as_its_trigger_wrote_it(tx: Tx) -> None:
    [order_id] = orders(tx, 1)

    [claim] = claimed(tx)

    assert (claim.event.type, claim.event.entity) == (EventType.ORDER_PLACED, "order")
    assert (claim.event.entity_id, claim.event.version) == (order_id, 1)
    assert (claim.token, claim.attempts) == (1, 1)


def test_what_is_claimed_is_not_claimed_again_before_its_lease_ends(tx: Tx) -> None:
    orders(tx, 2)

    assert len(claimed(tx)) == 2
    assert claimed(tx) == []
    assert not store.any_due(tx)


def test_a_lease_that_ran_out_is_claimed_again_with_a_new_token(tx: Tx) -> None:
    orders(tx, 1)
    claimed(tx, lease=NO_LEASE)

    [again] = claimed(tx)

    assert (again.token, again.attempts) == (2, 2)


def test_the_longest_waiting_come_first(tx: Tx) -> None:
    made = orders(tx, 5)

    assert entities(claimed(tx, at_most=2)) == made[:2]
    assert entities(claimed(tx, at_most=2)) == made[2:4]


def test_within_an_entity_the_next_change_waits_for_the_one_before(tx: Tx) -> None:
    first, second = orders(tx, 2)
    moved(tx, first, OrderStatus.CANCELLED)

    before = claimed(tx)
    nothing = claimed(tx)
    store.close(tx, before)
    after = claimed(tx)

    assert entities(before) == [first, second]
    assert nothing == []
    assert [(c.event.entity_id, c.event.version) for c in after] == [(first, 2)]


def test_an_event_that_failed_holds_back_its_own_entity_only(tx: Tx) -> None:
    first, second = orders(tx, 2)
    for order_id in (first, second):
        moved(tx, order_id, OrderStatus.CANCELLED)
    poison, good = claimed(tx)

    store.fail(tx, poison, "no", wait=A_DAY)
    store.close(tx, [good])

    assert entities(claimed(tx)) == [second]


def test_a_failed_event_comes_again_after_its_wait(tx: Tx) -> None:
    orders(tx, 1)
    [claim] = claimed(tx)

    is_parked = store.fail(tx, claim, "no", wait=NOW)

    assert not is_parked
    assert [again.attempts for again in claimed(tx)] == [2]


def test_whoever_slept_through_the_lease_is_fenced_off(tx: Tx) -> None:
    orders(tx, 2)
    sleepers = claimed(tx, lease=NO_LEASE)
    awake = claimed(tx)

    assert store.close(tx, sleepers) == 2
    assert rows(tx, "outbox", "state = 'done'") == 0
    assert store.close(tx, awake) == 0
    assert rows(tx, "outbox", "state = 'done'") == 2


def test_a_sleeper_cannot_fail_what_another_holds(tx: Tx) -> None:
    orders(tx, 1)
    [sleeper] = claimed(tx, lease=NO_LEASE)
    [awake] = claimed(tx)

    store.fail(tx, sleeper, "too late", wait=NOW)

    assert claimed(tx) == []
    assert store.close(tx, [awake]) == 0


def test_two_claimers_never_take_the_same_and_never_wait_for_each_other(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        made = orders(tx, 5)

    started = time.monotonic()
    with begin(shop.engine) as one, begin(shop.engine) as other:
        first = claimed(one, at_most=3)
        second = claimed(other)

    assert entities(first) + entities(second) == made
    assert time.monotonic() - started < 4


def test_an_event_whose_transaction_commits_last_is_not_skipped(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 99})

    with begin(shop.engine) as slow:
        late = _placed_beside_the_shelf(slow)
        with begin(shop.engine) as quick:
            early = _placed_beside_the_shelf(quick)
        with begin(shop.engine) as relay:
            seen_before = claimed(relay)
    with begin(shop.engine) as relay:
        seen_after = claimed(relay)

    assert (entities(seen_before), entities(seen_after)) == ([early], [late])
    assert seen_after[0].event.id < seen_before[0].event.id


def test_a_transaction_that_wrote_and_idles_does_not_hold_up_the_others_events(
    shop: Shop,
) -> None:
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 99})
    alone = _seconds_to_claim(shop)

    with begin(shop.engine) as idle:
        _placed_beside_the_shelf(idle)
        beside = _seconds_to_claim(shop)

    assert beside < 3 * alone + 0.5


def _placed_beside_the_shelf(tx: Tx) -> OrderId:
    """Write an order without locking a level, so that several transactions can at once."""
    order_id = OrderId(uuid4())
    about = change()
    tx.execute(
        insert(order_table).values(
            id=order_id,
            number=order_id.int % 10**12,
            source="shop",
            person_id=order_id,
            status="placed",
            currency="CNY",
            total_minor=0,
            placed_at=about.at,
            changed_by=about.by,
            change_reason=about.why,
            changed_at=about.at,
        )
    )
    return order_id


def _seconds_to_claim(shop: Shop) -> float:
    """Place and claim twenty orders one after the other; the slowest claim counts."""
    slowest = 0.0
    for _ in range(20):
        with begin(shop.engine) as tx:
            order_id = _placed_beside_the_shelf(tx)
        started = time.monotonic()
        with begin(shop.engine) as tx:
            claims = claimed(tx)
            store.close(tx, claims)
        slowest = max(slowest, time.monotonic() - started)
        assert entities(claims) == [order_id]
    return slowest
