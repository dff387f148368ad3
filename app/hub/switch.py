"""The big switch: stop all marketing, now, with who and why.

A decision about marketing holds the switch still until its transaction ends; flipping it waits for
those. So when a stop is committed nothing decided before it is left in the queue, and nothing
decided after it gets in.
"""

from datetime import datetime

from app.hub import switch_store
from app.hub.catalogue import Kind
from app.hub.switch_store import Switch
from orders_core.tx import Tx

MARKETING = "marketing"


def stop(tx: Tx, *, by: str, why: str, now: datetime) -> int:
    """Stop all marketing and cancel what is queued; return how many messages were cancelled.

    What a worker is sending at this moment leaves. The caller writes the audit trail.
    """
    switch_store.hold_alone(tx)
    switch_store.write(tx, Switch(MARKETING, is_on=True, by=by, why=why, at=now))
    return switch_store.cancel_queued(tx, Kind.MARKETING, why=f"stopped: {why}", now=now)


def resume(tx: Tx, *, by: str, why: str, now: datetime) -> None:
    """Allow marketing again; what was cancelled stays cancelled."""
    switch_store.hold_alone(tx)
    switch_store.write(tx, Switch(MARKETING, is_on=False, by=by, why=why, at=now))


def hold(tx: Tx) -> bool:
    """Keep the switch as it is until the transaction ends; say whether marketing is stopped."""
    switch_store.hold_shared(tx)
    return is_stopped(tx)


def is_stopped(tx: Tx) -> bool:
    """Say whether marketing is stopped."""
    standing = last(tx)
    return standing is not None and standing.is_on


def last(tx: Tx) -> Switch | None:
    """Return who flipped the switch last, when and why; None if nobody ever did."""
    return switch_store.read(tx, MARKETING)
