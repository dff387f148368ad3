"""A plan is asked for by a row and made once, whoever makes it."""

import subprocess
import sys
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from app.db.slots import run_due as tick
from app.db.transaction import begin
from app.entry.scheduler import JOBS
from app.forecast import foresee, gather, make, plan_store, run_store
from app.forecast.contacts import heard
from app.forecast.plan import PlannedSlot
from app.forecast.sends import announce
from orders_core.tx import Tx
from tests.app.forecast.history import (
    HOUR,
    LAST_MONTH,
    TONIGHT,
    furnish,
    house_of,
    told,
    usual_half,
    weeks,
)
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


def planned(shop: Shop) -> dict[str, PlannedSlot]:
    with begin(shop.engine) as tx:
        found = plan_store.plan(tx, since=MORNING - A_WEEK, until=MORNING + 7 * A_WEEK)
    return {one.slot.isoformat(): one for one in found}


def test_an_asked_run_becomes_a_plan_of_six_weeks(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)

    assert asked_and_made(shop) == 2  # what is left of today is put right at once
    assert make.run_due(house_of(shop), always) == 0

    plan = planned(shop)
    tonight = plan[TONIGHT.starts_at.isoformat()]
    tomorrow = plan[(TONIGHT.starts_at + timedelta(days=1)).isoformat()]
    assert len(plan) == 42 * 48
    assert tonight.usual == tomorrow.usual == usual_half(TONIGHT.starts_at)
    assert tonight.baseline == pytest.approx(tonight.usual * tonight.multiplier)
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
    assert run.facts["groups"] == ["all"]
    assert run.facts["models"][0]["later"]["used"]
    assert {one["decision"] for one in run.facts["backtest"]} >= {"T_7", "T_1", "INTRADAY"}
    assert 0 <= run.facts["trust"]["all"] <= 1
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
    assert len(digests) == 4
    assert len(set(digests)) == 1


def test_what_comes_later_changes_nothing_of_what_was_known(shop: Shop):
    """Noise after midnight leaves the forecast as it was, to the byte."""
    house = house_of(shop)
    with begin(shop.engine) as tx:
        furnish(tx)
        before = gather.known(tx, house.settings, now=MORNING)
        for step in range(300):
            heard(tx, at=MORNING + step * HOUR / 3, how="api")
        after = gather.known(tx, house.settings, now=MORNING)

    assert before is not None
    assert after is not None
    assert foresee.digest_of(before) == foresee.digest_of(after)


def test_two_workers_make_one_plan(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=3)
        make.ask(tx, why="asked", by="test", now=MORNING)
    start = Barrier(2)

    def work() -> int:
        start.wait()
        return make.run_due(house_of(shop), always)

    made = together(work, work)

    assert sum(made) == 2
    with begin(shop.engine) as tx:
        assert rows(tx, "forecast_run", "state = 'stored'") == 2
        assert rows(tx, "forecast_run", "facts ->> 'learnt_until' IS NOT NULL") == 1


def test_asking_twice_before_anybody_looks_asks_once(tx: Tx):
    first = make.ask(tx, why="asked", by="ana", now=MORNING)

    assert make.ask(tx, why="promotion", by="ben", now=MORNING) == first
    assert run_store.waiting(tx) == 1


def test_asking_for_more_than_the_hour_makes_the_waiting_run_learn(tx: Tx):
    make.ask(tx, why="hourly", by="scheduler", now=MORNING)
    run_id = make.ask(tx, why="promotion", by="ben", now=MORNING)
    make.ask(tx, why="hourly", by="scheduler", now=MORNING)

    run = run_store.find(tx, run_id)
    assert run is not None
    assert run.why == "promotion"


def test_asking_while_a_worker_is_at_it_asks_again(shop: Shop):
    """It may have read what is old by now; and nobody waits for it."""
    with begin(shop.engine) as tx:
        first = make.ask(tx, why="asked", by="ana", now=MORNING)
    with begin(shop.engine) as tx:
        claimed = run_store.claim(tx)
    assert claimed is not None
    assert claimed.id == first
    with begin(shop.engine) as tx:
        assert make.ask(tx, why="asked", by="ben", now=MORNING) != first


def test_a_worker_that_dies_leaves_the_run_asked_for(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=3)
        make.ask(tx, why="asked", by="test", now=MORNING)
    with begin(shop.engine) as tx:
        assert run_store.claim(tx) is not None
    assert make.run_due(house_of(shop), always) == 0  # held

    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE forecast_run SET held_until = clock_timestamp()"))
    assert make.run_due(house_of(shop), always) == 2


def test_who_was_held_to_be_dead_stores_nothing(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=3)
        make.ask(tx, why="asked", by="test", now=MORNING)
    with begin(shop.engine) as tx:
        slow = run_store.claim(tx)
        assert slow is not None
        tx.execute(text("UPDATE forecast_run SET held_until = clock_timestamp()"))
    with begin(shop.engine) as tx:
        assert run_store.claim(tx) is not None
    made = foresee.foresee(house_of(shop), slow)

    with begin(shop.engine) as tx:
        assert not run_store.store(tx, slow, made, now=MORNING)
        run_store.fail(tx, slow, error="late", now=MORNING)
        assert rows(tx, "forecast_slot") == 0
        assert rows(tx, "forecast_run", "state = 'asked'") == 1


def test_a_run_that_cannot_be_made_is_closed_and_says_so(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx)
        make.ask(tx, why="asked", by="test", now=MORNING)
        tx.execute(text("ALTER TABLE forecast_slot ADD CHECK (people_needed < 0)"))

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


def test_half_hours_that_are_over_keep_what_was_foreseen_of_them_in_time(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=4)
    asked_and_made(shop)
    over = planned(shop)[MORNING.isoformat()]
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE contact_slot SET contacts = contacts * 2"))
    shop.clock.advance(3 * HOUR)
    asked_and_made(shop)

    plan, later = planned(shop), MORNING + 4 * HOUR
    assert plan[MORNING.isoformat()] == over
    assert plan[later.isoformat()].usual == 2 * usual_half(later)


def test_a_day_that_goes_higher_than_planned_lifts_what_is_left_of_it(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=4)
        for minute in range(120):
            heard(tx, at=MORNING - timedelta(minutes=minute + 1), how="order_page")
    asked_and_made(shop)

    plan = planned(shop)
    now, tomorrow = plan[MORNING.isoformat()], plan[(MORNING + timedelta(days=1)).isoformat()]
    assert now.level > 1.2
    assert now.expected == pytest.approx(now.usual * now.level)
    assert tomorrow.level == 1


def test_the_day_is_put_right_again_and_never_twice_over(shop: Shop):
    """Each hourly run starts from what was learnt, not from what the last one made of it."""
    with begin(shop.engine) as tx:
        furnish(tx, count=4)
        for minute in range(120):
            heard(tx, at=MORNING - timedelta(minutes=minute + 1), how="order_page")
    asked_and_made(shop)
    before = planned(shop)
    with begin(shop.engine) as tx:
        make.ask(tx, why="hourly", by="scheduler", now=MORNING)

    assert make.run_due(house_of(shop), always) == 1
    assert planned(shop) == before


def test_a_new_day_is_learnt_by_its_first_hourly_run(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=4)
    asked_and_made(shop)
    shop.clock.advance(timedelta(days=1))
    with begin(shop.engine) as tx:
        make.ask(tx, why="hourly", by="scheduler", now=shop.clock.now())
    make.run_due(house_of(shop), always)

    with begin(shop.engine) as tx:
        assert rows(tx, "forecast_run", "facts ->> 'learnt_until' IS NOT NULL") == 2


def test_a_system_that_has_not_told_this_morning_yet_makes_no_quiet_day(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=4)
        tx.execute(text("DELETE FROM contact_slot WHERE slot >= :at"), {"at": MORNING - 10 * HOUR})
        for minute in range(5):
            heard(tx, at=MORNING - timedelta(minutes=minute + 1), how="order_page")
    asked_and_made(shop)

    assert planned(shop)[MORNING.isoformat()].level == 1


def test_groups_are_foreseen_apart_and_sum_to_the_whole(shop: Shop):
    with begin(shop.engine) as tx:
        for about, count in (("where", 3), ("return", 1)):
            told_by = {hour: count * contacts for hour, contacts in weeks(4, until=MORNING).items()}
            told(tx, told_by, about=about, source=about)
    asked_and_made(shop)

    with begin(shop.engine) as tx:
        since, until = MORNING, MORNING + 8 * HOUR
        parts = plan_store.groups(tx, since=since, until=until)
        slots = {one.slot: one for one in plan_store.plan(tx, since=since, until=until)}
    assert {one.about for one in parts} == {"where", "return"}
    for slot, whole in slots.items():
        by_group = {one.about: one.expected for one in parts if one.slot == slot}
        assert sum(by_group.values()) == pytest.approx(whole.expected)
        assert by_group["where"] == pytest.approx(3 * by_group["return"], rel=0.2)


def test_messages_that_are_to_be_sent_add_contacts(shop: Shop):
    at = MORNING + timedelta(days=2)
    with begin(shop.engine) as tx:
        furnish(tx, count=4)
        announce(tx, "cmp_1", {at: 20_000})
    asked_and_made(shop)
    one = planned(shop)[at.isoformat()]
    assert one.added == pytest.approx(20_000 / 1000 * 6 * 0.45 / 2)
    assert one.expected == pytest.approx(one.usual + one.added)

    with begin(shop.engine) as tx:
        announce(tx, "cmp_1", {})
    asked_and_made(shop)
    assert planned(shop)[at.isoformat()].added == 0


def test_contacts_that_nobody_had_to_answer_need_nobody(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=3)
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
    assert notes == ["asked, 0 old half hours forgotten", "asked"]


def test_old_plans_are_forgotten_but_not_what_each_half_hour_was_last_foreseen_as(shop: Shop):
    with begin(shop.engine) as tx:
        furnish(tx, count=4)
        make.ask(tx, why="nightly", by="test", now=MORNING)
    make.run_due(house_of(shop), always)
    shop.clock.advance(timedelta(days=3))
    asked_and_made(shop)
    before = planned(shop)

    with begin(shop.engine) as tx:
        assert run_store.forget(tx, now=shop.clock.now()) > 30 * 48

    assert planned(shop) == before
    with begin(shop.engine) as tx:
        assert run_store.forget(tx, now=shop.clock.now()) == 0


def test_no_process_that_serves_pages_loads_what_learns():
    """The web application asks for forecasts and reads them, and imports none of it."""
    loads = "import sys, app.entry.web; print(*sys.modules)"
    told_by = subprocess.run(
        [sys.executable, "-c", loads], capture_output=True, text=True, check=True
    )
    loaded = set(told_by.stdout.split())

    assert "app.forecast.make" in loaded
    assert not loaded & {"sklearn", "scipy", "app.forecast.foresee", "ml.load.outlook"}
