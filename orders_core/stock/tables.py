"""Levels, the reservations that claim them and the movements that explain them.

No foreign key leads to a level: it is the hottest row of the shop, and the key-share lock that a
foreign key takes would queue every order behind every other.
"""

from sqlalchemy import (
    Boolean,
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
    Column("safety_stock", Integer, nullable=False, server_default=text("0")),  # never promised
    Column("short", Integer, nullable=False, server_default=text("0")),  # owed to short orders
    Column("low_at", Integer),  # so few to sell are few; none: nobody asks
    Column("standing", Text, nullable=False, server_default=text("'out'")),
    Column("id", Uuid, nullable=False, server_default=text("uuid7()")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_by", Text, nullable=False, server_default=text("'shop'")),
    Column("change_reason", Text, nullable=False, server_default=text("'sold'")),
    Column(
        "changed_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=text("clock_timestamp()"),
    ),
    Column("ring", Text, nullable=False, server_default=text("'now'")),
    CheckConstraint("safety_stock >= 0", name="safety_stock_not_negative"),
    CheckConstraint("short >= 0", name="short_not_negative"),
    CheckConstraint("low_at >= 0", name="low_at_not_negative"),
    CheckConstraint("standing IN ('in', 'low', 'out')", name="standing_known"),
    CheckConstraint("ring IN ('now', 'then', 'never')", name="ring_known"),
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
    Column("parcel_id", Uuid),  # that the units left in
    Column(
        "held_at",  # business time, as are the two below
        DateTime(timezone=True),
        nullable=False,
        server_default=text("clock_timestamp()"),
    ),
    Column("expires_at", DateTime(timezone=True)),  # none: held until its order moves on
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("state IN ('held', 'short', 'confirmed', 'released')", name="state_known"),
    Index(
        "ix_reservation_short",
        "sku_id",
        "warehouse",
        postgresql_where=text("state = 'short'"),
    ),
    Index(
        "ix_reservation_expires_at",
        "expires_at",
        postgresql_where=text("state = 'held' AND expires_at IS NOT NULL"),
    ),
)

warehouse = Table(
    "warehouse",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("country", Text, nullable=False),  # ISO 3166-1 alpha-2
    Column("region", Text),
    Column("priority", Integer, nullable=False, server_default=text("100")),  # the least first
    Column("sells", Boolean, nullable=False, server_default=text("true")),
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
