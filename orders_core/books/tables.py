"""How far the books were checked, what was found, and the sums that need not be made again."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata

books_mark = Table(
    "books_mark",
    metadata,
    Column("id", SmallInteger, primary_key=True, server_default=text("1")),
    # Everything written before these is visible to every step from now on: machine time and
    # transaction id. None: no step may lean on them yet.
    Column("safe_at", DateTime(timezone=True)),
    Column("safe_xid", BigInteger),
    # They move here once every transaction of that moment is over.
    Column("next_at", DateTime(timezone=True)),
    Column("next_xid", BigInteger),
    CheckConstraint("id = 1", name="one_row"),
)

books_turn = Table(
    "books_turn",
    metadata,
    Column("about", Text, primary_key=True),
    Column("last", Uuid, nullable=False),  # whose turn it was last, in the order of ids
)

books_level = Table(
    "books_level",
    metadata,
    Column("sku_id", Uuid, primary_key=True),
    Column("warehouse", Text, primary_key=True),
    Column("units", BigInteger, nullable=False),  # the sum of its movements …
    Column("below", BigInteger, nullable=False),  # … that were written in transactions below
)

books_run = Table(
    "books_run",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column(
        "ended_at",  # machine time
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    Column("took_ms", Integer, nullable=False),
    Column("looked_at", JSONB, nullable=False),  # how many of each, in a step
    Column("broken", JSONB, nullable=False),  # how many break each promise that is broken
    CheckConstraint("kind IN ('whole', 'step')", name="kind_known"),
)

books_breach = Table(
    "books_breach",
    metadata,
    Column("invariant", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column(
        "found_at",  # machine time
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
)
