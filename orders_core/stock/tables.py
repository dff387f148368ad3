"""Levels, the reservations that claim them and the movements that explain them.

No foreign key leads to a level: it is the hottest row of the shop, and the key-share lock that a
foreign key takes would queue every order behind every other.
"""

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

level = Table(
    "level",
    metadata,
    Column("sku_id", Uuid, primary_key=True),
    Column("warehouse", Text, primary_key=True),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False, server_default=text("0")),
    Column("oversell_limit", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
    CheckConstraint("oversell_limit >= 0", name="oversell_limit_not_negative"),
    CheckConstraint(
        "reserved >= 0 AND reserved <= on_hand + oversell_limit", name="reserved_within_stock"
    ),
    postgresql_with={"fillfactor": 50},
)

reservation = Table(
    "reservation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("sku_id", Uuid, nullable=False),
    Column("warehouse", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'held'")),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("state IN ('held', 'confirmed', 'released')", name="state_known"),
)

movement = Table(
    "movement",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sku_id", Uuid, nullable=False),
    Column("warehouse", Text, nullable=False),
    Column("delta", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("cause_id", Uuid, nullable=False),
    Column("moved_by", Text, nullable=False),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("cause", "cause_id", "sku_id", "warehouse"),
    CheckConstraint("delta <> 0", name="delta_moves"),
    CheckConstraint(
        "cause IN ('receipt', 'sale', 'return', 'scrap', 'count', 'transfer')", name="cause_known"
    ),
    Index("ix_movement_sku_id_warehouse", "sku_id", "warehouse"),
)
