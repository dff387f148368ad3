"""Questions that a person answers, and the conversation each of them became."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata
from orders_core.word import Word

case_number = Sequence("case_number", start=1001, metadata=metadata)

support_case = Table(
    "support_case",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),  # what people call it
    Column("person_id", Uuid),  # none where nobody asked: the case is about goods
    Column("about", Text),  # and these they are: SKU, warehouse and day, once
    Column("order_id", Uuid),  # none where it is about no order we know
    Column("state", Word, nullable=False),
    Column("priority", SmallInteger, nullable=False),  # 1 (first) to 4
    Column("signals", ARRAY(Text), nullable=False),  # what made it so
    Column("reason", Text, nullable=False),  # why a person answers, a code of `intent.Why`
    Column("question", Text, nullable=False),  # the beginning of what was asked last
    Column("language", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),  # business time, all five
    Column("asked_at", DateTime(timezone=True), nullable=False),  # since when the person waits
    Column("first_response_due_at", DateTime(timezone=True), nullable=False),
    Column("first_responded_at", DateTime(timezone=True)),
    Column("resolved_at", DateTime(timezone=True)),
    Column("assigned_to", Text),  # as `changed_by` names staff and keys
    Column("version", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("state IN ('open', 'waiting', 'resolved')", name="state_known"),
    CheckConstraint("(person_id IS NULL) = (about IS NOT NULL)", name="asked_or_about"),
    CheckConstraint("priority BETWEEN 1 AND 4", name="priority_known"),
    CheckConstraint("language IN ('zh', 'en')", name="language_known"),
    CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved_dated"),
    Index(
        "uq_support_case_unresolved",  # one per person and order, and one about no order
        "person_id",
        "order_id",
        unique=True,
        postgresql_where=text("state <> 'resolved' AND person_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    ),
    Index(
        "uq_support_case_about", "about", unique=True, postgresql_where=text("about IS NOT NULL")
    ),
    Index(
        "ix_support_case_queue",
        "priority",
        "first_response_due_at",
        postgresql_where=text("state <> 'resolved'"),
    ),
    Index("ix_support_case_person_id", "person_id", "id"),
    Index("ix_support_case_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
)

case_entry = Table(
    "case_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("support_case.id", ondelete="CASCADE"), nullable=False),
    Column("author", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("key", Text),  # of the form or request that brought it: once is enough
    Column("verdict_id", Uuid),  # what became of it on its way to the person
    Column("at", DateTime(timezone=True), nullable=False),  # business time, both
    Column("withdrawn_at", DateTime(timezone=True)),
    CheckConstraint("author IN ('shopper', 'agent', 'shop')", name="author_known"),
    Index("ix_case_entry_case_id", "case_id", "id"),
    UniqueConstraint("case_id", "key"),
)

training = Table(  # models that read questions, as they were asked for, learnt and taken
    "training",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("recipe", Text, nullable=False, unique=True),  # what decides which bytes are made
    Column("labels", Integer, nullable=False, server_default=text("0")),  # of the shop's own
    Column("state", Word, nullable=False, server_default=text("'asked'")),
    Column("done", SmallInteger, nullable=False, server_default=text("0")),
    Column("steps", SmallInteger, nullable=False, server_default=text("0")),
    Column("asked_at", DateTime(timezone=True), nullable=False),  # business time, both
    Column("ended_at", DateTime(timezone=True)),
    Column("because", Text),  # why it was refused, or failed
    Column("manifest", JSONB),  # how it was made and how well it reads; the signed one is inside
    Column("sealed", LargeBinary),  # of the one in use alone
    CheckConstraint(
        "state IN ('asked', 'begun', 'taken', 'replaced', 'refused', 'failed')", name="state_known"
    ),
    CheckConstraint("(state = 'taken') = (sealed IS NOT NULL)", name="in_use_is_held"),
    Index("uq_training_in_use", "state", unique=True, postgresql_where=text("state = 'taken'")),
)
