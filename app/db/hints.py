"""Whose open pages are to be told of a change, once the transaction that made it is committed.

Stores say whose inbox changed; whoever holds the edge of the transaction gathers and passes it on.
A hint holds an id and nothing else, and may be lost.
"""

from uuid import UUID

from orders_core.tx import Tx

KEY = "orderbell.hints"


def gathered(tx: Tx) -> set[UUID]:
    """Begin to gather: the set that is returned fills until the transaction ends."""
    people: set[UUID] = set()
    tx.info[KEY] = people  # of the pooled connection: what an earlier transaction left is dropped
    return people


def hint(tx: Tx, person_id: UUID) -> None:
    """Say that a person's inbox changed; where nobody gathers, it is told to nobody."""
    people: set[UUID] | None = tx.info.get(KEY)
    if people is not None:
        people.add(person_id)


def over(tx: Tx) -> None:
    """Gather no more on this connection: its next transaction may be nobody's request."""
    tx.info.pop(KEY, None)
