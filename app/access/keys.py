"""API keys: `ob_live_…` and `ob_test_…`, shown once, kept only as a hash."""

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.access import store
from app.access.roles import KEY_SCOPES
from app.db.transaction import begin
from app.http.database import Engine
from orders_core.ids import ALPHABET
from orders_core.tx import Tx

SECRET_CHARACTERS = 52  # 5 bits each: 260
ID_CHARACTERS = 8
REMEMBERED_SECONDS = 1.0
MOST_REMEMBERED = 1000
OF_KEY = "key:"
OF_TEST_KEY = "test-key:"  # by its name alone everybody downstream knows what it may reach


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who a request comes from: a key, or a member of staff."""

    name: str  # `key:k3v9q2mx`, `test-key:…`, `staff:ana@…`: what `changed_by` and audit show
    scopes: frozenset[str]
    live: bool = True
    role: str | None = None
    display: str = ""


def make_key(
    tx: Tx,
    *,
    label: str,
    scopes: Collection[str],
    live: bool = False,
    expires_at: datetime | None = None,
) -> str:
    """Make a key and return its text, which nobody can ever read again.

    Raises:
        ValueError: If a scope is none a key may have.
    """
    if strangers := set(scopes) - KEY_SCOPES:
        raise ValueError(f"no such scope: {', '.join(sorted(strangers))}")
    text = f"ob_{'live' if live else 'test'}_{_random(SECRET_CHARACTERS)}"
    row = store.KeyRow(
        id=_random(ID_CHARACTERS),
        secret_hash=_hash(text),
        label=label,
        live=live,
        scopes=tuple(sorted(scopes)),
        expires_at=expires_at,
        revoked_at=None,
        last_used_at=None,
    )
    store.add_key(tx, row)
    return text


class KeyRing:
    """Finds the caller behind a key, and remembers the answer for a second at most."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
        self._lock = threading.Lock()

    def remembered(self, text: str) -> Caller | None:
        """Return the caller if this key was looked up within the last second. Asks no database."""
        entry = self._known.get(_hash(text))
        if entry is None or time.monotonic() - entry[0] > REMEMBERED_SECONDS:
            return None
        return entry[1]

    def look_up(self, text: str) -> Caller | None:
        """Return the caller of a valid key, else None."""
        digest = _hash(text)
        with begin(self._engine) as tx:
            row = store.key_by_hash(tx, digest)
            if row is None or not hmac.compare_digest(row.secret_hash, digest):
                return None
            store.touch_key(tx, row.id)
        caller = _caller(row)
        with self._lock:
            self._known[digest] = (time.monotonic(), caller)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return caller


def caller_named(tx: Tx, name: str) -> Caller | None:
    """Return the caller of a key by its name, such as `key:k3v9q2mx`; None if it may not ask."""
    kind, _, key_id = name.partition(":")
    is_key = f"{kind}:" in {OF_KEY, OF_TEST_KEY}
    row = store.key_by_id(tx, key_id) if is_key else None
    return _caller(row) if row else None


def is_trial(by: str) -> bool:
    """Say whether what somebody of this name did was done to try things out."""
    return by.startswith(OF_TEST_KEY)


def _caller(row: store.KeyRow) -> Caller:
    return Caller(
        name=f"{OF_KEY if row.live else OF_TEST_KEY}{row.id}",
        scopes=frozenset(row.scopes),
        live=row.live,
        display=row.label,
    )


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _random(characters: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(characters))
