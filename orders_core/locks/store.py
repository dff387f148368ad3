"""Advisory locks and lease rows in SQL. Leases live in machine time."""

from collections.abc import Sequence
from datetime import datetime

from psycopg import errors as driver
from sqlalchemy import Update, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import OperationalError

from orders_core.locks.tables import lease
from orders_core.tx import Tx

# One round trip for all, taken in the order they come in.
LOCK_STRIPES = text(
    "SELECT pg_advisory_xact_lock(:family, stripe)"
    " FROM unnest(CAST(:stripes AS int[])) WITH ORDINALITY AS s (stripe, place)"
)
WAIT = text("SELECT set_config('lock_timeout', :wait, true)")
USUAL_WAIT = text("SET LOCAL lock_timeout TO DEFAULT")
UNTIL = "clock_timestamp() + make_interval(secs => :seconds)"


def lock_stripes(tx: Tx, family: int, stripes: Sequence[int], *, wait_ms: int) -> bool:
    """Take advisory locks one after another; False if one was not to be had in time.

    After False the transaction can only be rolled back.
    """
    tx.execute(WAIT, {"wait": f"{wait_ms}ms"})
    try:
        tx.execute(LOCK_STRIPES, {"family": family, "stripes": list(stripes)})
    except OperationalError as fault:
        if isinstance(fault.orig, driver.LockNotAvailable):
            return False
        raise
    tx.execute(USUAL_WAIT)
    return True


def take(tx: Tx, name: str, holder: str, *, seconds: float) -> tuple[int, datetime] | None:
    """Make the holder the lease's own where it is free or has run out; None where it is not."""
    until = text(UNTIL).bindparams(seconds=seconds)
    taking = upsert(lease).values(name=name, token=1, holder=holder, until=until)
    row = tx.execute(
        taking.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "token": lease.c.token + 1,
                "holder": taking.excluded.holder,
                "until": taking.excluded.until,
            },
            where=lease.c.holder.is_(None) | (lease.c.until <= func.clock_timestamp()),
        ).returning(lease.c.token, lease.c.until)
    ).one_or_none()
    return (int(row.token), row.until) if row else None


def holder_of(tx: Tx, name: str) -> tuple[str, datetime] | None:
    """Return who holds a lease and until when, or None if nobody does."""
    row = tx.execute(
        select(lease.c.holder, lease.c.until).where(
            lease.c.name == name, lease.c.holder.is_not(None)
        )
    ).one_or_none()
    return (row.holder, row.until) if row else None


def stands(tx: Tx, name: str, token: int) -> bool:
    """Say whether the token is the newest, and keep it so until the transaction ends."""
    held = (
        select(lease.c.token)
        .where(lease.c.name == name, lease.c.token == token, lease.c.holder.is_not(None))
        .with_for_update()
    )
    return tx.scalar(held) is not None


def renew(tx: Tx, name: str, token: int, *, seconds: float) -> datetime | None:
    """Move the end of a lease whose token is the newest; None if it is not."""
    until = text(UNTIL).bindparams(seconds=seconds)
    row = tx.execute(_own(name, token).values(until=until).returning(lease.c.until)).one_or_none()
    return row.until if row else None


def give_back(tx: Tx, name: str, token: int) -> bool:
    """Let go of a lease; False if it was another's by then."""
    freed = _own(name, token).values(holder=None).returning(lease.c.token)
    return tx.scalar(freed) is not None


def _own(name: str, token: int) -> Update:
    return update(lease).where(
        lease.c.name == name, lease.c.token == token, lease.c.holder.is_not(None)
    )
