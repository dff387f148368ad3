"""What was answered to whom under which key."""

from sqlalchemy import Column, DateTime, Index, LargeBinary, SmallInteger, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", Text, primary_key=True),  # caller and operation
    Column("key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),  # of the request's body
    Column("status", SmallInteger),
    Column("answer", JSONB),
    Column(
        "created_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    # Rows come in the order of their time, so a few pages of summaries find an hour's.
    Index("ix_idempotency_created_at", "created_at", postgresql_using="brin"),
)
