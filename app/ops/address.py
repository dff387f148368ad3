"""Change where a person is reached: a code to the new address proves it, the old one is told.

Whoever holds a forwarded link can ask, but without the new mailbox nothing changes, and whoever had
the old one hears of it.
"""

import hmac
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from app.hub.notify import notify
from app.hub.policy import Policy
from app.hub.verdict import Skip
from app.hub.wish import Wish
from app.people import address_store as store
from app.people.address_store import Held
from app.people.choices import ChannelName
from app.people.person import Profile
from app.people.store import change
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx

DIGITS = 6
GOOD_FOR = timedelta(minutes=10)
BETWEEN = timedelta(seconds=60)
MOST_SENT, MOST_TO_ONE, MOST_WRONG = 3, 5, 5  # of a person and of an address an hour; of a code


class Done(StrEnum):
    """What came of asking, or of a code; the page has words for each."""

    SENT = "code_sent"
    TOO_SOON = "code_too_soon"
    UNREACHABLE = "code_unreachable"
    CHANGED = "address_changed"
    WRONG = "code_wrong"


def ask(
    tx: Tx,
    person_id: PersonId,
    wanted: tuple[ChannelName, str],
    *,
    secret: bytes,
    policy: Policy,
    now: datetime,
) -> Done:
    """Send a code of six digits to the address somebody would like to be reached at.

    At most one a minute and three an hour for a person, five an hour for an address. Locks: the
    person's wish, then what the hub locks.
    """
    held = store.hold(tx, person_id)
    if _is_too_soon(held) or store.sent_to(tx, *wanted, now=held.now) >= MOST_TO_ONE:
        return Done.TOO_SOON
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code_hash = _hash(person_id, code, secret)
    store.ask(tx, person_id, wanted, held=held, code_hash=code_hash, good=GOOD_FOR)
    wish = _wish(person_id, "security_code", wanted, now)
    decisions = notify(tx, [replace(wish, variables={"code": code})], policy=policy, now=now)
    if not decisions or isinstance(decisions[0].verdict.answer, Skip):
        store.use_code(tx, person_id)
        return Done.UNREACHABLE
    return Done.SENT


def confirm(
    tx: Tx, person_id: PersonId, code: str, *, secret: bytes, policy: Policy, now: datetime
) -> Done:
    """Change the address if the code is right, and tell whoever had the old one."""
    held = store.hold(tx, person_id)
    if held.code_hash is None or held.wrong >= MOST_WRONG or not held.channel or not held.address:
        return Done.WRONG
    given = _hash(person_id, "".join(code.split()), secret)
    if not hmac.compare_digest(held.code_hash, given):
        store.add_wrong(tx, person_id)
        return Done.WRONG
    channel, was = ChannelName(held.channel), store.use_code(tx, person_id)
    change(tx, {person_id: Profile(reference="", contacts={channel: held.address})}, now=now)
    if was and was != held.address:
        wish = _wish(person_id, "contact_changed", (channel, was), now)
        notify(tx, [wish], policy=policy, now=now)
    return Done.CHANGED


def _wish(person_id: PersonId, notice: str, to: tuple[str, str], now: datetime) -> Wish:
    return Wish(
        dispatch=f"{notice}:{new_id()}",
        notice=notice,
        person_id=person_id,
        decide_at=now,
        is_awaited=True,
        to=to,
    )


def _is_too_soon(held: Held) -> bool:
    last = held.sent_at[-1] if held.sent_at else None
    return len(held.sent_at) >= MOST_SENT or (last is not None and last + BETWEEN > held.now)


def _hash(person_id: PersonId, code: str, secret: bytes) -> bytes:
    """Hash a code so that the database alone does not tell it: six digits are soon counted up."""
    return hmac.new(secret, b"address:" + person_id.bytes + code.encode(), sha256).digest()
