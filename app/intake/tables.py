"""How far each imported file has come, and the rows that could not be taken."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, Table, Text

from orders_core.tx import metadata

import_run = Table(
    "import_run",
    metadata,
    Column("file_hash", LargeBinary, primary_key=True),  # SHA-256 of the file
    Column("ring", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("lines_done", BigInteger, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

import_reject = Table(
    "import_reject",
    metadata,
    Column("file_hash", LargeBinary, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("row", Text, nullable=False),
)
