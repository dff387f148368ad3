"""The rows of messages that are to be sent."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from app.forecast.tables import planned_send
from orders_core.tx import Tx


def replace(tx: Tx, reference: str, messages: Mapping[datetime, int]) -> None:
    """Write the hours of one reference in the place of those it had."""
    tx.execute(delete(planned_send).where(planned_send.c.reference == reference))
    if messages:
        tx.execute(
            insert(planned_send),
            [
                {"reference": reference, "hour": hour, "messages": count}
                for hour, count in sorted(messages.items())
            ],
        )


def per_hour(tx: Tx, *, since: datetime, until: datetime) -> dict[datetime, int]:
    """Return the messages to be sent in each hour, of all references together."""
    found = tx.execute(
        select(planned_send.c.hour, func.sum(planned_send.c.messages))
        .where(planned_send.c.hour >= since, planned_send.c.hour < until)
        .group_by(planned_send.c.hour)
        .order_by(planned_send.c.hour)
    )
    return {hour: int(messages) for hour, messages in found}
