"""What a carrier's adapter does: check who sent a push, and say it in our words. No database."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from orders_core.errors import CoreError
from orders_core.parcels.scan import Scan
from orders_core.parcels.store import Name


class BadSignature(CoreError):
    """The push was not signed with the secret that was agreed on; nothing of it is kept."""

    def __init__(self, carrier: str) -> None:
        self.carrier = carrier
        super().__init__(f"the push of {carrier} is not signed with its secret")


class BadPush(CoreError):
    """A push that is signed and yet cannot be read; says where."""

    def __init__(self, carrier: str, says: str) -> None:
        self.carrier = carrier
        super().__init__(f"the push of {carrier} cannot be read: {says}")


class Watch(StrEnum):
    """What an aggregator does with a parcel it was asked to watch."""

    WATCHING = "watching"
    FINISHED = "finished"  #: it arrived: nothing more will come
    GIVEN_UP = "given_up"  #: nothing was heard for too long: nothing more will come


@dataclass(frozen=True)
class Subscription:
    """How the watch over one parcel stands, and what the aggregator says to it."""

    name: Name
    watch: Watch
    says: str = ""


@dataclass(frozen=True)
class Relabelled:
    """A parcel goes by another carrier's name or number now."""

    name: Name
    to: Name


@dataclass(frozen=True, kw_only=True)
class Push:
    """All that one push says; any of it may be empty, and all of it may have been said before."""

    subscriptions: tuple[Subscription, ...] = ()
    scans: tuple[Scan, ...] = ()
    relabelled: tuple[Relabelled, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a carrier wants to hear when its push was taken; else it sends it again."""

    body: Mapping[str, Any] = field(default_factory=dict)


class Carrier(Protocol):
    """One carrier, or an aggregator of many."""

    name: str

    def read_push(self, headers: Mapping[str, str], body: bytes, secret: str) -> Push:
        """Check the signature, then read the push; header names are in lower case.

        Raises:
            BadSignature: Before anything is read.
            BadPush: If it is signed and no push.
        """
        ...

    def answer(self) -> Answer:
        """Return what says that the push was taken."""
        ...


def is_same(signature: str, expected: str) -> bool:
    """Compare two signatures in a time that tells nothing of where they differ."""
    return hmac.compare_digest(signature.encode(), expected.encode())
