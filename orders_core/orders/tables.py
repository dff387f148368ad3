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
from orders_core.word import Word

STATUS_OF_AXES = """
status = CASE
  WHEN standing = 'cancelled' THEN 'cancelled'
  WHEN fulfilment IN ('delivered', 'returned') THEN 'delivered'
  WHEN fulfilment = 'shipped' THEN 'shipped'
  WHEN payment IN ('unpaid', 'deposit_paid') THEN 'placed'
  ELSE 'paid' END
""".strip()

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
    Column("is_trial", Boolean, nullable=False, server_default=text("false")),  # by a test key
    Column("person_id", Uuid, nullable=False, index=True),
    Column("status", Word, nullable=False),  # the axes in one word
    Column("standing", Text, nullable=False, server_default=text("'open'")),
    Column("payment", Text, nullable=False, server_default=text("'unpaid'")),
    Column("fulfilment", Text, nullable=False, server_default=text("'unfulfilled'")),
    Column("skipped", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("currency", Text, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("refund_minor", BigInteger, nullable=False, server_default=text("0")),
    Column("deposit_minor", BigInteger),  # of a pre-order: what is paid first
    Column("short_units", Integer, nullable=False, server_default=text("0")),
    Column("payment_reference", Text),
    Column("placed_at", DateTime(timezone=True), nullable=False, index=True),
    Column("paid_at", DateTime(timezone=True)),
    Column("shipped_at", DateTime(timezone=True)),
    Column("delivered_at", DateTime(timezone=True)),
    Column("cancelled_at", DateTime(timezone=True)),
    Column("pay_until", DateTime(timezone=True)),  # unpaid at this time, it ends
    Column("balance_from", DateTime(timezone=True)),
    Column("balance_until", DateTime(timezone=True)),
    Column("ship_to", Uuid),  # the address in force
    Column("invoice", Uuid),  # the invoice that was asked for
    Column("lines_version", Integer, nullable=False, server_default=text("1")),  # of its lines
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_by", Text, nullable=False),
    Column("change_reason", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("ring", Text, nullable=False, server_default=text("'now'")),
    UniqueConstraint("source", "reference"),
    CheckConstraint(
        "status IN ('placed', 'paid', 'shipped', 'delivered', 'cancelled')", name="status_known"
    ),
    CheckConstraint("standing IN ('open', 'cancelled')", name="standing_known"),
    CheckConstraint(
        "payment IN ('unpaid', 'deposit_paid', 'paid', 'refund_due', 'refunded')",
        name="payment_known",
    ),
    CheckConstraint(
        "fulfilment IN ('unfulfilled', 'partly_shipped', 'shipped', 'delivered', 'returned')",
        name="fulfilment_known",
    ),
    CheckConstraint(STATUS_OF_AXES, name="status_of_axes"),
    CheckConstraint("total_minor >= 0", name="total_not_negative"),
    CheckConstraint("refund_minor BETWEEN 0 AND paid_minor", name="refund_within_payment"),
    CheckConstraint("short_units >= 0", name="short_units_not_negative"),
    CheckConstraint("ring IN ('now', 'then', 'never')", name="ring_known"),
    Index(
        "uq_orders_payment_reference",
        "payment_reference",
        unique=True,
        postgresql_where=text("payment_reference IS NOT NULL"),
    ),
    Index(
        "ix_orders_balance",
        "balance_from",
        postgresql_where=text(
            "balance_from IS NOT NULL AND balance_until IS NULL AND standing = 'open'"
        ),
    ),
    Index(
        "ix_orders_pay_until",
        "pay_until",
        postgresql_where=text("status = 'placed' AND NOT mirrored AND pay_until IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": 70},
)

order_line = Table(
    "order_line",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    # A line as it stood from one version of its order until another; no end: as it stands.
    Column("since_version", Integer, primary_key=True, server_default=text("1")),
    Column("until_version", Integer),
    Column("sku_id", Uuid),  # none on a mirrored order's foreign goods
    Column("code", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_zh", Text),  # none where the source names its goods in one language only
    Column("quantity", Integer, nullable=False),
    Column("unit_minor", BigInteger, nullable=False),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("unit_minor >= 0", name="unit_not_negative"),
    CheckConstraint("until_version > since_version", name="until_after_since"),
)

ship_to = Table(
    "ship_to",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("phone", Text),
    Column("country", Text, nullable=False),  # ISO 3166-1 alpha-2
    Column("region", Text),  # province, state
    Column("city", Text),
    Column("street", Text),
    Column("postal_code", Text),
    Column("station", Text),  # a pickup station instead of the door
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("street IS NOT NULL OR station IS NOT NULL", name="somewhere"),
)

pickup_station = Table(  # where goods can be fetched instead of brought to the door
    "pickup_station",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),  # as it is written on labels there
    Column("country", Text, nullable=False),  # ISO 3166-1 alpha-2
    Column("region", Text),
    Column("city", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("postal_code", Text),
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    Index("ix_pickup_station_country_city", "country", "city"),
)

invoice = Table(
    "invoice",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("tax_number", Text),
    Column("email", Text),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
)

gift = Table(  # of an order that is given; the receiver may be nobody we know
    "gift",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("person_id", Uuid, index=True),
    Column("giver", Text),
    Column("words", Text),
)

payment = Table(  # one row for each sum that came in
    "payment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("part", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reference", Text, nullable=False, unique=True),  # the gateway's own: once each
    Column("came_at", DateTime(timezone=True), nullable=False),
    Column("taken_by", Text, nullable=False),
    CheckConstraint("part IN ('whole', 'deposit', 'balance', 'late')", name="part_known"),
    CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
)

refund = Table(
    "refund",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("cause_id", Uuid, nullable=False),  # what gave rise to it: once each
    Column("status", Word, nullable=False, server_default=text("'asked'")),
    Column("reference", Text),  # the gateway's own, once it was made
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("made_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_by", Text, nullable=False),
    Column("change_reason", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("ring", Text, nullable=False, server_default=text("'now'")),
    UniqueConstraint("cause", "cause_id"),
    CheckConstraint("amount_minor > 0", name="amount_positive"),
    CheckConstraint(
        "cause IN ('cancelled', 'edited', 'returned', 'short', 'paid_late', 'paid_twice')",
        name="cause_known",
    ),
    CheckConstraint("status IN ('asked', 'made')", name="status_known"),
    CheckConstraint("(status = 'made') = (made_at IS NOT NULL)", name="made_has_time"),
    CheckConstraint("ring IN ('now', 'then', 'never')", name="ring_known"),
)
