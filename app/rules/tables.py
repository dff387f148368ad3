"""Decision tables in versions, and every ruling that was made by one."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata

rule_table = Table(
    "rule_table",
    metadata,
    Column("name", Text, primary_key=True),
    Column("live_version", Integer),  # None until one was published
)

rule_version = Table(
    "rule_version",
    metadata,
    Column("name", Text, ForeignKey("rule_table.name"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sheet", Text, nullable=False),  # CSV: what was saved, to the letter
    Column("saved_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
)

ruling = Table(
    "ruling",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("about", Text, nullable=False),  # what was decided: an order's id, say
    Column("given", JSONB, nullable=False),
    Column("rows", JSONB, nullable=False),  # the rows that answered, from 1
    Column("answers", JSONB, nullable=False),
    Column("ruled_at", DateTime(timezone=True), nullable=False),
    Index("ix_ruling_name", "name", "id"),
    Index("ix_ruling_about", "about"),
)
