"""Asks what was told for good, and changes nothing."""

from collections.abc import Collection

from app.hub.wish import dispatch_hash
from orders_core.ids import PersonId
from orders_core.tx import Tx

Telling = tuple[str, PersonId]  # a dispatch, and whom

TOLD = """
SELECT told.dispatch, told.person_id
FROM told JOIN unnest(%(dispatches)s::bytea[], %(people)s::uuid[]) AS ours (dispatch, person_id)
  USING (dispatch, person_id)
"""


def told_before(tx: Tx, tellings: Collection[Telling]) -> frozenset[Telling]:
    """Return those of the tellings that were made, in this transaction or before."""
    if not tellings:
        return frozenset()
    ours = {(dispatch_hash(dispatch), who): (dispatch, who) for dispatch, who in tellings}
    rows = tx.exec_driver_sql(
        TOLD, {"dispatches": [one for one, _ in ours], "people": [who for _, who in ours]}
    )
    return frozenset(ours[bytes(dispatch), who] for dispatch, who in rows)
