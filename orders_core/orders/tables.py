"""Orders and their lines.

`orders` is a tracked table: one statement touches a row once, and its columns `changed_by`,
`change_reason`, `changed_at` and `ring` say who changed it, why, when, and whether that may ring
anybody. Lines are written before their order and lean on no foreign key.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from orders_core.tx import metadata

order_number = Sequence("order_number", start=100001, metadata=metadata)

orders = Table(
    "orders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("source", Text, nullable=False),  # 'shop' for our own, else the shop it mirrors
    Column("reference", Text),  # the number the source gave it
    Column("source_version", BigInteger),  # of the newest snapshot folded in
    Column("mirrored", Boolean, nullable=False, server_default=text("false")),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("skipped", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("currency", Text, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("payment_reference", Text),
    Column("placed_at", DateTime(timezone=True), nullable=False, index=True),
    Column("paid_at", DateTime(timezone=True)),
    Column("shipped_at", DateTime(timezone=True)),
    Column("delivered_at", DateTime(timezone=True)),
    Column("cancelled_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_by", Text, nullable=False),
    Column("change_reason", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("ring", Text, nullable=False, server_default=text("'now'")),
    UniqueConstraint("source", "reference"),
    CheckConstraint(
        "status IN ('placed', 'paid', 'shipped', 'delivered', 'cancelled')", name="status_known"
    ),
    CheckConstraint("total_minor >= 0", name="total_not_negative"),
    CheckConstraint("ring IN ('now', 'then', 'never')", name="ring_known"),
    Index(
        "uq_orders_payment_reference",
        "payment_reference",
        unique=True,
        postgresql_where=text("payment_reference IS NOT NULL"),
    ),
    Index(
        "ix_orders_unpaid",
        "placed_at",
        postgresql_where=text("status = 'placed' AND NOT mirrored"),
    ),
    postgresql_with={"fillfactor": 70},
)

order_line = Table(
    "order_line",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sku_id", Uuid),  # none on a mirrored order's foreign goods
    Column("code", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_zh", Text),  # none where the source names its goods in one language only
    Column("quantity", Integer, nullable=False),
    Column("unit_minor", BigInteger, nullable=False),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("unit_minor >= 0", name="unit_not_negative"),
)
