"""SMS and push that never leave the house: each envelope is kept where the dev outbox shows it.

Two sends leave two records, as a real provider would ring twice: nothing is smoothed over.
"""

from collections.abc import Sequence

from channels.contract import (
    Accepted,
    ChannelError,
    Envelope,
    GiveUp,
    Outcome,
    Record,
    TryLater,
    Unknown,
)
from channels.means import Means


class Fake:
    """Stands for a provider: takes every envelope and hands it to `record`."""

    def __init__(self, name: str, record: Record) -> None:
        self.name = name
        self._record = record

    def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """Record each envelope; a ChannelError that `record` raises is that envelope's outcome."""
        return [self._send_one(envelope) for envelope in envelopes]

    def _send_one(self, envelope: Envelope) -> Outcome:
        try:
            self._record(envelope)
        except (TryLater, GiveUp, Unknown) as outcome:
            return outcome
        except ChannelError as fault:
            return TryLater(fault.reason)
        return Accepted(f"fake-{envelope.message_id}")


def build(name: str, means: Means) -> Fake:
    """Build a fake provider on the record that the means name for it."""
    return Fake(name, means.record_of(name))
