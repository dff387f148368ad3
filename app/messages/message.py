"""One message's life: its states, what may follow what, and what each outcome makes of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.jobs.lanes import Lane
from app.templating.sources import Version
from channels.contract import Accepted, GiveUp, Outcome, TryLater, Unknown

MOST_ATTEMPTS = 5
DOUBT_SECONDS = 30
FIRST_WAIT_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 3600.0
WAIT_GROWS_BY = 4.0

#: Kinds that are worth a second bell rather than none. The others never risk ringing twice.
RESENT_IN_DOUBT = frozenset({"security", "order", "support"})
#: Kinds whose bells ring even where the person muted the order: they asked for them.
UNMUTED = frozenset({"security", "support"})
#: In the facts of a message: nothing goes on before the person does something.
URGENT = "waits_for_them"
#: The way of messages that reach nobody: into the dev outbox, whatever their channel is.
TRIAL = "trial"
#: The switch of the hub that holds back this lane while it is on.
MARKETING_SWITCH = "marketing"


class State(StrEnum):
    """Where a message stands. Append only: rows are read for years."""

    QUEUED = "queued"  #: waits for its time, or to be tried again
    SENDING = "sending"  #: a worker holds it until its lease ends
    SENT = "sent"  #: the provider took it
    UNKNOWN = "unknown"  #: it may have been taken, and will not be sent again
    FAILED = "failed"  #: refused for good, tried too often, or its template is broken
    EXPIRED = "expired"  #: too late to be of use before it could leave
    CANCELLED = "cancelled"  #: withdrawn before it left


MOVES: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED}),
    State.SENDING: frozenset(
        {
            State.QUEUED,
            State.SENT,
            State.UNKNOWN,
            State.FAILED,
            State.EXPIRED,
            State.CANCELLED,
        }
    ),
    State.SENT: frozenset(),
    State.UNKNOWN: frozenset(),
    State.FAILED: frozenset(),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
}
TERMINAL = frozenset(state for state, following in MOVES.items() if not following)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to be queued. `due_at`, `expires_at` and `queued_at` are business time.

    `hold_seconds` is machine time before it may leave. From `stands_until`, business time, it may
    not leave before it was decided again; None where what was decided stands for good. `entry` is
    the place it takes under the caps, given back if it ends unsent; None if it takes none.
    """

    verdict_id: UUID
    person_id: UUID
    order_id: UUID | None
    notice: str
    category: str
    channel: str
    address: str
    locale: str
    kind: str
    lane: int
    variables: Mapping[str, Any]
    due_at: datetime
    expires_at: datetime
    queued_at: datetime
    hold_seconds: int = 0
    stands_until: datetime | None = None
    entry: int | None = None
    is_trial: bool = False


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message that this worker holds. `attempts` counts this one; `token` proves the hold.

    `lease_ran_out` says that another worker held it and was never heard of again; `barred` why its
    address may no longer be written to, if so.
    """

    id: UUID
    order_id: UUID | None
    person_id: UUID
    notice: str
    channel: str
    address: str
    locale: str
    kind: str
    lane: Lane
    variables: Mapping[str, Any]
    expires_at: datetime
    token: int
    attempts: int
    duplicate_risk: bool
    lease_ran_out: bool
    barred: str | None
    stands_until: datetime | None = None
    is_trial: bool = False  #: it is kept for whoever tries things out, and reaches nobody


@dataclass(frozen=True, kw_only=True)
class Next:
    """What becomes of a message that is held: its state, and why.

    `wait_seconds` is machine time before a queued one may be taken again. `counts` is False where
    nothing was tried, so that the attempt is given back. `version` names the templates its words
    were made from.
    """

    state: State
    error: str | None = None
    provider_ref: str | None = None
    wait_seconds: float = 0.0
    duplicate_risk: bool = False
    counts: bool = True
    address_is_dead: bool = False
    version: Version | None = None


RETURNED = Next(state=State.QUEUED, counts=False)


def before_sending(message: Claimed, now: datetime) -> Next | None:
    """Say what becomes of a held message that must not leave; None if it may.

    Where a lease ran out the message may have left, so it is never called expired or cancelled:
    either it is worth a second bell or it stays unknown. A second bell obeys the hours of the
    first: where its verdict no longer stands it goes back, to be decided again.
    """
    if message.lease_ran_out:
        return _in_doubt(message, now)
    if message.expires_at <= now:
        return Next(state=State.EXPIRED, counts=False)
    if message.barred is not None:
        return Next(state=State.CANCELLED, error=message.barred, counts=False)
    return None


def _in_doubt(message: Claimed, now: datetime) -> Next | None:
    if message.kind not in RESENT_IN_DOUBT:
        return _unknown("its worker was lost while sending")
    if message.attempts > MOST_ATTEMPTS:
        return _unknown(f"its worker was lost {MOST_ATTEMPTS} times")
    if message.expires_at <= now:
        return _unknown("its worker was lost, and it is too late to send it again")
    if message.barred is not None:
        return _unknown(f"its worker was lost; since then {message.barred}")
    if message.stands_until is not None and message.stands_until <= now:
        return RETURNED
    return None


def _unknown(why: str) -> Next:
    return Next(state=State.UNKNOWN, error=why, counts=False)


def after_sending(message: Claimed, outcome: Outcome, *, chance: float) -> Next:
    """Say what an outcome makes of a message. `chance`, 0 to 1, spreads retries over their wait."""
    match outcome:
        case Accepted():
            return Next(state=State.SENT, provider_ref=outcome.provider_ref)
        case GiveUp():
            return Next(
                state=State.FAILED,
                error=outcome.reason,
                address_is_dead=outcome.address_is_dead,
            )
        case TryLater():
            return _later(message, outcome, chance)
        case Unknown():
            return _doubtful(message, outcome)


def _later(message: Claimed, outcome: TryLater, chance: float) -> Next:
    if message.attempts >= MOST_ATTEMPTS:
        return Next(state=State.FAILED, error=f"tried {message.attempts} times: {outcome.reason}")
    wait_seconds = (outcome.after_seconds or 0.0) + chance * longest_wait_seconds(message.attempts)
    return Next(state=State.QUEUED, error=outcome.reason, wait_seconds=wait_seconds)


def _doubtful(message: Claimed, outcome: Unknown) -> Next:
    """Resend once where a second bell is better than none; for the rest the doubt stays."""
    is_worth_it = (
        message.kind in RESENT_IN_DOUBT
        and not message.duplicate_risk
        and message.attempts < MOST_ATTEMPTS
    )
    if not is_worth_it:
        return Next(state=State.UNKNOWN, error=outcome.reason)
    return Next(
        state=State.QUEUED,
        error=outcome.reason,
        wait_seconds=DOUBT_SECONDS,
        duplicate_risk=True,
    )


def longest_wait_seconds(attempts: int) -> float:
    """Return the most that a message waits after so many attempts: 30 s, 2 min, 8 min, 32 min."""
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * WAIT_GROWS_BY ** (attempts - 1))


def broken(reason: str) -> Next:
    """Return what becomes of a message whose words cannot be made: it alone fails."""
    return Next(state=State.FAILED, error=f"template: {reason}", counts=False)
