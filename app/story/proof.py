"""Proving that an order is one's own: the end of a phone number, or a code sent to its addresses.

Wrong tries are counted in the database, five an hour of machine time for each order, whoever tries
and from wherever. A try is answered, never raised: a refusal would take its count back.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from app.hub.notify import notify
from app.hub.policy import Policy
from app.hub.verdict import Skip
from app.hub.wish import Wish
from app.people.choices import ChannelName
from app.people.recipient import Recipient
from app.story import proof_store as store
from app.story.proof_store import Held
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx

MOST_WRONG = 5
MOST_SENT = 3
WINDOW = timedelta(hours=1)
BETWEEN_CODES = timedelta(seconds=60)
CODE_GOOD_FOR = timedelta(minutes=10)
TAIL_DIGITS, CODE_DIGITS = 4, 6


class Result(StrEnum):
    """What came of a try, or of asking for a code."""

    PROVEN = "proven"
    WRONG = "wrong"
    LOCKED = "locked"  #: wrong too often; nothing is even compared
    SENT = "sent"
    TOO_SOON = "too_soon"  #: a code was sent a moment ago, or several within the hour
    UNREACHABLE = "unreachable"  #: no address takes a code


@dataclass(frozen=True)
class Tried:
    """A result; how many wrong tries are left this hour, and the seconds to wait, 0 for none."""

    result: Result
    left: int = MOST_WRONG
    wait_seconds: int = 0


@dataclass(frozen=True)
class Claim:
    """What somebody typed: the end of a phone number, or a code; either may be empty."""

    tail: str = ""
    code: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether it can be compared at all: a slip of the finger costs no try."""
        return len(digits(self.tail)) == TAIL_DIGITS or len(digits(self.code)) == CODE_DIGITS


def prove(tx: Tx, order_id: OrderId, person: Recipient, claim: Claim, *, secret: bytes) -> Tried:
    """Say whether a claim proves that the order is the person's. Locks: the order's proofs."""
    held = store.hold(tx, order_id)
    left = MOST_WRONG - len(held.wrong_at)
    if left <= 0:
        return Tried(Result.LOCKED, 0, _wait_seconds(held.wrong_at[-MOST_WRONG], held.now))
    if not claim.is_complete:
        return Tried(Result.WRONG, left)
    if _is_tail(claim, person):
        return Tried(Result.PROVEN, left)
    if _is_code(claim, held, order_id, secret):
        store.use_code(tx, order_id)
        return Tried(Result.PROVEN, left)
    store.add_wrong(tx, order_id, held)
    if left == 1:
        oldest = [*held.wrong_at, held.now][-MOST_WRONG]
        return Tried(Result.LOCKED, 0, _wait_seconds(oldest, held.now))
    return Tried(Result.WRONG, left - 1)


def send_code(
    tx: Tx, order_id: OrderId, person: Recipient, *, secret: bytes, policy: Policy, now: datetime
) -> Tried:
    """Send the person a code of six digits, good for ten minutes and for one use.

    At most one a minute and three an hour; while wrong tries have locked the order, none. Locks:
    the order's proofs, what the hub locks.
    """
    held = store.hold(tx, order_id)
    if len(held.wrong_at) >= MOST_WRONG:
        return Tried(Result.LOCKED, 0, _wait_seconds(held.wrong_at[-MOST_WRONG], held.now))
    if wait := _code_wait(held.sent_at, held.now):
        return Tried(Result.TOO_SOON, wait_seconds=wait)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    wish = Wish(
        dispatch=f"order_proof:{new_id()}",
        notice="security_code",
        person_id=person.person_id,
        order_id=order_id,
        variables={"code": code},
        decide_at=now,
        is_awaited=True,
    )
    decisions = notify(tx, [wish], policy=policy, now=now)
    if not decisions or isinstance(decisions[0].verdict.answer, Skip):
        return Tried(Result.UNREACHABLE)
    store.keep_code(tx, order_id, held, _hash(order_id, code, secret), good=CODE_GOOD_FOR)
    return Tried(Result.SENT)


def digits(text: str) -> str:
    """Return the digits of what somebody typed, full-width ones included; nothing else counts."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(mark for mark in plain if mark.isascii() and mark.isdigit())


def _is_tail(claim: Claim, person: Recipient) -> bool:
    given = digits(claim.tail)
    if len(given) != TAIL_DIGITS:
        return False
    tails = [digits(number)[-TAIL_DIGITS:] for number in person.addresses.get(ChannelName.SMS, ())]
    return any(len(tail) == TAIL_DIGITS and hmac.compare_digest(tail, given) for tail in tails)


def _is_code(claim: Claim, held: Held, order_id: OrderId, secret: bytes) -> bool:
    given = digits(claim.code)
    if len(given) != CODE_DIGITS or held.code_hash is None:
        return False
    return hmac.compare_digest(held.code_hash, _hash(order_id, given, secret))


def _hash(order_id: OrderId, code: str, secret: bytes) -> bytes:
    """Hash a code so that the database alone does not tell it: six digits are soon counted up."""
    return hmac.new(secret, b"order_proof:" + order_id.bytes + code.encode(), sha256).digest()


def _code_wait(sent_at: Sequence[datetime], now: datetime) -> int:
    if len(sent_at) >= MOST_SENT:
        return _wait_seconds(sent_at[-MOST_SENT], now)
    if sent_at and sent_at[-1] + BETWEEN_CODES > now:
        return _seconds(sent_at[-1] + BETWEEN_CODES - now)
    return 0


def _wait_seconds(began_at: datetime, now: datetime) -> int:
    return _seconds(began_at + WINDOW - now)


def _seconds(wait: timedelta) -> int:
    return max(1, round(wait.total_seconds()))
