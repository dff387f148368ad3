"""What the tour asked to be played, and the jumps of the demo's clock."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata
from orders_core.word import Word

stage_wish = Table(
    "stage_wish",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("step", Text, nullable=False),
    Column("state", Word, nullable=False, server_default=text("'asked'")),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    Column("calls", JSONB, nullable=False, server_default=text("'[]'")),
    Column("result", JSONB, nullable=False, server_default=text("'{}'")),
    Column(  # machine time, all four: a step is watched, not lived through
        "asked_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()
    ),
    Column("claimed_at", DateTime(timezone=True)),
    Column("heard_at", DateTime(timezone=True)),
    Column("settled_at", DateTime(timezone=True)),
    CheckConstraint("step IN ('buy', 'ship', 'late', 'ask', 'doors', 'plug')", name="step_known"),
    CheckConstraint("state IN ('asked', 'playing', 'done', 'failed')", name="state_known"),
    Index("ix_stage_wish_open", "id", postgresql_where=text("state IN ('asked', 'playing')")),
    Index("ix_stage_wish_step", "step", "id"),
)

clock_jump = Table(
    "clock_jump",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", Word, nullable=False, server_default=text("'under_way'")),
    Column("from_at", DateTime(timezone=True), nullable=False),  # business time, all three
    Column("target_at", DateTime(timezone=True), nullable=False),
    Column("reached_at", DateTime(timezone=True), nullable=False),
    Column("events", Integer, nullable=False, server_default=text("0")),
    Column("messages", Integer, nullable=False, server_default=text("0")),
    Column(
        "asked_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()
    ),
    Column(
        "heard_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()
    ),
    CheckConstraint("state IN ('under_way', 'arrived', 'stopped')", name="state_known"),
)
