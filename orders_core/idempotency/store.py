"""Keys that make asking twice harmless, for operations other than placing orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from orders_core.idempotency.tables import idempotency
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was answered under a key; `status` is None while the first request is under way."""

    fingerprint: bytes
    status: int | None
    answer: Any


def claim(tx: Tx, scope: str, key: str, fingerprint: bytes) -> Answered | None:
    """Take a key for this transaction; return what was answered if it was taken before.

    A key that another transaction holds is waited for at most a second; then the database
    refuses with `LockNotAvailable` and the transaction is over.
    """
    tx.execute(text("SET LOCAL lock_timeout = '1s'"))
    taking = (
        insert(idempotency)
        .values(scope=scope, key=key, fingerprint=fingerprint)
        .on_conflict_do_nothing()
        .returning(idempotency.c.key)
    )
    is_new = tx.scalar(taking) is not None
    tx.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    if is_new:
        return None
    row = tx.execute(
        select(idempotency.c.fingerprint, idempotency.c.status, idempotency.c.answer).where(
            idempotency.c.scope == scope, idempotency.c.key == key
        )
    ).one()
    return Answered(fingerprint=bytes(row.fingerprint), status=row.status, answer=row.answer)


def keep(tx: Tx, scope: str, key: str, *, status: int, answer: Mapping[str, Any]) -> None:
    """Keep the answer under the key that this transaction took."""
    tx.execute(
        update(idempotency)
        .where(idempotency.c.scope == scope, idempotency.c.key == key)
        .values(status=status, answer=answer)
    )
