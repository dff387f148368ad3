"""History says what changed; outbox says how far the telling of it has come.

Both are written by the triggers of tracked tables and share one id: the event is the history row.
They are partitioned by ranges of that UUIDv7, so a month is dropped, not deleted, and nothing
references into them.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
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

history = Table(
    "history",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("entity", Text, nullable=False),
    Column("entity_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("old", JSONB),
    Column("new", JSONB, nullable=False),
    Column("ring", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("change_reason", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    Index("ix_history_entity_id_version", "entity_id", "version"),
    postgresql_partition_by="RANGE (id)",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("entity_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("state", Word, nullable=False, server_default=text("'pending'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("token", Integer, nullable=False, server_default=text("0")),
    Column("claimed_by", Text),  # the process that holds the lease
    Column(
        "not_before",  # machine time: back-off of a pending event, lease of a claimed one
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    Column("error", Text),
    Column("closed_by", Text),
    Column("close_reason", Text),
    CheckConstraint("state IN ('pending', 'parked', 'done', 'discarded')", name="state_known"),
    Index(
        "ix_outbox_open",
        "entity_id",
        "version",
        postgresql_where=text("state IN ('pending', 'parked')"),
    ),
    Index("ix_outbox_due", "not_before", postgresql_where=text("state = 'pending'")),
    postgresql_partition_by="RANGE (id)",
)

purged = Table(  # how far back a table goes of which months were dropped; absent: to the beginning
    "purged",
    metadata,
    Column("name", Text, primary_key=True),
    Column("before", Date, nullable=False),  # machine time, UTC: everything before it is gone
)

handled = Table(
    "handled",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
)
