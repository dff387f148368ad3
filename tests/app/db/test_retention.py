"""A month is dropped whole when it is old and nothing in it is unfinished; what was told stays."""

import threading
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db.retention import PURGED, Fate, is_over, look, purge
from app.db.retention_store import MOST_FORGOTTEN, Month, kept_since
from app.db.transaction import begin
from app.ops.books import run_whole
from orders_core.tx import Tx
from tests.app.hub.stage import enter, tell, wish
from tests.cast import ANA
from tests.shop import MORNING, Shop

OLD, DAY_IN_IT = "2024-01-01", "2024-01-15 12:00+00"
KEEP = 400
A_MESSAGE = """
INSERT INTO message (id, verdict_id, person_id, notice, channel, address, locale, kind, lane,
                     variables, state, due_at, expires_at, queued_at)
VALUES (uuid7_floor(:at), uuid7_floor(:at), uuid7(), 'order_paid', 'email', 'a@mail.example', 'en',
        'order', 1, '{}', :state, now(), now(), now())
"""
AN_EVENT = """
INSERT INTO outbox (id, entity_id, version, type, state)
VALUES (uuid7_floor(:at), uuid7(), 1, 'order.paid', :state)
"""
A_VERDICT = """
INSERT INTO verdict (id, person_id, notice, answer, decided_by, trace, decided_at)
VALUES (uuid7_floor(:at), uuid7(), 'order_paid', 'send', 'all_clear', '[]', now())
"""
A_SLOT = """
INSERT INTO digest_slot (id, person_id, channel, closes_at, state)
VALUES (uuid7(), uuid7(), 'email', now(), :state)
"""
AN_ITEM = """
INSERT INTO digest_item (slot_id, verdict_id, notice, variables, at)
SELECT id, uuid7_floor(:at), 'order_paid', '{}', now() FROM digest_slot
"""
A_STEP = """
INSERT INTO escalation_step (id, verdict_id, person_id, notice, channel, variables, planned_at,
                             due_at, state)
VALUES (uuid7(), uuid7_floor(:at), uuid7(), 'order_paid', 'sms', '{}', now(), now(), :state)
"""


@pytest.fixture
def old(tx: Tx) -> Tx:
    """A shop that has run since January 2024."""
    for table in PURGED:
        tx.execute(text(f"SELECT make_partition('{table}', '{OLD}')"))
    return tx


def put(tx: Tx, statement: str, **values: str) -> None:
    tx.execute(text(statement), {"at": DAY_IN_IT, **values})


def fates(tx: Tx) -> Mapping[str, Fate]:
    return {
        one.month.name: one.fate for one in look(tx, keep_days=KEEP) if "2024" in one.month.name
    }


def stands(tx: Tx, name: str) -> bool:
    return tx.scalar(text(f"SELECT to_regclass('{name}')")) is not None


@pytest.mark.parametrize(
    ("until", "today", "is_gone"),
    [
        (date(2025, 1, 1), date(2026, 2, 5), True),  # 400 days to the day
        (date(2025, 1, 1), date(2026, 2, 4), False),
        (date(2026, 3, 1), date(2026, 3, 1), False),
    ],
)
def test_a_month_is_over_when_its_last_day_is_older_than_is_kept(
    until: date, today: date, *, is_gone: bool
) -> None:
    since = until - timedelta(days=31)
    month = Month(table="message", name="m", since=since, until=until, rows=0, bytes=0)

    assert is_over(month, today=today, keep_days=KEEP) is is_gone


def test_what_is_old_and_done_is_dropped_and_the_rest_stays(old: Tx) -> None:
    put(old, A_MESSAGE, state="sent")
    put(old, AN_EVENT, state="done")
    put(old, A_VERDICT)

    rulings = purge(old, keep_days=KEEP)

    gone = {one.month.name for one in rulings if one.fate is Fate.GOES}
    assert gone == {"outbox_202401", "verdict_202401", "message_202401"}
    assert not any(stands(old, name) for name in gone)
    assert all(stands(old, one.month.name) for one in rulings if one.fate is Fate.KEPT)
    assert kept_since(old) == dict.fromkeys(PURGED, date(2024, 2, 1))
    assert fates(old) == {}


@pytest.mark.parametrize(
    ("statement", "state", "held"),
    [
        (A_MESSAGE, "queued", {"message_202401", "verdict_202401"}),
        (A_MESSAGE, "sending", {"message_202401", "verdict_202401"}),
        (A_MESSAGE, "unknown", set()),
        (AN_EVENT, "pending", {"outbox_202401"}),
        (AN_EVENT, "parked", {"outbox_202401"}),
        (AN_EVENT, "discarded", set()),
        (A_STEP, "waiting", {"verdict_202401"}),
        (A_STEP, "seen", set()),
    ],
)
def test_what_is_unfinished_holds_its_month(
    old: Tx, statement: str, state: str, held: set[str]
) -> None:
    put(old, statement, state=state)

    purge(old, keep_days=KEEP)

    assert {name for name, fate in fates(old).items() if fate is Fate.HELD} == held
    assert {f"{table}_202401" for table in PURGED if stands(old, f"{table}_202401")} == held


@pytest.mark.parametrize(("state", "is_held"), [("open", True), ("closed", False)])
def test_a_digest_that_still_closes_holds_the_month_of_its_news(
    old: Tx, state: str, *, is_held: bool
) -> None:
    put(old, A_VERDICT)
    put(old, A_SLOT, state=state)
    put(old, AN_ITEM)

    purge(old, keep_days=KEEP)

    assert stands(old, "verdict_202401") is is_held


def test_what_was_told_is_never_told_again_although_its_verdict_is_gone(tx: Tx) -> None:
    enter(tx, ANA)
    assert len(tell(tx, wish(ANA, dispatch="for good"))) == 1
    tx.execute(text("DELETE FROM message"))
    tx.execute(text("DELETE FROM verdict"))

    assert tell(tx, wish(ANA, dispatch="for good")) == []


def test_the_books_balance_after_events_are_gone_whose_history_stays(old: Tx) -> None:
    old.execute(text(f"SELECT make_partition('history', '{OLD}')"))
    history = (
        "INSERT INTO history (id, entity, entity_id, version, type, new, ring, changed_by,"
        " change_reason, changed_at) VALUES (uuid7_floor(:at), 'order', uuid7(), 1, 'order.paid',"
        " '{}', 'now', 'x', 'y', now())"
    )
    put(old, history)
    assert "every_change_has_one_event" in broken(old)

    purge(old, keep_days=KEEP)

    assert broken(old) == []


def broken(tx: Tx) -> list[str]:
    run = run_whole(tx, now=MORNING)
    return [found.invariant.name for found in run.findings if not found.holds]


def test_what_was_handled_of_events_that_are_gone_is_forgotten(old: Tx) -> None:
    put(old, "INSERT INTO handled VALUES ('hub', uuid7_floor(:at)), ('hub', uuid7())")

    purge(old, keep_days=KEEP)

    left = old.scalars(text("SELECT event_id FROM handled")).all()
    assert [(one.int >> 80) > 1_750_000_000_000 for one in left] == [True]
    assert MOST_FORGOTTEN > 1


def test_places_that_messages_which_are_gone_gave_back_are_forgotten(old: Tx) -> None:
    given = "INSERT INTO slot_returned VALUES (uuid7_floor(:at), uuid7(), 1), (uuid7(), uuid7(), 2)"
    put(old, given)

    purge(old, keep_days=KEEP)

    assert old.scalars(text("SELECT entry FROM slot_returned")).all() == [2]


def test_whoever_is_at_work_is_not_made_to_wait_long_and_nothing_is_half_dropped(
    shop: Shop,
) -> None:
    with begin(shop.engine) as tx:
        for table in PURGED:
            tx.execute(text(f"SELECT make_partition('{table}', '{OLD}')"))
    reading, may_end = threading.Event(), threading.Event()

    def read() -> None:
        with begin(shop.engine) as tx:
            tx.execute(text("SELECT count(*) FROM message"))
            reading.set()
            may_end.wait(10)

    reader = threading.Thread(target=read)
    reader.start()
    assert reading.wait(5)
    try:
        with pytest.raises(OperationalError, match="lock timeout"), begin(shop.engine) as tx:
            purge(tx, keep_days=KEEP)
    finally:
        may_end.set()
        reader.join(5)

    with begin(shop.engine) as tx:
        assert all(stands(tx, f"{table}_202401") for table in PURGED)
        assert kept_since(tx) == {}
        purge(tx, keep_days=KEEP)
        assert not any(stands(tx, f"{table}_202401") for table in PURGED)


def test_no_month_that_lies_ahead_is_ever_looked_at_as_old(tx: Tx) -> None:
    ahead = [one for one in look(tx, keep_days=62) if one.month.until > date.today()]  # noqa: DTZ011

    assert ahead
    assert {one.fate for one in ahead} == {Fate.KEPT}
    assert min(one.month.until - one.month.since for one in ahead) >= timedelta(days=28)
