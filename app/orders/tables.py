"""What is to be expected of parcels under way."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Table,
    Uuid,
)

from orders_core.tx import metadata

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
