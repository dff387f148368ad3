"""Striped locks: many keys are guarded at once by a few advisory locks of the transaction.

A key is hashed to one of N stripes. Ten thousand keys take at most N locks, and a key needs no row
to be guarded, so a rule about rows that are not there yet can be kept. Two keys may share a stripe:
then they wait for each other without need, never the other way round.
"""

from collections.abc import Iterable
from hashlib import blake2b

from orders_core.errors import CoreError
from orders_core.locks import store
from orders_core.tx import Tx

#: The first of the two numbers of every striped advisory lock: "strp" in ASCII. Locks with one
#: number (migrations, the leader, the switch) live in another space and never meet these.
FAMILY = 0x73747270
STRIPES = 256
WAIT_MS = 2_000


class LockTimeout(CoreError):
    """Somebody else guards one of these keys for longer than we were ready to wait."""

    def __init__(self, keys: int, wait_ms: int) -> None:
        self.keys, self.wait_ms = keys, wait_ms
        super().__init__(f"one of {keys} keys was still locked after {wait_ms} ms; try again")


def hold_stripes(
    tx: Tx, keys: Iterable[str], *, stripes: int = STRIPES, wait_ms: int = WAIT_MS
) -> list[int]:
    """Guard the keys until the transaction ends; return the stripes held, in the order taken.

    Call it before any row is locked, once a transaction: a second call could take a lower stripe
    and break the order. Everybody who guards the same keys names the same number of stripes.

    Raises:
        LockTimeout: If a stripe was not free in time; the transaction can only be rolled back.
    """
    named = set(keys)
    taken = stripes_of(named, stripes=stripes)
    if taken and not store.lock_stripes(tx, FAMILY, taken, wait_ms=wait_ms):
        raise LockTimeout(len(named), wait_ms)
    return taken


def stripes_of(keys: Iterable[str], *, stripes: int = STRIPES) -> list[int]:
    """Return the stripes of some keys, each once, ascending: the order all take them in."""
    return sorted({stripe_of(key, stripes=stripes) for key in keys})


def stripe_of(key: str, *, stripes: int = STRIPES) -> int:
    """Return the stripe of a key, from 0: the same in every process and version."""
    digest = blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % stripes
