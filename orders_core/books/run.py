"""Check the books, whole or in a step, and keep what was found.

A step asks every promise of what changed since the last one, and again of whatever was broken; a
promise that cannot be asked of a part is asked whole. What is found stays until it holds again.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from orders_core.books import carry, mark, run_store
from orders_core.books.check import ask, ask_of, check, set_time
from orders_core.books.mark import Mark
from orders_core.books.promise import Finding, Invariant
from orders_core.books.run_store import Kept
from orders_core.books.touched import AT_ONCE, IN_TURN, KINDS, Kind, Touched, touched
from orders_core.tx import Tx

WHOLE, STEP = "whole", "step"
AT_NIGHT = "night"  # about what a promise is that only the whole run asks
CARRIED = "stock_equals_movements"  # the promise whose step leans on carried sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run came to; `looked_at` counts what a step looked at, by what it is."""

    kind: str
    findings: Sequence[Finding]
    seconds: float
    looked_at: Mapping[str, int]


def run_whole(tx: Tx, promises: Sequence[Invariant], *, now: datetime | None = None) -> Run:
    """Ask every promise of all rows, and begin the steps anew from here."""
    began = time.monotonic()
    run_store.take_time(tx)
    noted = mark.read(tx)
    findings = check(tx, promises, now=now)
    mark.lock(tx)
    carry.carry_all_anew(tx, below=noted.below)
    mark.move(tx, noted.after_whole())
    return _kept(tx, Run(kind=WHOLE, findings=findings, seconds=_since(began), looked_at={}))


def run_step(
    tx: Tx,
    promises: Sequence[Invariant],
    kinds: Sequence[Kind] = KINDS,
    *,
    now: datetime | None = None,
    in_turn: int = IN_TURN,
) -> Run:
    """Ask every promise of what changed since the last run; a whole run where there was none.

    Besides, the next `in_turn` things of every kind are looked at.
    """
    began = time.monotonic()
    mark.lock(tx)
    noted = mark.read(tx)
    if noted.since is None:
        return run_whole(tx, promises, now=now)
    set_time(tx, now=now)
    keys = touched(
        tx,
        kinds,
        since=noted.since,
        xid=noted.safe_xid or 0,
        promised=_by_kind(promises),
        in_turn=in_turn,
    )
    carry.carry_forward(tx, keys.get("level", ()), below=noted.below)
    findings = [_asked(tx, one, keys, noted) for one in promises]
    mark.move(tx, noted.after_step())
    looked_at = {about: len(found) for about, found in keys.items()}
    return _kept(tx, Run(kind=STEP, findings=findings, seconds=_since(began), looked_at=looked_at))


def latest(tx: Tx) -> Kept | None:
    """Return what the last run found; None where there was none yet."""
    return run_store.latest(tx)


def _by_kind(promises: Sequence[Invariant]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for one in promises:
        found.setdefault(one.about, []).append(one.name)
    return found


def _asked(tx: Tx, promise: Invariant, keys: Touched, noted: Mark) -> Finding:
    if promise.about == AT_NIGHT:
        known = run_store.known(tx, promise.name)
        return Finding(promise, len(known), known)
    if not promise.has_steps:
        return ask(tx, promise)
    found = _of_parts(tx, promise, keys[promise.about])
    if promise.name != CARRIED or found.holds:
        return found
    # A carried sum is a memory: what it accuses is added up from the rows before it is believed.
    accused = [UUID(key) for key in found.first]
    carry.forget(tx, accused)
    carry.carry_forward(tx, accused, below=noted.below)
    return _of_parts(tx, promise, keys[promise.about])


def _of_parts(tx: Tx, promise: Invariant, keys: Sequence[UUID]) -> Finding:
    """Ask about many keys a part at a time; what one part finds no other does."""
    parts = [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]
    found = [ask_of(tx, promise, {promise.about: list(part)}) for part in parts]
    first = [key for part in found for key in part.first]
    return Finding(promise, sum(part.broken for part in found), first)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


def _kept(tx: Tx, run: Run) -> Run:
    run_store.keep(tx, run.kind, run.findings, seconds=run.seconds, looked_at=run.looked_at)
    return run
