"""A conversation as its shopper may see it: what left, and nothing that can still be undone."""

from collections.abc import Sequence

from app.desk import case_store
from app.desk.case import Author, Entry
from app.desk.reply import ON_ITS_WAY
from app.messages import history_store
from orders_core.ids import OrderId
from orders_core.tx import Tx


def said_about(tx: Tx, order_id: OrderId) -> Sequence[Entry]:
    """Return what a person and the shop said to each other about an order, first word first."""
    entries = case_store.entries_about(tx, order_id)
    answers = [entry.verdict_id for entry in entries if entry.verdict_id]
    left = {
        message.verdict_id
        for message in history_store.of_verdicts(tx, answers)
        if message.state in ON_ITS_WAY
    }
    return [
        entry
        for entry in entries
        if entry.author is not Author.AGENT or (entry.stands and entry.verdict_id in left)
    ]
