"""Where channels without a provider leave their envelopes: the dev outbox, and the inbox.

Wiring hands `records(...)` to the channels; the dev mailbox calls `store` for each letter.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.db.transaction import begin
from app.errors import EngineUnreachable
from app.house import Hint, told_nobody
from app.inbox import store as inbox
from app.inbox.item import Item
from app.jobs.lanes import Lane
from app.messages import capture_store, suppression_store
from app.messages.capture_store import Captured, add, page
from app.messages.history_store import Message, find
from app.messages.message import TRIAL, URGENT, Claimed
from app.templating.render import Rendered
from channels.contract import Envelope, GiveUp, Record, TryLater, Unknown
from channels.fake.actors import Part, part_of
from orders_core.clock import Clock
from orders_core.ids import PersonId
from orders_core.tx import Tx

__all__ = ["Captured", "InboxRecord", "complain", "outbox_record", "page", "records", "store"]

store = add


def records(
    engine: Engine, clock: Clock, *, hint: Hint = told_nobody, has_actors: bool = False
) -> Mapping[str, Record]:
    """Return the record of every channel that has no provider, by channel name.

    `hint` is told whose inbox has news, once the news is committed. With `has_actors` the test
    addresses that complain do.
    """
    outbox = outbox_record(engine, clock, has_actors=has_actors)
    kept = {"sms": outbox, "push": outbox, TRIAL: outbox}
    return {"inapp": InboxRecord(engine, clock, hint=hint), **kept}


def outbox_record(engine: Engine, clock: Clock, *, has_actors: bool = False) -> Record:
    """Return a record that keeps each envelope for the dev outbox, in a transaction of its own."""

    def record(envelope: Envelope) -> None:
        with _kept(engine) as tx:
            left = [_captured(envelope, clock)]
            capture_store.add(tx, left)
            if has_actors:
                complain(tx, left)

    return record


def complain(tx: Tx, left: Sequence[Captured]) -> None:
    """Let the test addresses among those that call everything spam do so: never again to them."""
    for one in left:
        if part_of(one.channel, one.address) is Part.COMPLAIN:
            names = [(one.channel, one.address)]
            suppression_store.suppress(tx, names, reason="complaint", now=one.captured_at)


class InboxRecord:
    """Puts messages into the inboxes of their people, one by one or many in a transaction."""

    def __init__(self, engine: Engine, clock: Clock, *, hint: Hint = told_nobody) -> None:
        self._engine, self._clock, self._hint = engine, clock, hint

    def __call__(self, envelope: Envelope) -> None:
        """Put one envelope into the inbox of its message's person."""
        with _kept(self._engine) as tx:
            message = find(tx, envelope.message_id)
            if message is None:
                raise GiveUp("no such message")
            words = Rendered(title=envelope.title, text=envelope.text)
            inbox.write(tx, _item(message, words, self._clock))
        self._hint(PersonId(message.person_id))

    def keep(self, tx: Tx, written: Sequence[tuple[Claimed, Rendered]]) -> None:
        """Put many messages into their inboxes, in the caller's transaction."""
        inbox.write_all(tx, [_item(message, words, self._clock) for message, words in written])

    def hint(self, written: Sequence[tuple[Claimed, Rendered]]) -> None:
        """Hint to everybody whose inbox has news now."""
        for person_id in {PersonId(message.person_id) for message, _ in written}:
            self._hint(person_id)


@contextmanager
def _kept(engine: Engine) -> Iterator[Tx]:
    """Open a transaction whose failure is an answer a channel understands."""
    try:
        with begin(engine) as tx:
            yield tx
    except EngineUnreachable as fault:
        raise TryLater("the database is away") from fault
    except SQLAlchemyError as fault:  # the commit may have landed before the line was lost
        raise Unknown(f"the database failed: {type(fault).__name__}") from fault


def _item(message: Claimed | Message, words: Rendered, clock: Clock) -> Item:
    return Item(
        id=message.id,
        person_id=message.person_id,
        order_id=message.order_id,
        notice=message.notice,
        title=words.title,
        body=words.text,
        arrived_at=clock.now(),
        is_urgent=message.lane == Lane.SECURITY or bool(message.variables.get(URGENT)),
        expires_at=message.expires_at,
    )


def _captured(envelope: Envelope, clock: Clock) -> Captured:
    return Captured(
        channel=envelope.channel,
        address=envelope.to,
        message_id=envelope.message_id,
        subject=envelope.title,
        body=envelope.text,
        html=envelope.html,
        headers=tuple(envelope.headers.items()),
        captured_at=clock.now(),
    )
