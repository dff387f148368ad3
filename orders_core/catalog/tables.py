"""What can be bought."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from orders_core.tx import metadata

product = Table(
    "product",
    metadata,
    Column("code", Text, primary_key=True),  # canonical upper case
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("code = upper(code)", name="code_canonical"),
)

sku = Table(
    "sku",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False, unique=True),  # canonical upper case
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("product", Text, ForeignKey("product.code"), index=True),  # what it is a variant of
    CheckConstraint("price_minor >= 0", name="price_not_negative"),
    CheckConstraint("code = upper(code)", name="code_canonical"),
)

sku_picture = Table(
    "sku_picture",
    metadata,
    Column("code", Text, ForeignKey("sku.code"), primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("media_type IN ('image/svg+xml', 'image/png')", name="media_type_known"),
    CheckConstraint("octet_length(bytes) <= 65536", name="bytes_few"),
)

price_list = Table(
    "price_list",
    metadata,
    Column("code", Text, primary_key=True),  # canonical upper case
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("currency", Text, nullable=False),
    # What is asked for by currency alone is looked up here; one list of a currency at most.
    Column("is_default", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("code = upper(code)", name="code_canonical"),
    Index("uq_price_list_default", "currency", unique=True, postgresql_where=text("is_default")),
)

# Tracked. Of the prices that hold at a time the one that began last counts: a sale lies over the
# usual price, which has no beginning.
price = Table(
    "price",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("price_list", Text, ForeignKey("price_list.code"), nullable=False),
    Column("sku_id", Uuid, ForeignKey("sku.id"), nullable=False, index=True),
    Column("price_minor", BigInteger, nullable=False),
    Column("valid_from", DateTime(timezone=True)),  # business time; none: since ever
    Column("valid_until", DateTime(timezone=True)),  # none: for good
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_by", Text, nullable=False),
    Column("change_reason", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("ring", Text, nullable=False, server_default=text("'now'")),
    UniqueConstraint("price_list", "sku_id", "valid_from", postgresql_nulls_not_distinct=True),
    CheckConstraint("price_minor >= 0", name="price_not_negative"),
    CheckConstraint("valid_until > valid_from", name="until_after_from"),
    CheckConstraint("ring IN ('now', 'then', 'never')", name="ring_known"),
)

# So many units may be promised before there are any: the level's `oversell_limit` is what is left
# of them, `units - arrived`. A pre-order that ended stays, for what it promised is still to come.
preorder = Table(
    "preorder",
    metadata,
    Column("sku_id", Uuid, ForeignKey("sku.id"), primary_key=True),
    Column("warehouse", Text, nullable=False),  # where they will arrive
    Column("units", Integer, nullable=False),
    Column("arrived", Integer, nullable=False, server_default=text("0")),
    Column("release_at", DateTime(timezone=True), nullable=False),
    Column(
        "deposit_minor", BigInteger
    ),  # of one unit, in the SKU's own currency; none: all at once
    Column("balance_hours", Integer, nullable=False),  # from the release, to pay what is left
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("arrived BETWEEN 0 AND units", name="arrived_within_units"),
    CheckConstraint("deposit_minor > 0", name="deposit_positive"),
    CheckConstraint("balance_hours > 0", name="balance_hours_positive"),
    Index("ix_preorder_release_at", "release_at", postgresql_where=text("ended_at IS NULL")),
)
