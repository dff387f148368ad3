"""Who proved that an order is theirs: the codes we sent, and the tries that went wrong."""

from sqlalchemy import ARRAY, Column, DateTime, LargeBinary, Table, Uuid, text

from orders_core.tx import metadata

order_proof = Table(
    "order_proof",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    # Machine time, newest last; older than an hour is forgotten with the next try.
    Column("wrong_at", ARRAY(DateTime(timezone=True)), nullable=False, server_default=text("'{}'")),
    Column("sent_at", ARRAY(DateTime(timezone=True)), nullable=False, server_default=text("'{}'")),
    Column("code_hash", LargeBinary),  # of the code that was sent last, until it is used
    Column("code_until", DateTime(timezone=True)),
)
