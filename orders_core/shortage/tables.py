"""Units that were promised and are not there, and what their shoppers chose instead.

A row is one finding for one order: so many units of a SKU in one warehouse. Its units stand as a
reservation in state `short` while it is open or waiting; a trigger cancels what is left of it when
the units are let go by anybody else, as by a cancelled order.
"""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)

from orders_core.tx import metadata
from orders_core.word import Word

shortage = Table(
    "shortage",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("sku_id", Uuid, nullable=False),
    Column("warehouse", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("state", Word, nullable=False, server_default=text("'open'")),
    Column("choices", ARRAY(Text), nullable=False),  # as the table that ruled then offers them
    Column("found_by", Text, nullable=False),
    Column("found_why", Text, nullable=False),  # what was done when it was found
    Column("found_at", DateTime(timezone=True), nullable=False),  # business time, all four
    Column("wait_until", DateTime(timezone=True)),
    Column("chosen_by", Text),
    Column("chosen_at", DateTime(timezone=True)),
    Column("swapped_for", Uuid),  # the SKU that goes instead
    Column("settled_at", DateTime(timezone=True)),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint(
        "state IN ('open', 'waiting', 'swapped', 'refunded', 'filled', 'cancelled')",
        name="state_known",
    ),
    CheckConstraint("choices <@ ARRAY['wait', 'swap', 'refund']", name="choices_known"),
    CheckConstraint(
        "(state IN ('open', 'waiting')) = (settled_at IS NULL)", name="settled_has_time"
    ),
    CheckConstraint("state <> 'waiting' OR wait_until IS NOT NULL", name="waiting_has_end"),
    CheckConstraint("(state = 'swapped') = (swapped_for IS NOT NULL)", name="swapped_has_sku"),
    CheckConstraint("(chosen_by IS NULL) = (chosen_at IS NULL)", name="chosen_by_somebody"),
    Index(
        "ix_shortage_owed",
        "sku_id",
        "warehouse",
        "found_at",
        postgresql_where=text("state IN ('open', 'waiting')"),
    ),
    Index(
        "ix_shortage_wait_until",
        "wait_until",
        postgresql_where=text("state = 'waiting'"),
    ),
)
