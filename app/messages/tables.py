"""One message's life, the addresses never to write to, and what left in demo and test mode."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
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

message = Table(
    "message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("verdict_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("order_id", Uuid),
    Column("notice", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("kind", Text, nullable=False),  # the notice's class: security, order, service, marketing
    Column("lane", SmallInteger, nullable=False),
    Column("variables", JSONB, nullable=False),
    Column("state", Word, nullable=False, server_default=text("'queued'")),
    Column("due_at", DateTime(timezone=True), nullable=False),  # business time
    Column("expires_at", DateTime(timezone=True), nullable=False),  # business time
    Column(
        "not_before",  # machine time: back-off of a queued message, end of a sending one's lease
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    Column("token", Integer, nullable=False, server_default=text("0")),
    Column("claimed_by", Text),  # the process that holds the lease, as its heartbeat names it
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("duplicate_risk", Boolean, nullable=False, server_default=text("false")),
    Column("provider_ref", Text),
    Column("error", Text),
    Column("queued_at", DateTime(timezone=True), nullable=False),  # business time
    Column("settled_at", DateTime(timezone=True)),  # business time of the terminal state
    Column("template_version", LargeBinary),  # what its words were last made from
    Column("stands_until", DateTime(timezone=True)),  # business time; then it is decided again
    Column("entry", BigInteger),  # its place under the caps, as `pressure` packs it; null: none
    Column("displaced_by", Uuid),  # the verdict that took that place
    Column("is_trial", Boolean, nullable=False, server_default=text("false")),  # reaches nobody
    Column("category", Text),  # what it was about when it was queued; null before that was kept
    Column("opened_at", DateTime(timezone=True)),  # business time its own link was opened first
    CheckConstraint("lane BETWEEN 0 AND 3", name="lane_known"),
    CheckConstraint(
        "state IN ('queued', 'sending', 'sent', 'unknown', 'failed', 'expired', 'cancelled')",
        name="state_known",
    ),
    Index(
        "ix_message_due",
        "lane",
        "due_at",
        "not_before",
        postgresql_where=text("state IN ('queued', 'sending')"),
    ),
    Index(
        "ix_message_stands_until",
        "stands_until",
        postgresql_where=text("state = 'queued' AND stands_until IS NOT NULL"),
    ),
    Index("ix_message_person_id", "person_id", "id"),
    Index("ix_message_verdict_id", "verdict_id"),
    Index("ix_message_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
    postgresql_partition_by="RANGE (id)",
)

template_version = Table(
    "template_version",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # a hash of the sources
    Column("notice", Text, nullable=False),
    Column("sources", JSONB, nullable=False),
    Column("first_used_at", DateTime(timezone=True), nullable=False),  # business time
)

suppression = Table(
    "suppression",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

sealed_no = Table(  # a no that outlived its person: which address it is for, only that can tell
    "sealed_no",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("key", LargeBinary, primary_key=True),  # keyed hash of the address
    Column("reason", Text, primary_key=True),  # of the suppression, or 'offers'
    Column("at", DateTime(timezone=True), nullable=False),  # business time
)

captured = Table(
    "captured",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("message_id", Uuid, index=True),
    Column("subject", Text, nullable=False, server_default=text("''")),
    Column("body", Text, nullable=False),
    Column("html", Text),
    Column("headers", JSONB, nullable=False, server_default=text("'[]'")),
    Column("captured_at", DateTime(timezone=True), nullable=False),  # business time
)
