"""What is asked all day reads an index, also by a plan that is made once for all values."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from app.campaigns import slot_store
from app.db.engine import make_engine
from app.db.transaction import begin
from app.hub import digest_store, escalate_store, release_store
from app.jobs.lanes import Lane
from app.messages import store as messages
from orders_core.ids import new_id
from orders_core.orders import expire_store
from orders_core.outbox import store as outbox
from orders_core.stock import booking_store
from orders_core.tx import Tx
from tests.shop import MORNING, Shop

LATER = MORNING + timedelta(days=1)
#: How often each index of a table was read in this transaction, those of its partitions included.
READS = """
WITH RECURSIVE part AS (
  SELECT to_regclass(:index)::oid AS id UNION ALL
  SELECT inhrelid FROM pg_inherits JOIN part ON inhparent = part.id)
SELECT sum(pg_stat_get_xact_numscans(id)) FROM part
"""
ASKED: dict[str, tuple[str, Callable[[Tx], object]]] = {
    "messages that are due": (
        "ix_message_due",
        lambda tx: messages.claim(tx, Lane.ORDER, now=MORNING, at_most=9, lease_seconds=9),
    ),
    "lanes with something due": (
        "ix_message_due",
        lambda tx: messages.lanes_due(tx, now=MORNING),
    ),
    "the next message": (
        "ix_message_due",
        lambda tx: messages.next_due(tx, after=MORNING, until=LATER),
    ),
    "who holds messages": ("ix_message_due", messages.claimers),
    "messages to be decided again": (
        "ix_message_stands_until",
        lambda tx: release_store.take(tx, list(Lane), now=MORNING, at_most=9),
    ),
    "events that are due": (
        "ix_outbox_due",
        lambda tx: outbox.claim(tx, at_most=9),
    ),
    "whether an event is due": ("ix_outbox_due", outbox.any_due),
    "who holds events": ("ix_outbox_due", outbox.claimers),
    "how many events are open": ("ix_outbox_open", outbox.counts),
    "slots of campaigns": (
        "ix_campaign_slot_due_at",
        lambda tx: slot_store.claim(tx, now=MORNING),
    ),
    "whether a message is a digest": (
        "ix_digest_slot_verdict_id",
        lambda tx: digest_store.slots_of(tx, {new_id()}),
    ),
    "digests that close": (
        "ix_digest_slot_due",
        lambda tx: digest_store.take(tx, now=MORNING, at_most=9),
    ),
    "steps that were kept back": (
        "ix_escalation_step_due",
        lambda tx: escalate_store.take(tx, now=MORNING, at_most=9),
    ),
    "orders that nobody paid": (
        "ix_orders_pay_until",
        lambda tx: expire_store.overdue(tx, now=MORNING, at_most=9),
    ),
    "bookings that ran out": (
        "ix_booking_expires_at",
        lambda tx: booking_store.overdue(tx, now=MORNING, at_most=9),
    ),
}


@pytest.fixture
def planned_once(shop: Shop) -> Iterator[Engine]:
    engine = make_engine(shop.url, pool_size=1, plans_once=True)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("about", ASKED)
def test_what_is_asked_all_day_reads_its_index(planned_once: Engine, about: str) -> None:
    index, ask = ASKED[about]
    with begin(planned_once) as tx:
        # Tables of a test are so small that reading them whole is cheapest.
        tx.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))

        ask(tx)

        assert tx.scalar(text(READS), {"index": index}) > 0
