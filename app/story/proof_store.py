"""The row of one order's proofs; its lock makes tries come one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.story.tables import order_proof
from orders_core.ids import OrderId
from orders_core.tx import Tx

KEPT = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Held:
    """What happened within the hour, and the machine time of this moment."""

    now: datetime
    wrong_at: tuple[datetime, ...]
    sent_at: tuple[datetime, ...]
    code_hash: bytes | None  # of a code that is still good


def hold(tx: Tx, order_id: OrderId) -> Held:
    """Lock an order's row until the transaction ends; return what it holds of the last hour."""
    tx.execute(insert(order_proof).values(order_id=order_id).on_conflict_do_nothing())
    row = tx.execute(
        select(order_proof).where(order_proof.c.order_id == order_id).with_for_update()
    ).one()
    now: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()  # after any wait
    is_good = row.code_until is not None and row.code_until > now
    return Held(
        now=now,
        wrong_at=_recent(row.wrong_at, now),
        sent_at=_recent(row.sent_at, now),
        code_hash=bytes(row.code_hash) if row.code_hash and is_good else None,
    )


def _recent(times: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in times if at > now - KEPT)


def add_wrong(tx: Tx, order_id: OrderId, held: Held) -> None:
    """Count one wrong try."""
    _write(tx, order_id, wrong_at=[*held.wrong_at, held.now])


def keep_code(tx: Tx, order_id: OrderId, held: Held, code_hash: bytes, *, good: timedelta) -> None:
    """Keep the hash of a code that is being sent; the one before it is good no more."""
    _write(
        tx,
        order_id,
        sent_at=[*held.sent_at, held.now],
        code_hash=code_hash,
        code_until=held.now + good,
    )


def use_code(tx: Tx, order_id: OrderId) -> None:
    """Forget a code that was used."""
    _write(tx, order_id, code_hash=None, code_until=None)


def _write(tx: Tx, order_id: OrderId, **values: object) -> None:
    tx.execute(update(order_proof).where(order_proof.c.order_id == order_id).values(**values))
