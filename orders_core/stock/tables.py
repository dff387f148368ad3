"""Levels, the reservations that claim them and the movements that explain them.

No foreign key leads to a level: it is the hottest row of the shop, and the key-share lock that a
foreign key takes would queue every order behind every other.
"""

from sqlalchemy import (
    BigInteger,
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
from orders_core.word import Word

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
    Index("uq_level_id", "id", unique=True),
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
    Column("state", Word, nullable=False, server_default=text("'held'")),
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
        "ix_reservation_held",
        "sku_id",
        "warehouse",
        postgresql_where=text("state = 'held'"),
    ),
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
    Column(  # the transaction: up to one that all see alike, the books carry sums
        "written_in",
        BigInteger,
        nullable=False,
        server_default=text("pg_current_xact_id()::text::bigint"),
    ),
    UniqueConstraint("cause", "cause_id", "sku_id", "warehouse"),
    CheckConstraint("delta <> 0", name="delta_moves"),
    CheckConstraint(
        "cause IN ('receipt', 'sale', 'return', 'scrap', 'count', 'transfer')", name="cause_known"
    ),
    Index("ix_movement_sku_id_warehouse_written_in", "sku_id", "warehouse", "written_in"),
    Index("ix_movement_written_in", "written_in"),
)

booking = Table(  # a promise with a time limit and without an order; `reservation` holds its units
    "booking",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text),
    Column("person_id", Uuid),
    Column("state", Word, nullable=False, server_default=text("'held'")),
    Column("expires_at", DateTime(timezone=True), nullable=False),  # business time, all three
    Column("booked_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("booked_by", Text, nullable=False),
    Column("ended_by", Text),
    CheckConstraint("state IN ('held', 'confirmed', 'released', 'expired')", name="state_known"),
    CheckConstraint("(state = 'held') = (ended_at IS NULL)", name="ended_has_time"),
    Index("ix_booking_expires_at", "expires_at", postgresql_where=text("state = 'held'")),
)

booking_line = Table(  # what was asked for; it stays when the units are let go
    "booking_line",
    metadata,
    Column("booking_id", Uuid, primary_key=True),
    Column("sku_id", Uuid, primary_key=True),
    Column("warehouse", Text, primary_key=True),
    Column("quantity", Integer, nullable=False),
    CheckConstraint("quantity > 0", name="quantity_positive"),
)

bucket = Table(  # units handed from a level, which counts them as reserved
    "bucket",
    metadata,
    Column("sku_id", Uuid, primary_key=True),
    Column("warehouse", Text, primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("free", Integer, nullable=False),
    CheckConstraint("free >= 0", name="free_not_negative"),
    postgresql_with={"fillfactor": 50},
)

stock_count = Table(
    "stock_count",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("warehouse", Text, nullable=False),
    Column("state", Word, nullable=False, server_default=text("'open'")),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_by", Text),
    Column("closed_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('open', 'closed', 'dropped')", name="state_known"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_time"),
    Index("ix_stock_count_open", "warehouse", postgresql_where=text("state = 'open'")),
)

stock_count_line = Table(  # `counted` is none until somebody counted
    "stock_count_line",
    metadata,
    Column("count_id", Uuid, primary_key=True),
    Column("sku_id", Uuid, primary_key=True),
    Column("counted", Integer),
    Column("on_hand_then", Integer),  # what the level said at the moment of counting
    Column("counted_by", Text),
    Column("counted_at", DateTime(timezone=True)),
    CheckConstraint("counted >= 0", name="counted_not_negative"),
    CheckConstraint("(counted IS NULL) = (on_hand_then IS NULL)", name="counted_beside_level"),
)

stock_transfer = Table(
    "stock_transfer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("from_warehouse", Text, nullable=False),
    Column("to_warehouse", Text, nullable=False),
    Column("state", Word, nullable=False, server_default=text("'sent'")),
    Column("reference", Text),
    Column("sent_by", Text, nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Column("arrived_by", Text),
    Column("arrived_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('sent', 'arrived')", name="state_known"),
    CheckConstraint("(state = 'sent') = (arrived_at IS NULL)", name="arrived_has_time"),
    CheckConstraint("from_warehouse <> to_warehouse", name="goes_somewhere"),
    Index("ix_stock_transfer_sent", "to_warehouse", postgresql_where=text("state = 'sent'")),
)

stock_transfer_line = Table(  # `arrived` is none until somebody counted what arrived
    "stock_transfer_line",
    metadata,
    Column("transfer_id", Uuid, primary_key=True),
    Column("sku_id", Uuid, primary_key=True),
    Column("sent", Integer, nullable=False),
    Column("arrived", Integer),
    CheckConstraint("sent >= 0", name="sent_not_negative"),  # 0: came and was never sent
    CheckConstraint("arrived >= 0", name="arrived_not_negative"),
)
