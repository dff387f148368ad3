"""What was decided about one notice and one person, and every rule that was asked on the way.

A verdict holds codes and inputs, never words: those are made when somebody reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Because(StrEnum):
    """Why a message was held back or not sent. Append only: stored verdicts are read for years."""

    SUPERSEDED = "superseded"  #: the order moved on before this could be told
    SUPPRESSED = "suppressed"  #: every address on the channel bounced, complained or is blocked
    NO_CONSENT = "no_consent"  #: advertising without the person's agreement
    NOT_WANTED = "not_wanted"  #: the person switched this category off on the channel
    MARKETING_STOPPED = "marketing_stopped"  #: the shop stopped all marketing
    NO_ADDRESS = "no_address"  #: nowhere to write to
    CAP_REACHED = "cap_reached"  #: the person heard enough for now
    QUIET_HOURS = "quiet_hours"  #: night, where the person lives
    FOLDED = "folded"  #: the person, or the shop, wants such news together
    PAUSED = "paused"  #: the person wants no bells at all for a while
    ORDER_MUTED = "order_muted"  #: the person wants no bells about this order
    TOO_LATE = "too_late"  #: by the time it might ring it would be of no use any more
    LEGAL_HOURS = "legal_hours"  #: at this hour the law allows no advertising by SMS
    SHOP_SILENT = "shop_silent"  #: the shop does not send this here, unless somebody asks for it
    FEW_BELLS = "few_bells"  #: no news worth a sound, and no inbox line to move
    TIRED = "tired"  #: one more offer would likely make the person refuse all of them
    DISPLACED = "displaced"  #: more urgent news took its place under a cap while it waited
    EMPTY = "empty"  #: a digest of which nothing was wanted any more when it was to leave


class Outcome(StrEnum):
    """What one rule made of the question. Append only."""

    PASS = "pass"  #: nothing to object  # noqa: S105 -- no password
    NARROW = "narrow"  #: some channels fall away, others stay
    SKIP = "skip"  #: nothing is left to send
    WAIT = "wait"  #: the bells are held
    FOLD = "fold"  #: it joins a digest


class Step(NamedTuple):
    """One rule that was asked: its id, what it said, and what it looked at."""

    rule: str
    outcome: Outcome
    inputs: Mapping[str, Any]


Trace = tuple[Step, ...]
ALL_CLEAR = "all_clear"  #: decides where no rule objected


@dataclass(frozen=True, slots=True)
class Send:
    """Goes out now, on these channels."""

    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """`channels` go out at `until`; `at_once`, which rings nowhere, goes now."""

    until: datetime
    channels: tuple[str, ...]
    at_once: tuple[str, ...]
    because: Because


@dataclass(frozen=True, slots=True)
class Skip:
    """Does not go out."""

    because: Because


@dataclass(frozen=True, slots=True)
class Downgrade:
    """Rings nowhere: only `channels`, which ring nothing, go now."""

    channels: tuple[str, ...]
    because: Because


class Slot(NamedTuple):
    """One digest of a person: the channel it goes out on, and when it closes."""

    channel: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """Joins one digest for each of `slots`; `at_once` goes now by itself."""

    slots: tuple[Slot, ...]
    at_once: tuple[str, ...]
    because: Because


Answer = Send | Wait | Digest | Downgrade | Skip


WORDS: Mapping[type, str] = {
    Send: "send",
    Wait: "wait",
    Digest: "digest",
    Downgrade: "downgrade",
    Skip: "skip",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, the rule that decided it, and every rule that was asked, in order."""

    answer: Answer
    decided_by: str
    trace: Trace

    @property
    def word(self) -> str:
        """The answer as it is stored: `send`, `wait`, `digest`, `downgrade` or `skip`."""
        return WORDS[type(self.answer)]

    @property
    def because(self) -> Because | None:
        """Why it is held or not sent; None for what goes out at once."""
        return None if isinstance(self.answer, Send) else self.answer.because

    @property
    def until(self) -> datetime | None:
        """When the first of what is held goes out; None if nothing is held."""
        match self.answer:
            case Wait(until):
                return until
            case Digest(slots):
                return min(slot.closes_at for slot in slots)
        return None
