"""Put messages into the queue, in the transaction that decided them."""

from collections.abc import Sequence
from uuid import UUID

from app.messages import store
from app.messages.message import Draft
from orders_core.ids import new_id
from orders_core.tx import Tx

__all__ = ["Draft", "queue"]


def queue(tx: Tx, drafts: Sequence[Draft]) -> list[UUID]:
    """Queue the drafts; return their ids in the same order. Nothing leaves before the commit."""
    ids = [new_id() for _ in drafts]
    store.add(tx, list(zip(ids, drafts, strict=True)))
    return ids
