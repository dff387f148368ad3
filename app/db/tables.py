"""The clock that all processes share, who is alive, and which slots were claimed."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata
from orders_core.word import Word

business_clock = Table(
    "business_clock",
    metadata,
    Column("id", SmallInteger, primary_key=True, server_default=text("1")),
    Column("business_anchor", DateTime(timezone=True), nullable=False),
    Column("machine_anchor", DateTime(timezone=True), nullable=False),
    Column("rate", Double, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    CheckConstraint("rate > 0", name="runs_forward"),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("process", Text, primary_key=True),  # role@host:pid
    Column("role", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("is_leader", Boolean, nullable=False, server_default=text("false")),
    Column("started_at", DateTime(timezone=True), nullable=False),  # machine time, both
    Column("seen_at", DateTime(timezone=True), nullable=False),
)

slot = Table(
    "slot",
    metadata,
    Column("job", Text, primary_key=True),
    Column("due_at", DateTime(timezone=True), primary_key=True),  # business time
    Column("state", Word, nullable=False, server_default=text("'claimed'")),
    Column(
        "claimed_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()
    ),
    Column("note", Text),
    CheckConstraint("state IN ('claimed', 'done', 'failed')", name="state_known"),
)

learning_run = Table(  # what is learnt now and then: asked for by the clock, made once
    "learning_run",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("state", Word, nullable=False, server_default=text("'asked'")),
    Column("asked_at", DateTime(timezone=True), nullable=False),  # business time, both
    Column("made_at", DateTime(timezone=True)),
    Column("facts", JSONB),  # what it was learnt from, and whether it can be told
    CheckConstraint("state IN ('asked', 'made', 'failed')", name="state_known"),
    Index("ix_learning_run_asked", "id", postgresql_where=text("state = 'asked'")),
)
