"""Goods that come back: what was asked for, decided, received.

`order_return` is a tracked table, as `orders` is. Lines are written before their return.
"""

from sqlalchemy import (
    BigInteger,
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

order_return = Table(
    "order_return",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("state", Word, nullable=False),
    Column("reason", Text, nullable=False),  # a code of `rma.Reason`
    Column("who_pays", Text, nullable=False),  # for the way back
    Column("refund_percent", Integer, nullable=False),  # of what the units cost
    Column("amount_minor", BigInteger),  # that goes back, once they were received
    Column("currency", Text, nullable=False),
    Column("carrier", Text),  # of the parcel they come in
    Column("parcel_number", Text),
    Column("requested_at", DateTime(timezone=True), nullable=False),  # business time, all four
    Column("decided_at", DateTime(timezone=True)),
    Column("received_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("changed_by", Text, nullable=False),
    Column("change_reason", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("ring", Text, nullable=False, server_default=text("'now'")),
    CheckConstraint(
        "state IN ('requested', 'approved', 'rejected', 'received', 'closed')", name="state_known"
    ),
    CheckConstraint("who_pays IN ('shop', 'shopper')", name="who_pays_known"),
    CheckConstraint("refund_percent BETWEEN 0 AND 100", name="refund_percent_within"),
    CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
    CheckConstraint(
        "(state IN ('received', 'closed')) = (received_at IS NOT NULL)", name="received_has_time"
    ),
    CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
    CheckConstraint("(received_at IS NULL) = (amount_minor IS NULL)", name="received_has_amount"),
    CheckConstraint("ring IN ('now', 'then', 'never')", name="ring_known"),
    Index(
        "ix_order_return_live",
        "requested_at",
        postgresql_where=text("state IN ('requested', 'approved', 'received')"),
    ),
)

return_line = Table(
    "return_line",
    metadata,
    Column("return_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),  # of the line on its order
    Column("sku_id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_minor", BigInteger, nullable=False),
    Column("restocked", Integer, nullable=False, server_default=text("0")),
    Column("scrapped", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("unit_minor >= 0", name="unit_not_negative"),
    CheckConstraint(
        "restocked >= 0 AND scrapped >= 0 AND restocked + scrapped <= quantity",
        name="received_within_quantity",
    ),
)
