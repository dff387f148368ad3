"""What a dead process holds is freed within seconds; what a living one holds is left alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.db.heartbeat import beat
from app.db.transaction import begin
from app.house import House
from app.subscribers import rescue
from app.subscribers.rescue import Rescue
from orders_core.outbox import store
from tests.buying import MUG, bought

WORKER = "worker-fast@here:1"


@pytest.fixture(autouse=True)
def sure_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a second look count at once."""
    monkeypatch.setattr(rescue, "SURE_AFTER_SECONDS", 0.0)


def hold(house: House, worker: str | None = WORKER) -> None:
    with begin(house.engine) as tx:
        bought(tx, (MUG, 1))
        store.claim(tx, at_most=9, worker=worker)


def heard_from(house: House, *, seconds_ago: float) -> None:
    with begin(house.engine) as tx:
        beat(tx, WORKER, "worker-fast", is_leader=False)
        tx.execute(
            text("UPDATE heartbeat SET seen_at = seen_at - :ago"),
            {"ago": timedelta(seconds=seconds_ago)},
        )


def looks(house: House, times: int = 2) -> int:
    watch = Rescue(house.engine)
    return sum(watch.look() for _ in range(times))


def test_what_a_silent_process_holds_is_free_again(house: House) -> None:
    hold(house)
    heard_from(house, seconds_ago=60)

    assert looks(house) == 1
    with begin(house.engine) as tx:
        [again] = store.claim(tx, at_most=9)
    assert (again.token, again.attempts) == (2, 2)


def test_what_a_process_without_a_heart_holds_is_free_again(house: House) -> None:
    hold(house)

    assert looks(house) == 1


def test_what_a_living_process_holds_is_left_alone(house: House) -> None:
    hold(house)
    heard_from(house, seconds_ago=1)

    assert looks(house) == 0


def test_what_nobody_named_holds_is_left_to_its_lease(house: House) -> None:
    hold(house, worker=None)

    assert looks(house) == 0


def test_one_look_is_not_enough_to_call_anybody_dead(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescue, "SURE_AFTER_SECONDS", 60.0)
    hold(house)

    assert looks(house, times=3) == 0


def test_after_an_outage_nobody_is_suspected(house: House) -> None:
    hold(house)
    watch = Rescue(house.engine)
    watch._suspected_since = {WORKER: -1e9}

    watch.forget()

    assert watch._suspected_since == {}


def test_an_event_that_failed_keeps_its_wait_though_its_worker_died(house: House) -> None:
    with begin(house.engine) as tx:
        bought(tx, (MUG, 1))
        [claim] = store.claim(tx, at_most=9, worker=WORKER)
        store.fail(tx, claim, "no", wait=timedelta(hours=1))

    assert looks(house) == 0
