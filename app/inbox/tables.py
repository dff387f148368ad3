"""The in-app inbox: one row per message that a person can open."""

from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid

from orders_core.tx import metadata

inbox_item = Table(
    "inbox_item",
    metadata,
    Column("id", Uuid, primary_key=True),  # the message's id: delivering twice writes once
    Column("person_id", Uuid, nullable=False),
    Column("order_id", Uuid),
    Column("notice", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("arrived_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("read_at", DateTime(timezone=True)),
    Column("archived_at", DateTime(timezone=True)),
    Index("ix_inbox_item_person_id", "person_id", "id"),
)
