"""The kept requests: the newest, and for a week at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select

from app.ops.tables import api_request
from orders_core.tx import Tx

MOST_KEPT = 10_000
KEPT_FOR = timedelta(days=7)
CENTURY = 100
Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """Which requests to show: all, unless something is named. `status` may be 4 for all of 4xx."""

    status: int | None = None
    caller: str | None = None
    method: str | None = None
    words: str = ""


def add(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep requests."""
    if rows:
        tx.execute(insert(api_request), list(rows))


def page(tx: Tx, sieve: Sieve, *, after: UUID | None = None, at_most: int = 50) -> Rows:
    """Return requests that pass the sieve, newest first, older than `after`; bodies stay behind."""
    wanted = (
        select(*(column for column in api_request.c if column.name not in {"body", "headers"}))
        .order_by(api_request.c.id.desc())
        .limit(at_most)
    )
    if after is not None:
        wanted = wanted.where(api_request.c.id < after)
    if sieve.status is not None:
        is_class = sieve.status < CENTURY
        low = sieve.status * CENTURY if is_class else sieve.status
        high = low + CENTURY - 1 if is_class else low
        wanted = wanted.where(api_request.c.status.between(low, high))
    if sieve.caller:
        wanted = wanted.where(api_request.c.caller == sieve.caller)
    if sieve.method:
        wanted = wanted.where(api_request.c.method == sieve.method)
    if sieve.words:
        hits = (api_request.c.path, api_request.c.request_id, api_request.c.code)
        found = [column.icontains(sieve.words, autoescape=True) for column in hits]
        wanted = wanted.where(found[0] | found[1] | found[2])
    return tx.execute(wanted).all()


def find(tx: Tx, id_: UUID) -> Row[*tuple[Any, ...]] | None:
    """Return one request by its own id."""
    return tx.execute(select(api_request).where(api_request.c.id == id_)).one_or_none()


def callers(tx: Tx) -> Sequence[str]:
    """Name who asked lately."""
    return list(
        tx.scalars(
            select(api_request.c.caller)
            .where(api_request.c.caller.is_not(None))
            .distinct()
            .order_by(api_request.c.caller)
        )
    )


def trim(tx: Tx, *, most: int = MOST_KEPT, kept_for: timedelta = KEPT_FOR) -> int:
    """Drop what is older than `kept_for` (machine time) or beyond the `most` newest; say how many.

    An id follows the machine's clock, so age is asked of the key.
    """
    too_old = func.uuid7_floor(func.clock_timestamp() - kept_for)
    beyond = select(api_request.c.id).order_by(api_request.c.id.desc()).offset(most).limit(1)
    gone = delete(api_request).where(
        (api_request.c.id < too_old) | (api_request.c.id <= beyond.scalar_subquery())
    )
    return int(tx.execute(gone).rowcount)
