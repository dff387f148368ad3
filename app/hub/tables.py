"""What was decided, what was told for good, and how much each person heard lately."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata
from orders_core.word import Word

verdict = Table(
    "verdict",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("notice", Text, nullable=False),
    Column("order_id", Uuid),
    Column("event_id", Uuid),
    Column("answer", Text, nullable=False),  # as WORDS of verdict.py
    Column("because", Text),
    Column("decided_by", Text, nullable=False),  # rule id
    Column("until", DateTime(timezone=True)),
    Column("trace", JSONB, nullable=False),  # [[rule id, outcome, inputs], …] in the order asked
    Column("decided_at", DateTime(timezone=True), nullable=False),  # business time
    Column("facts", Text),  # what was known, as facts.py writes it; null before it was kept
    Column("pressure", LargeBinary),  # what the person had heard, as facts.py packs it
    Column("bounds", BigInteger),  # the shop's bounds, by their key in `bounds_seen`
    CheckConstraint(
        "answer IN ('send', 'wait', 'digest', 'downgrade', 'skip')", name="answer_known"
    ),
    Index("ix_verdict_person_id", "person_id", "id"),
    Index("ix_verdict_decided_at", "decided_at", postgresql_using="brin"),
    Index("ix_verdict_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
    Index("ix_verdict_event_id", "event_id", postgresql_where=text("event_id IS NOT NULL")),
    postgresql_partition_by="RANGE (id)",
)

# One row for each policy that ever decided anything. No key is unique: two processes that meet a
# new policy at once may both write it, and neither waits for the other.
bounds_seen = Table(
    "bounds_seen",
    metadata,
    Column("key", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("dispatch", LargeBinary, primary_key=True),  # 16-byte hash of the dispatch key
    Column("person_id", Uuid, primary_key=True),
)

pressure = Table(
    "pressure",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    # newest last: nth << 48 | seconds since 1970 << 16 | kind << 12 | category << 8 | channels
    Column("recent", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),
    postgresql_with={"fillfactor": 60},
)

# What ended unsent gives its place under the caps back, by a trigger of `message`; the next
# decision about the person takes it off their row.
slot_returned = Table(
    "slot_returned",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("entry", BigInteger, nullable=False),  # as in `pressure`, of the message's channel alone
    Index("ix_slot_returned_person_id", "person_id"),
)

switch = Table(
    "switch",
    metadata,
    Column("name", Text, primary_key=True),
    Column("on", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

digest_slot = Table(
    "digest_slot",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("closes_at", DateTime(timezone=True), nullable=False),  # business time
    Column("state", Word, nullable=False, server_default=text("'open'")),
    Column("epoch", Integer, nullable=False, server_default=text("0")),  # how often it was taken
    Column("held_until", DateTime(timezone=True)),  # machine time: its closer's lease
    Column("verdict_id", Uuid),  # of the digest that went out; null: none did, or not yet
    CheckConstraint("state IN ('open', 'closing', 'closed')", name="state_known"),
    UniqueConstraint("person_id", "channel", "closes_at"),
    Index("ix_digest_slot_verdict_id", "verdict_id"),
    Index("ix_digest_slot_due", "closes_at", postgresql_where=text("state <> 'closed'")),
    Index("ix_digest_slot_closed", "closes_at", postgresql_where=text("state = 'closed'")),
)

digest_item = Table(
    "digest_item",
    metadata,
    Column("slot_id", Uuid, ForeignKey("digest_slot.id", ondelete="CASCADE"), primary_key=True),
    Column("verdict_id", Uuid, primary_key=True),
    Column("notice", Text, nullable=False),
    Column("order_id", Uuid),
    Column("variables", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),  # business time it was decided at
    Column("fell_out", Text),  # why it is not in the digest that went out
    Index("ix_digest_item_verdict_id", "verdict_id"),
)

escalation_step = Table(
    "escalation_step",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("verdict_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("order_id", Uuid),
    Column("notice", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("variables", JSONB, nullable=False),
    Column("planned_at", DateTime(timezone=True), nullable=False),  # business time, both
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("state", Word, nullable=False, server_default=text("'waiting'")),
    CheckConstraint("state IN ('waiting', 'decided', 'seen', 'late')", name="state_known"),
    UniqueConstraint("verdict_id", "channel"),
    Index("ix_escalation_step_due", "due_at", postgresql_where=text("state = 'waiting'")),
    Index("ix_escalation_step_settled", "due_at", postgresql_where=text("state <> 'waiting'")),
)
