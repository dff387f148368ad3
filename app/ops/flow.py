"""The five steps of an order, from the door to the news that it shipped. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.ops.flow_store import MOST_ORDERS, Door

WINDOWS: Mapping[str, timedelta] = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
}
USUAL_WINDOW = "24h"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: who came so far, how long it took from the step before, who did not or not yet."""

    name: str  #: open, order, pay, ship, told
    reached: int
    p50_seconds: float | None = None
    p95_seconds: float | None = None
    lost: int = 0
    waiting: int = 0
    oldest_seconds: float = 0.0  #: business age of who waits longest for this step
    share: float | None = None  #: of the orders placed, from 0 to 1


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The steps of the orders placed in one window."""

    window: str
    steps: Sequence[Step]
    silent: int  #: shipped orders nobody was to be told of
    is_cut: bool  #: whether only the newest orders were counted

    @property
    def slowest(self) -> Step | None:
        """The step that half of the orders waited longest for; None while nothing was timed."""
        timed = [step for step in self.steps if step.p50_seconds]
        return max(timed, key=lambda step: step.p50_seconds or 0, default=None)


def flow_of(window: str, found: Mapping[str, Any], door: Door, *, now: datetime) -> Flow:
    """Make the steps out of what the store counted."""
    placed = found["placed"]
    steps = [
        Step(name="open", reached=door.asked),
        Step(name="order", reached=placed, lost=door.refused, share=1.0 if placed else None),
        _step("pay", found, now, reached="paid", lost="unpaid"),
        _step("ship", found, now, reached="shipped", lost="paid_cancelled"),
        _step("told", found, now, reached="told", lost="not_told"),
    ]
    return Flow(
        window=window,
        steps=steps,
        silent=found["silent"],
        is_cut=placed >= MOST_ORDERS,
    )


def _step(name: str, found: Mapping[str, Any], now: datetime, *, reached: str, lost: str) -> Step:
    median, tail = found[f"{name}_seconds"] or (None, None)
    oldest = found[f"oldest_{name}"]
    return Step(
        name=name,
        reached=found[reached],
        p50_seconds=None if median is None else float(median),
        p95_seconds=None if tail is None else float(tail),
        lost=found[lost],
        waiting=found[f"awaiting_{name}"],
        oldest_seconds=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        share=found[reached] / found["placed"] if found["placed"] else None,
    )
