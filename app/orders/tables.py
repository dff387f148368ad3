"""What is to be expected of parcels under way, and the looks at them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Index,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata
from orders_core.word import Word

parcel_outlook = Table(  # the newest of each parcel; it stays as it was when the parcel arrived
    "parcel_outlook",
    metadata,
    Column("parcel_id", Uuid, primary_key=True),
    Column("looked_at", DateTime(timezone=True), nullable=False),
    Column("late_share", Double, nullable=False),
    Column("likely_at", DateTime(timezone=True)),
    Column("low_at", DateTime(timezone=True)),  # eighty of a hundred arrive between low and high
    Column("high_at", DateTime(timezone=True)),
    Column("day_named_at", DateTime(timezone=True)),  # when its shopper was first given a day
    CheckConstraint("late_share BETWEEN 0 AND 1", name="late_share_is_a_share"),
)

late_look = Table(
    "late_look",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", Word, nullable=False, server_default=text("'asked'")),
    Column("asked_at", DateTime(timezone=True), nullable=False),  # business time, both
    Column("made_at", DateTime(timezone=True)),
    Column("facts", JSONB),  # how many parcels it learnt from, looked at, and moved
    CheckConstraint("state IN ('asked', 'made', 'failed')", name="state_known"),
    Index("ix_late_look_asked", "id", postgresql_where=text("state = 'asked'")),
)
