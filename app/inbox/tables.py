"""The in-app inbox: one row per message a person can open; announcements: one row for everybody."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

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

announcement = Table(
    "announcement",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("body_zh", Text, nullable=False),
    Column("body_en", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("is_pinned", Boolean, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),  # business time
    Column("ends_at", DateTime(timezone=True)),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("audience_of", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("is_dismissible", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint(
        "audience IN ('everyone', 'zh', 'en', 'open_order', 'subscribers', 'order_state')",
        name="audience_known",
    ),
    CheckConstraint(
        "(audience IN ('subscribers', 'order_state')) = (cardinality(audience_of) > 0)",
        name="audience_of_some",
    ),
    CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
)

announcement_dismissed = Table(
    "announcement_dismissed",
    metadata,
    Column(
        "announcement_id",
        Uuid,
        ForeignKey("announcement.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("person_id", Uuid, primary_key=True),
    Column("dismissed_at", DateTime(timezone=True), nullable=False),
)
