"""The big switch: marketing stops at once, says by whom and why, and nothing slips past it."""

from collections.abc import Callable

from app.db.transaction import begin
from app.hub import switch
from app.hub.policy import read_policy
from app.settings import Settings
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, queued, tell, wish
from tests.cast import ANA, DEE
from tests.shop import MORNING, Shop
from tests.together import together


def stop(tx: Tx) -> int:
    return switch.stop(tx, by="staff:ops", why="wrong price", now=MORNING)


def test_marketing_runs_until_somebody_stops_it(tx: Tx):
    assert not switch.is_stopped(tx)
    assert switch.last(tx) is None


def test_a_stop_is_signed(tx: Tx):
    stop(tx)

    last = switch.last(tx)
    assert last is not None
    assert (last.is_on, last.by, last.why, last.at) == (True, "staff:ops", "wrong price", MORNING)


def test_a_stop_is_in_every_policy_read_after_it(tx: Tx):
    stop(tx)

    assert read_policy(tx, Settings(mode="test")).bounds.is_marketing_stopped


def test_a_stop_cancels_the_marketing_that_is_queued_and_nothing_else(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "announcement", dispatch="tea"), wish(ANA, "order_paid"))

    cancelled = stop(tx)

    states = {(row.kind, row.state) for row in queued(tx)}
    assert cancelled == 3
    assert states == {("marketing", "cancelled"), ("order", "queued")}
    assert {row.error for row in queued(tx)} == {"stopped: wrong price", None}


def test_marketing_may_be_resumed_and_what_was_cancelled_stays_so(tx: Tx):
    enter(tx, ANA, DEE)
    tell(tx, wish(ANA, "announcement"))
    stop(tx)

    switch.resume(tx, by="staff:ops", why="price mended", now=MORNING)
    [decision] = tell(tx, wish(DEE, "announcement"))

    assert decision.verdict.because is None
    assert {row.state for row in queued(tx) if row.person_id == ANA.person_id} == {"cancelled"}


def test_what_is_being_decided_while_it_stops_is_cancelled_too(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA)

    def decide() -> int:
        with begin(shop.engine) as tx:
            return len(tell(tx, wish(ANA, "announcement"), policy=POLICY))

    def flip() -> int:
        with begin(shop.engine) as tx:
            return stop(tx)

    works: list[Callable[[], int]] = [decide, flip]
    together(*works)

    with begin(shop.engine) as tx:
        assert {row.state for row in queued(tx)} <= {"cancelled"}


def test_a_stop_waits_for_a_decision_that_is_under_way(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA)

    with begin(shop.engine) as deciding:
        tell(deciding, wish(ANA, "announcement"))
        with begin(shop.engine) as other:
            free = "SELECT pg_try_advisory_xact_lock(6845794)"
            assert other.exec_driver_sql(free).scalar() is False

    with begin(shop.engine) as tx:
        assert stop(tx) == 3
