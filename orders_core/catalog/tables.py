"""What can be bought."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    Table,
    Text,
    Uuid,
)

from orders_core.tx import metadata

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
