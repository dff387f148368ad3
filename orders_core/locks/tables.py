"""Leases: who holds a critical section that spans several transactions."""

from sqlalchemy import BigInteger, Column, DateTime, Table, Text

from orders_core.tx import metadata

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("token", BigInteger, nullable=False),  # grows with every taking, for ever
    Column("holder", Text),  # none: given back
    Column("until", DateTime(timezone=True), nullable=False),  # machine time
)
