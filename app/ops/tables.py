"""What developers look up: the latest requests of the API."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata

api_request = Table(
    "api_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),  # business time
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", Text),  # None where it is not kept
    Column("body_bytes", Integer, nullable=False),
    Column("is_whole", Boolean, nullable=False),  # kept to the last byte, nothing masked
    Column("caller", Text),
    Column("replayed_by", Text),
    Column("status", SmallInteger, nullable=False),
    Column("took_ms", Float, nullable=False),
    Column("code", Text),
    Column("problem", JSONB),
    Column("skipped_before", Integer, nullable=False),
)
