"""Parcels and what carriers said of them, in whatever order they said it."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from orders_core.tx import metadata
from orders_core.word import Word

parcel = Table(
    "parcel",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, index=True),  # none until the order that ships in it is known
    Column("carrier", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("status", Word, nullable=False, server_default=text("'announced'")),
    Column("promised_at", DateTime(timezone=True)),
    Column("expected_at", DateTime(timezone=True)),
    Column("expected_source", Text),
    Column("last_scan_at", DateTime(timezone=True)),
    Column("last_place", Text),
    Column("pickup_code", Text),
    Column("direction", Text, nullable=False, server_default=text("'out'")),
    Column("replaced_by", Uuid),  # the parcel that goes on under a new number
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_by", Text, nullable=False),
    Column("change_reason", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("ring", Text, nullable=False, server_default=text("'now'")),
    UniqueConstraint("carrier", "number"),
    CheckConstraint(
        "status IN ('announced', 'picked_up', 'in_transit', 'at_station', 'out_for_delivery',"
        " 'attempt_failed', 'exception', 'delivered', 'returning', 'returned')",
        name="status_known",
    ),
    CheckConstraint(
        "expected_source IN ('shop', 'carrier', 'model', 'clerk')", name="expected_source_known"
    ),
    CheckConstraint("direction IN ('out', 'back')", name="direction_known"),
    CheckConstraint("replaced_by <> id", name="not_replaced_by_itself"),
    CheckConstraint("ring IN ('now', 'then', 'never')", name="ring_known"),
    Index("ix_parcel_replaced_by", "replaced_by", postgresql_where=text("replaced_by IS NOT NULL")),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("parcel_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("code", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=text("''")),
    Column("words", Text, nullable=False, server_default=text("''")),
    Column("pickup_code", Text),
    Column("expected_at", DateTime(timezone=True)),
    UniqueConstraint("parcel_id", "at", "code", "place"),
)
