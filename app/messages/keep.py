"""Messages that stay in the house: the inbox line and the record of it are one transaction.

So a line is there if and only if its message is settled, and no crash leaves a doubt.
"""

from collections.abc import Collection, Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID

import structlog
from sqlalchemy.exc import DataError

from app.messages import record as records
from app.messages.message import Claimed, Next, State, broken
from app.messages.record import Delivery, Result
from app.templating.render import Rendered
from channels.contract import Channel
from channels.inapp.channel import InApp
from orders_core.tx import Tx

log = structlog.get_logger()

Written = tuple[Claimed, Rendered]


@runtime_checkable
class Keeper(Protocol):
    """Where messages of a channel are kept, in the transaction that settles them."""

    def keep(self, tx: Tx, written: Sequence[Written]) -> None:
        """Keep the messages; one that was kept before is left as it is."""

    def hint(self, written: Sequence[Written]) -> None:
        """Tell that they are kept, once that is committed. Never fails."""


def keeper_of(channel: Channel | None) -> Keeper | None:
    """Return the keeper of a channel that does not leave the house, if it is one."""
    record: object = channel.record if isinstance(channel, InApp) else None
    return record if isinstance(record, Keeper) else None


def keep(
    desk: Delivery,
    keeper: Keeper,
    written: Sequence[Written],
    failed: Sequence[Result],
    *,
    until: float,
) -> None:
    """Keep and settle messages together, and settle those whose words could not be made.

    What the database refuses to take is found by trying one by one, and fails alone.
    """
    try:
        _keep(desk, keeper, written, failed, until=until)
    except DataError:
        _alone(desk, keeper, written, until=until)
        records.record(desk, failed, until=until)


def _keep(
    desk: Delivery,
    keeper: Keeper,
    written: Sequence[Written],
    failed: Sequence[Result],
    *,
    until: float,
) -> None:
    taken = [(message, _taken(message, words)) for message, words in written]

    def beside(tx: Tx, recorded: Collection[UUID]) -> None:
        keeper.keep(tx, [one for one in written if one[0].id in recorded])

    recorded = records.record(desk, [*taken, *failed], until=until, beside=beside)
    keeper.hint([one for one in written if one[0].id in recorded])


def _alone(desk: Delivery, keeper: Keeper, written: Sequence[Written], *, until: float) -> None:
    for one in written:
        try:
            _keep(desk, keeper, [one], (), until=until)
        except DataError:
            log.warning("not_storable", message=str(one[0].id))
            records.record(
                desk, [(one[0], broken("the inbox cannot store its words"))], until=until
            )


def _taken(message: Claimed, words: Rendered) -> Next:
    return Next(state=State.SENT, provider_ref=str(message.id), version=words.version)
