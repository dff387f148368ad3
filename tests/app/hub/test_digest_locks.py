"""The order in which a closer locks its slots: two who hold the same ones never wait in a ring."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db.transaction import begin
from app.hub import digest_store
from app.hub.digest_close import close
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, tell
from tests.app.hub.test_digests import EVENING, READER, fell_out, news
from tests.poll import until
from tests.shop import Shop

WAITS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'"""
LOCK = text("SELECT FROM digest_slot WHERE id = :id FOR UPDATE NOWAIT")
CLOSE = text("UPDATE digest_slot SET state = 'closed' WHERE person_id = :who")
SLOT_OF = text("SELECT id FROM digest_slot WHERE person_id = :who")
OPEN = text("""INSERT INTO digest_slot (id, person_id, channel, closes_at)
VALUES (gen_random_uuid(), :who, 'email', :at)""")


def held_by_two(tx: Tx) -> list[digest_store.Held]:
    """Take two slots of a person, the one of the greater id first."""
    enter(tx, READER)
    for channel in ("email", "push"):
        tx.execute(
            text(
                "INSERT INTO digest_slot (id, person_id, channel, closes_at)"
                " VALUES (gen_random_uuid(), :who, :channel, :at)"
            ),
            {"who": READER.person_id, "channel": channel, "at": EVENING},
        )
    return sorted(digest_store.take(tx, now=EVENING, at_most=9), key=lambda one: one.id)[::-1]


def test_slots_are_closed_in_the_order_of_their_ids(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        greater, lesser = held_by_two(tx)

    def closing() -> int:
        with begin(shop.engine) as tx:
            return len(digest_store.close(tx, [greater, lesser], went={}))

    def waits() -> bool:
        with begin(shop.engine) as tx:
            return bool(tx.execute(text(WAITS)).scalar_one())

    with ThreadPoolExecutor(1) as pool:
        with begin(shop.engine) as other:
            lock(other, lesser)
            going = pool.submit(closing)
            until(waits, what="the closer waits for the lesser")
            lock(other, greater)  # it holds none that comes after the one it waits for
        assert going.result() == 2


def test_who_goes_on_to_a_later_slot_keeps_none_that_comes_after_it(shop: Shop) -> None:
    first, second = sorted(
        (replace(READER, person_id=PersonId(new_id()), name=name) for name in ("Em", "Finn")),
        key=lambda who: who.person_id,
    )
    tomorrow = EVENING + timedelta(days=1)
    with begin(shop.engine) as tx:
        enter(tx, first, second)
        tell(tx, news(first, "a"), news(second, "a"))
        tx.execute(CLOSE, {"who": first.person_id})
        kept = tx.execute(SLOT_OF, {"who": second.person_id}).scalar_one()

    def joining() -> int:
        with begin(shop.engine) as tx:
            return len(tell(tx, news(first, "b"), news(second, "b")))

    def waits() -> bool:
        with begin(shop.engine) as tx:
            return bool(tx.execute(text(WAITS)).scalar_one())

    with ThreadPoolExecutor(1) as pool:
        with begin(shop.engine) as other:
            other.execute(OPEN, {"who": first.person_id, "at": tomorrow})
            going = pool.submit(joining)
            until(waits, what="the joiner waits for the slot of tomorrow")
            other.execute(LOCK, {"id": kept})
        assert going.result() == 2
    with begin(shop.engine) as tx:
        joined = tx.execute(text("SELECT count(*) FROM digest_item")).scalar_one()
    assert joined == 4


def lock(tx: Tx, one: digest_store.Held) -> None:
    tx.execute(LOCK, {"id": one.id})


def test_a_slot_is_locked_before_its_items_are_written(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        enter(tx, READER)
        tell(tx, news(READER, "a"))
        held = digest_store.take(tx, now=EVENING, at_most=9)
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE preference SET wanted = false"))
        tx.execute(
            text(
                "INSERT INTO preference (person_id, category, channel, wanted, at)"
                " VALUES (:who, 'orders', 'email', false, now()) ON CONFLICT DO NOTHING"
            ),
            {"who": READER.person_id},
        )

    with begin(shop.engine) as tx:
        close(tx, held, policy=POLICY, now=EVENING)
        with begin(shop.engine) as other, pytest.raises(OperationalError):
            lock(other, held[0])
    with begin(shop.engine) as tx:
        assert fell_out(tx) == ["not_wanted"]
