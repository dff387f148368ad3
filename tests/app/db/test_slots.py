"""Due slots: each is run once, however many tick and whoever was away."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text

from app.db.slots import MOST_CAUGHT_UP, Job, Missed, claim, due_slots, run_due
from app.db.tables import slot
from app.db.transaction import begin
from orders_core.tx import Tx
from tests.buying import rows
from tests.shop import Shop
from tests.together import together

HOUR = timedelta(hours=1)


def _nothing(_tx: Tx, _due_at: datetime) -> str:
    return "nothing"


def at(hour: int, minute: int = 0, *, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def hourly(missed: Missed = Missed.SKIP, **more: timedelta) -> Job:
    return Job(name="hourly", every=HOUR, work=_nothing, missed=missed, **more)


@pytest.mark.parametrize(
    ("last", "now", "skipping", "catching_up"),
    [
        (None, at(9, 30), [at(9)], [at(9)]),  # a job that never ran owes its newest slot only
        (at(9), at(9, 30), [], []),
        (at(9), at(9, 59), [], []),
        (at(9), at(10), [at(10)], [at(10)]),
        (at(9), at(10, 1), [at(10)], [at(10)]),
        (at(9), at(12, 5), [at(12)], [at(10), at(11), at(12)]),
        (at(9), at(8), [], []),  # the clock stood still or went back: nothing is owed twice
        (at(23), at(0, 10, day=23), [at(0, day=23)], [at(0, day=23)]),
    ],
)
def test_which_slots_are_owed(
    last: datetime | None,
    now: datetime,
    skipping: list[datetime],
    catching_up: list[datetime],
) -> None:
    assert due_slots(hourly(), last=last, now=now) == skipping
    assert due_slots(hourly(Missed.CATCH_UP), last=last, now=now) == catching_up


def test_an_offset_moves_every_slot() -> None:
    job = hourly(Missed.CATCH_UP, offset=timedelta(minutes=10))

    assert due_slots(job, last=at(8, 10), now=at(10, 9)) == [at(9, 10)]
    assert due_slots(job, last=at(8, 10), now=at(10, 10)) == [at(9, 10), at(10, 10)]


def test_after_a_long_absence_the_newest_slots_are_caught_up() -> None:
    owed = due_slots(hourly(Missed.CATCH_UP), last=at(0, day=1), now=at(12))

    assert len(owed) == MOST_CAUGHT_UP
    assert (owed[0], owed[-1]) == (at(12) - (MOST_CAUGHT_UP - 1) * HOUR, at(12))


class Diary:
    """A job that writes its slots down."""

    def __init__(self, missed: Missed = Missed.SKIP) -> None:
        self.slots: list[datetime] = []
        self.job = Job(name="diary", every=HOUR, work=self._write, missed=missed)

    def _write(self, _tx: Tx, due_at: datetime) -> str:
        self.slots.append(due_at)
        return f"ran for {due_at:%H:%M}"


def test_a_slot_is_run_once_and_says_what_was_done(shop: Shop) -> None:
    diary = Diary()

    ran = [run_due(shop.engine, diary.job, now=now) for now in (at(9, 1), at(9, 59), at(10, 0))]

    assert ran == [1, 0, 1]
    assert diary.slots == [at(9), at(10)]
    with begin(shop.engine) as tx:
        notes = tx.execute(select(slot.c.state, slot.c.note).order_by(slot.c.due_at)).all()
    assert [tuple(note) for note in notes] == [("done", "ran for 09:00"), ("done", "ran for 10:00")]


def test_slots_that_passed_are_caught_up_oldest_first(shop: Shop) -> None:
    diary = Diary(Missed.CATCH_UP)
    run_due(shop.engine, diary.job, now=at(9))

    assert run_due(shop.engine, diary.job, now=at(12, 30)) == 3
    assert diary.slots == [at(9), at(10), at(11), at(12)]


def test_many_schedulers_at_once_run_each_slot_once(shop: Shop) -> None:
    diary = Diary(Missed.CATCH_UP)
    run_due(shop.engine, diary.job, now=at(0))

    def tick() -> int:
        return sum(run_due(shop.engine, diary.job, now=at(hour, 5)) for hour in range(1, 21))

    ran = together(*[tick] * 4)

    assert sum(ran) == 20
    assert sorted(diary.slots) == [at(hour) for hour in range(21)]


def test_a_slot_that_was_taken_is_not_ours(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        assert claim(tx, "diary", at(9))
        assert not claim(tx, "diary", at(9))
        assert claim(tx, "another", at(9))


def test_a_slot_in_other_hands_is_left_to_them(shop: Shop) -> None:
    diary = Diary()
    with begin(shop.engine) as tx:
        claim(tx, "diary", at(9))

    assert run_due(shop.engine, diary.job, now=at(9, 30)) == 0
    assert diary.slots == []


def test_a_job_that_fails_leaves_its_slot_failed_and_its_writes_undone(shop: Shop) -> None:
    def fail(tx: Tx, _due_at: datetime) -> str:
        tx.execute(text("CREATE TABLE half_done (id int)"))
        raise ValueError("no")

    job = Job(name="failing", every=HOUR, work=fail)

    assert run_due(shop.engine, job, now=at(9, 30)) == 0
    assert run_due(shop.engine, job, now=at(9, 40)) == 0
    with begin(shop.engine) as tx:
        assert rows(tx, "slot", "state = 'failed' AND note = 'ValueError'") == 1
        assert tx.scalar(text("SELECT to_regclass('half_done')")) is None


def test_jobs_do_not_share_slots(shop: Shop) -> None:
    one, other = Diary(), Job(name="other", every=HOUR, work=_nothing)

    ran = together(
        partial(run_due, shop.engine, one.job, now=at(9)),
        partial(run_due, shop.engine, other, now=at(9)),
    )

    assert ran == [1, 1]


def test_a_slot_whose_scheduler_died_is_run_by_the_next(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        assert claim(tx, "hourly", at(9))
    assert run_due(shop.engine, hourly(), now=at(9, 10)) == 0
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE slot SET claimed_at = claimed_at - interval '6 minutes'"))

    assert run_due(shop.engine, hourly(), now=at(9, 10)) == 1

    with begin(shop.engine) as tx:
        assert rows(tx, "slot", "state = 'done'") == 1
    assert run_due(shop.engine, hourly(), now=at(9, 10)) == 0
