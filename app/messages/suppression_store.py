"""Addresses that are never written to: they bounced, complained or were blocked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.messages.tables import suppression
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Suppressed:
    """One address that is not written to, since when and why. `at` is business time."""

    channel: str
    address: str
    reason: str
    at: datetime


def suppress(tx: Tx, addresses: Sequence[tuple[str, str]], *, reason: str, now: datetime) -> None:
    """Never write to these (channel, address) again; the first reason given stands."""
    if not addresses:
        return
    values = [
        {"channel": channel, "address": address, "reason": reason, "at": now}
        for channel, address in sorted(set(addresses))
    ]
    tx.execute(insert(suppression).on_conflict_do_nothing(), values)


def lift(tx: Tx, channel: str, address: str) -> bool:
    """Allow an address again; say whether it was suppressed."""
    gone = delete(suppression).where(
        suppression.c.channel == channel, suppression.c.address == address
    )
    return tx.execute(gone).rowcount > 0


def find(tx: Tx, channel: str, address: str) -> Suppressed | None:
    """Return why an address is not written to; None if it may be."""
    row = (
        tx.execute(
            select(suppression).where(
                suppression.c.channel == channel, suppression.c.address == address
            )
        )
        .mappings()
        .one_or_none()
    )
    return Suppressed(**row) if row else None
