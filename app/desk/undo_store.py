"""How long replies are still held back, in machine time."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from app.messages.tables import message
from orders_core.tx import Tx


def seconds_held(tx: Tx, verdicts: Sequence[UUID]) -> Mapping[UUID, float]:
    """Return for verdicts with queued messages how many seconds these are held yet, at least 0.

    A message may be queued for longer than it is held, as when it waits for the morning.
    """
    left = func.extract("epoch", func.max(message.c.not_before) - func.clock_timestamp())
    rows = tx.execute(
        select(message.c.verdict_id, left)
        .where(message.c.verdict_id.in_(verdicts), message.c.state == "queued")
        .group_by(message.c.verdict_id)
    )
    return {verdict_id: max(0.0, float(seconds)) for verdict_id, seconds in rows}
