"""The in-app inbox: delivered is written, and writing one message twice writes it once."""

from collections.abc import Sequence

from channels.contract import Accepted, ChannelError, Envelope, Outcome, Record, TryLater
from channels.means import Means


class InApp:
    """Leaves each envelope in the person's inbox through `record`, which is idempotent."""

    def __init__(self, name: str, record: Record) -> None:
        self.name = name
        self.record = record

    def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """Write each envelope to the inbox; what could not be written may be tried again safely."""
        return [self._send_one(envelope) for envelope in envelopes]

    def _send_one(self, envelope: Envelope) -> Outcome:
        try:
            self.record(envelope)
        except ChannelError as fault:
            return TryLater(fault.reason)
        return Accepted(str(envelope.message_id))


def build(name: str, means: Means) -> InApp:
    """Build the inbox channel on the record that the means name for it."""
    return InApp(name, means.record_of(name))
