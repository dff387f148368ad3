"""Something that somebody would like one person to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from app.hub.catalogue import Notice, find
from app.hub.question import Standing
from orders_core.ids import EventId, OrderId, PersonId

DISPATCH_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One notice for one person.

    `dispatch` names the telling: with one dispatch a person is told once, for good. `decide_at` is
    the business time it is decided at. `standing` says where the order stands now; None to decide
    as if nothing had moved on since, as replay does. `variables` are the facts of the news; what
    every message says of the person and the shop is added later. `hold_seconds` of machine time
    pass before a message may leave, so that it can be withdrawn. `is_awaited` says that the person
    is in the talk now: their own quiet hours do not hold the answer back. `told_as` is the notice
    as it is told this time, on fewer channels or of another class. `to` is the only (channel,
    address) it goes to, where that is to be proven or was left. Of one that `is_trial` the words
    are kept for whoever tries things out: it reaches nobody and counts for nothing.
    """

    dispatch: str
    notice: str
    person_id: PersonId
    order_id: OrderId | None = None
    event_id: EventId | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    decide_at: datetime
    standing: Standing | None = None
    hold_seconds: int = 0
    is_awaited: bool = False
    told_as: Notice | None = None
    to: tuple[str, str] | None = None
    is_trial: bool = False

    @property
    def what(self) -> Notice:
        """The notice as it is told this time.

        Raises:
            UnknownNotice: If the catalogue has no such notice.
        """
        notice = self.told_as or find(self.notice)
        return replace(notice, is_urgent=True) if self.is_awaited else notice

    @property
    def key(self) -> tuple[bytes, PersonId]:
        """What `told` remembers of it, for good."""
        return dispatch_hash(self.dispatch), self.person_id


@lru_cache(maxsize=64)  # a batch often has one
def dispatch_hash(dispatch: str) -> bytes:
    """Return the 16 bytes that stand for a dispatch key."""
    return blake2b(dispatch.encode(), digest_size=DISPATCH_BYTES).digest()
