"""A plan is asked for by a row and made once, whoever makes it."""

from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from app.db.slots import run_due as tick
from app.db.transaction import begin
from app.entry.scheduler import JOBS
from app.forecast import gather, make, plan_store, run_store
from app.forecast.contacts import heard
from app.forecast.sends import announce
from ml.load.plan import make_plan
from orders_core.tx import Tx
from tests.app.forecast.history import HOUR, LAST_MONTH, TONIGHT, furnish, house_of, usual
from tests.buying import rows
from tests.shop import MORNING, Shop
from tests.together import together

A_WEEK = timedelta(days=7)


def always() -> bool:
    return True


def asked_and_made(shop: Shop) -> int:
    with begin(shop.engine) as tx:
        make.ask(tx, why="asked", by="test", now=shop.clock.now())
    return make.run_due(house_of(shop), always)


def planned(shop: Shop) -> dict[str, plan_store.PlannedHour]:
    with begin(shop.engine) as tx:
        found = plan_store.plan(tx, since=MORNING - A_WEEK, until=MORNING + 2 * A_WEEK)
    return {hour.hour.isoformat(): hour for hour in found}


def test_an_asked_run_becomes_a_plan_of_eight_days(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)

    assert asked_and_made(shop) == 1
    assert make.run_due(house_of(shop), always) == 0

    plan = planned(shop)
    tonight = plan[TONIGHT.starts_at.isoformat()]
    tomorrow = plan[(TONIGHT.starts_at + timedelta(days=1)).isoformat()]
    assert len(plan) == 8 * 24
    assert tonight.baseline == tomorrow.baseline == usual(TONIGHT.starts_at)
    assert tomorrow.multiplier == 1
    assert 2.5 < tonight.multiplier < 3  # tripled once, and the prior pulls a little
    assert tonight.low <= tonight.expected <= tonight.high
    assert tonight.people_needed > tomorrow.people_needed > 0


def test_what_a_plan_rests_on_is_stored_beside_it(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
    asked_and_made(shop)

    with begin(shop.engine) as tx:
        run = run_store.latest(tx)
    assert run is not None
    assert run.state == "stored"
    assert run.made_at == shop.clock.now()
    assert run.facts["weeks_used"] == 4
    assert run.facts["multiplier"]["promotions_used"] == 1
    assert run.facts["held"][LAST_MONTH.reference]["came"] == pytest.approx(
        3 * run.facts["held"][LAST_MONTH.reference]["usual"]
    )


def test_the_same_past_makes_the_same_plan(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
    asked_and_made(shop)
    first = planned(shop)
    asked_and_made(shop)

    assert planned(shop) == first
    with begin(shop.engine) as tx:
        digests = tx.execute(text("SELECT facts ->> 'inputs' FROM forecast_run")).scalars().all()
    assert len(digests) == 2
    assert len(set(digests)) == 1


def test_what_comes_later_changes_nothing_of_what_was_known(shop: Shop):
    """Noise after the origin leaves the plan as it was."""
    with begin(shop.engine) as tx:
        furnish(tx)
        before = make_plan(gather.known(tx, house_of(shop).settings, now=MORNING))
        for step in range(300):
            heard(tx, at=MORNING + step * HOUR / 3, how="api")
        after = make_plan(gather.known(tx, house_of(shop).settings, now=MORNING))

    assert before == after


def test_two_workers_make_one_plan(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
        make.ask(tx, why="asked", by="test", now=MORNING)
    start = Barrier(2)

    def work() -> int:
        start.wait()
        return make.run_due(house_of(shop), always)

    made = together(work, work)

    assert sorted(made) == [0, 1]
    with begin(shop.engine) as tx:
        assert rows(tx, "forecast_run", "state = 'stored'") == 1
        assert rows(tx, "forecast_hour") == 8 * 24


def test_asking_twice_before_anybody_looks_asks_once(tx: Tx):
    first = make.ask(tx, why="asked", by="ana", now=MORNING)

    assert make.ask(tx, why="promotion", by="ben", now=MORNING) == first
    assert run_store.waiting(tx) == 1


def test_asking_while_a_worker_is_at_it_asks_again(shop: Shop):
    """It may have read what is old by now; and nobody waits for it."""
    with begin(shop.engine) as tx:
        first = make.ask(tx, why="asked", by="ana", now=MORNING)
    with begin(shop.engine) as working:
        claimed = run_store.claim(working)
        assert claimed is not None
        assert claimed.id == first
        with begin(shop.engine) as tx:
            assert make.ask(tx, why="asked", by="ben", now=MORNING) != first


def test_a_worker_that_dies_leaves_the_run_asked_for(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
        make.ask(tx, why="asked", by="test", now=MORNING)
    with shop.engine.connect() as dying:
        assert run_store.claim(dying) is not None

    assert make.run_due(house_of(shop), always) == 1


def test_a_run_that_cannot_be_made_is_closed_and_says_so(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
        make.ask(tx, why="asked", by="test", now=MORNING)
        tx.execute(text("ALTER TABLE forecast_hour ADD CHECK (people_needed < 0)"))

    make.run_due(house_of(shop), always)

    with begin(shop.engine) as tx:
        run = tx.execute(text("SELECT state, error FROM forecast_run")).one()
    assert run == ("failed", "IntegrityError")


def test_a_worker_that_is_told_to_stop_takes_no_run(shop: Shop):
    with begin(shop.engine) as tx:
        make.ask(tx, why="asked", by="test", now=MORNING)

    assert make.run_due(house_of(shop), lambda: False) == 0


def test_a_shop_without_a_past_gets_an_empty_plan(shop: Shop):
    assert asked_and_made(shop) == 1
    assert planned(shop) == {}


def test_hours_that_are_over_keep_what_was_foreseen_of_them(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
    asked_and_made(shop)
    over = planned(shop)[MORNING.isoformat()]
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE contact_slot SET contacts = contacts * 2"))
    shop.clock.advance(3 * HOUR)
    asked_and_made(shop)

    plan = planned(shop)
    assert plan[MORNING.isoformat()] == over
    assert plan[(MORNING + 4 * HOUR).isoformat()].baseline == 2 * usual(MORNING + 4 * HOUR)


def test_a_day_that_goes_higher_than_planned_lifts_what_is_left_of_it(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
        for minute in range(120):
            heard(tx, at=MORNING - timedelta(minutes=minute + 1), how="order_page")
    asked_and_made(shop)

    plan = planned(shop)
    assert plan[MORNING.isoformat()].level > 1.2
    assert plan[(MORNING + timedelta(days=1)).isoformat()].level == 1


def test_messages_that_are_to_be_sent_add_contacts(shop: Shop):
    at = MORNING + timedelta(days=2)
    with begin(shop.engine) as tx:
        furnish(tx)
        announce(tx, "cmp_1", {at: 20_000})
    asked_and_made(shop)
    assert planned(shop)[at.isoformat()].added == pytest.approx(20_000 / 1000 * 6 * 0.45)

    with begin(shop.engine) as tx:
        announce(tx, "cmp_1", {})
    asked_and_made(shop)
    assert planned(shop)[at.isoformat()].added == 0


def test_contacts_that_nobody_had_to_answer_need_nobody(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
        for number in range(200):
            at = MORNING - timedelta(days=3, minutes=number)
            heard(tx, at=at, how="order_page", answered=number % 4 > 0)
    asked_and_made(shop)

    with begin(shop.engine) as tx:
        run = run_store.latest(tx)
    assert run is not None
    assert run.facts["person_share"] == pytest.approx(0.25)


def test_the_scheduler_asks_by_night_and_by_the_hour(shop: Shop):
    jobs = {job.name: job for job in JOBS}
    for name in ("forecast.nightly", "forecast.hourly"):
        assert tick(shop.engine, jobs[name], now=MORNING) == 1
    with begin(shop.engine) as tx:
        assert run_store.waiting(tx) == 1
        notes = tx.execute(text("SELECT note FROM slot ORDER BY job DESC")).scalars().all()
    assert notes == ["asked, 0 old hours forgotten", "asked"]


def test_old_hourly_plans_are_forgotten_but_not_what_each_hour_was_last_foreseen_as(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
        make.ask(tx, why="hourly", by="test", now=MORNING)
    make.run_due(house_of(shop), always)
    shop.clock.advance(timedelta(days=3))
    asked_and_made(shop)
    before = planned(shop)

    with begin(shop.engine) as tx:
        assert run_store.forget(tx, now=shop.clock.now()) == 5 * 24 - 10

    assert planned(shop) == before
