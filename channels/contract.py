"""What every channel takes and what it answers: an envelope in, an outcome out, in the same order.

A channel translates and does not think: no retry, no database, no template, no preference. What to
do about an outcome is policy of the one who sent, and the class of the outcome is all it needs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One message as it leaves: rendered, addressed, and named by an id that never changes.

    A resend carries the same `message_id`, so whoever receives both can tell. `headers` are extra
    header fields for channels that know such a thing (email); the others ignore them.
    """

    message_id: UUID
    channel: str
    to: str
    title: str
    text: str
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)


@dataclass(frozen=True)
class Accepted:
    """The provider has taken the envelope; `provider_ref` is its own name for it, if it has one."""

    provider_ref: str | None = None


class ChannelError(Exception):
    """The envelope was not accepted. `reason` names no address: reasons reach the logs."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TryLater(ChannelError):
    """Busy, throttled or unreachable: it was not taken, and the same envelope may succeed later."""

    def __init__(self, reason: str, *, after_seconds: float | None = None) -> None:
        self.after_seconds = after_seconds
        super().__init__(reason)


class GiveUp(ChannelError):
    """Refused for good: a wrong address, a blocked recipient, a text that may not be sent."""

    def __init__(self, reason: str, *, address_is_dead: bool = False) -> None:
        self.address_is_dead = address_is_dead
        super().__init__(reason)


class Unknown(ChannelError):
    """The provider may have taken it and may not: the answer was lost on the way."""


Outcome = Accepted | TryLater | GiveUp | Unknown
Record = Callable[[Envelope], None]
"""Where a channel without a provider leaves an envelope; raises a ChannelError if it cannot."""


class Channel(Protocol):
    """One way out of the house."""

    @property
    def name(self) -> str:
        """What the catalogue calls it: `email`, `sms`, `push`, `inapp`."""

    def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """Hand the envelopes over; the answer has their length and order.

        A bad envelope gets its own outcome and never spoils its neighbours: errors are answers
        here, not exceptions.
        """
