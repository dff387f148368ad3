"""SMS and push that never leave the house: each envelope is kept where the dev outbox shows it.

Two sends leave two records, as a real provider would ring twice: nothing is smoothed over. A few
addresses misbehave by name (`actors.py`).
"""

from collections.abc import Callable, Mapping, Sequence

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
from channels.fake.actors import Part, part_of
from channels.means import Means

REFUSALS: Mapping[Part | None, Callable[[], Outcome]] = {
    Part.BOUNCE: lambda: GiveUp("a test address: nobody lives there", address_is_dead=True),
    Part.REJECT: lambda: GiveUp("a test address: the text is not wanted"),
    Part.SLOW: lambda: TryLater("a test address: too busy now"),
}


class Fake:
    """Stands for a provider: takes every envelope and hands it to `record`.

    With `has_actors` some addresses misbehave by name.
    """

    def __init__(self, name: str, record: Record, *, has_actors: bool = False) -> None:
        self.name = name
        self._record, self._has_actors = record, has_actors

    def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """Record each envelope; a ChannelError that `record` raises is that envelope's outcome."""
        return [self._send_one(envelope) for envelope in envelopes]

    def _send_one(self, envelope: Envelope) -> Outcome:
        part = part_of(envelope.channel, envelope.to) if self._has_actors else None
        if part in REFUSALS:
            return REFUSALS[part]()
        try:
            self._record(envelope)
        except (TryLater, GiveUp, Unknown) as outcome:
            return outcome
        except ChannelError as fault:
            return TryLater(fault.reason)
        if part is Part.TIMEOUT:
            return Unknown("a test address: the answer was lost")
        return Accepted(f"fake-{envelope.message_id}")


def build(name: str, means: Means) -> Fake:
    """Build a fake provider on the record that the means name for it."""
    return Fake(name, means.record_of(name), has_actors=means.has_actors)
