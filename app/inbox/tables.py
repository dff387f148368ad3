"""The in-app inbox: one row per message that a person can open."""

from sqlalchemy import Boolean, Column, DateTime, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import TSVECTOR

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
    Column("is_urgent", Boolean, nullable=False, server_default=text("false")),
    Column("expires_at", DateTime(timezone=True)),  # when it is no news any more
    Column("snoozed_until", DateTime(timezone=True)),  # put off; back as new from then on
    Column("terms", TSVECTOR),  # NULL: written before there was a search
    Index("ix_inbox_item_person_id", "person_id", "id"),
    Index(
        "ix_inbox_item_bundle",
        "person_id",
        text("coalesce(order_id, id)"),
        "id",
    ),
    Index(
        "ix_inbox_item_unread",
        "person_id",
        "id",
        postgresql_where=text("read_at IS NULL AND archived_at IS NULL"),
    ),
)
