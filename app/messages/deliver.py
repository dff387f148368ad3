"""Deliver what is due on a lane: claim, render, send, record. Safe to run anywhere, at any time.

The claim and the record are transactions of their own; nothing is open while a provider is asked.
A worker stops sending when half its lease is gone, so that its last answers are written while the
messages are still its own.
"""

import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.db.transaction import attempt
from app.errors import EngineUnreachable
from app.jobs.crash import crash_point
from app.jobs.lanes import Lane
from app.messages import counters, store, suppression_store
from app.messages.envelope import seal
from app.messages.message import (
    RETURNED,
    Claimed,
    Next,
    State,
    after_sending,
    before_sending,
    broken,
)
from app.templating.render import Renderer, RenderFailed
from channels.contract import Channel, Envelope, GiveUp, Outcome, Unknown
from orders_core.clock import Clock
from orders_core.tx import Tx

#: How many are claimed at once, and how many of those share one call and one record.
BATCH: Mapping[Lane, int] = {
    Lane.SECURITY: 10,
    Lane.ORDER: 10,
    Lane.SERVICE: 50,
    Lane.MARKETING: 50,
}
TOGETHER: Mapping[Lane, int] = {
    Lane.SECURITY: 1,
    Lane.ORDER: 1,
    Lane.SERVICE: 10,
    Lane.MARKETING: 10,
}
RECORD_PAUSE_SECONDS = 0.5

log = structlog.get_logger()

Result = tuple[Claimed, Next]


def _always() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What delivering needs. `may_go_on` turns False when the process is told to stop."""

    engine: Engine
    clock: Clock
    channels: Mapping[str, Channel]
    renderer: Renderer
    lease_seconds: float = 60
    worker: str | None = None
    may_go_on: Callable[[], bool] = _always


def drain(desk: Delivery, lane: Lane, *, at_most_seconds: float) -> int:
    """Deliver until nothing is due on the lane or the time is up; return how many were dealt with.

    Dealt with is what was sent, settled otherwise, or put back to be tried later.
    """
    ends = time.monotonic() + at_most_seconds
    total = 0
    while time.monotonic() < ends and desk.may_go_on():
        done = _deliver_batch(desk, lane, ends)
        total += done
        if not done:
            break
    return total


def _deliver_batch(desk: Delivery, lane: Lane, ends: float) -> int:
    lease_starts = time.monotonic()
    going, done = _claim(desk, lane)
    crash_point("deliver.after_claim")
    stops = min(ends, lease_starts + desk.lease_seconds / 2)
    waiting = list(_together(going, TOGETHER[lane]))
    while waiting and time.monotonic() < stops and desk.may_go_on():
        batch = waiting.pop(0)
        results = _send(desk, batch)
        crash_point("deliver.after_send")
        _record(desk, results, until=lease_starts + desk.lease_seconds)
        done += len(batch)
    left = [(message, RETURNED) for batch in waiting for message in batch]
    if left:
        _record(desk, left, until=lease_starts + desk.lease_seconds)
    return done


def _claim(desk: Delivery, lane: Lane) -> tuple[list[Claimed], int]:
    """Take a batch; return what may leave, and how many were settled because they must not."""
    now = desk.clock.now()

    def work(tx: Tx) -> tuple[list[Claimed], list[Result]]:
        held = store.claim(
            tx,
            lane,
            now=now,
            at_most=BATCH[lane],
            lease_seconds=desk.lease_seconds,
            worker=desk.worker,
        )
        judged = [(message, before_sending(message, now)) for message in held]
        stopped = [(message, then) for message, then in judged if then is not None]
        store.record(tx, stopped, now=now)
        return [message for message, then in judged if then is None], stopped

    going, stopped = attempt(desk.engine, work)
    _count(stopped)
    counters.DUPLICATE_RISK.inc(sum(message.duplicate_risk for message in going))
    return going, len(stopped)


def _together(messages: Sequence[Claimed], size: int) -> Iterator[list[Claimed]]:
    """Cut a batch into calls: one channel each, at most `size` messages."""
    by_channel: dict[str, list[Claimed]] = {}
    for message in messages:
        by_channel.setdefault(message.channel, []).append(message)
    for same in by_channel.values():
        for start in range(0, len(same), size):
            yield same[start : start + size]


def _send(desk: Delivery, messages: Sequence[Claimed]) -> list[Result]:
    results: list[Result] = []
    sealed: list[tuple[Claimed, Envelope]] = []
    for message in messages:
        try:
            words = desk.renderer.render(
                message.notice, message.channel, message.locale, message.variables
            )
        except RenderFailed as fault:
            log.warning("render_failed", template=fault.template, reason=fault.reason)
            results.append((message, broken(str(fault))))
        else:
            sealed.append((message, seal(message, words)))
    if sealed:
        outcomes = _hand_over(desk, [envelope for _, envelope in sealed])
        for (message, _), outcome in zip(sealed, outcomes, strict=True):
            chance = random.random()  # noqa: S311 - spreads retries, guards nothing
            results.append((message, after_sending(message, outcome, chance=chance)))
    return results


def _hand_over(desk: Delivery, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
    name = envelopes[0].channel
    channel = desk.channels.get(name)
    if channel is None:
        return [GiveUp(f"no channel {name!r} in this house")] * len(envelopes)
    try:
        outcomes = channel.send(envelopes)
    except Exception as fault:
        # A channel that raises is broken; what it did before that nobody knows.
        log.exception("channel_raised", channel=name)
        return [Unknown(f"the channel raised {type(fault).__name__}")] * len(envelopes)
    if len(outcomes) != len(envelopes):
        log.error("channel_miscounted", channel=name)
        return [Unknown("the channel lost count of its answers")] * len(envelopes)
    return outcomes


def _record(desk: Delivery, results: Sequence[Result], *, until: float) -> None:
    recorded = _write_patiently(desk, results, until=until)
    crash_point("deliver.after_record")
    _count([(message, then) for message, then in results if message.id in recorded])
    fenced = len(results) - len(recorded)
    if fenced:
        counters.FENCED.inc(fenced)
        log.warning("results_fenced", messages=fenced)


def _write_patiently(
    desk: Delivery, results: Sequence[Result], *, until: float
) -> Collection[UUID]:
    """Write the results down; a database that is away is asked again while the lease lasts.

    What a provider answered is worth the wait: forgotten, it would be sent a second time.
    """
    while True:
        try:
            return attempt(desk.engine, lambda tx: _write(tx, results, desk.clock))
        except (DBAPIError, EngineUnreachable):
            if time.monotonic() + RECORD_PAUSE_SECONDS >= until:
                raise
            time.sleep(RECORD_PAUSE_SECONDS)


def _write(tx: Tx, results: Sequence[Result], clock: Clock) -> Collection[UUID]:
    now = clock.now()
    recorded = store.record(tx, results, now=now)
    dead = [(m.channel, m.address) for m, then in results if then.address_is_dead]
    suppression_store.suppress(tx, dead, reason="address_is_dead", now=now)
    crash_point("deliver.before_commit")
    return recorded


def _count(results: Sequence[Result]) -> None:
    for message, then in results:
        if then.state is not State.QUEUED:
            counters.SETTLED.labels(message.channel, message.kind, then.state.value).inc()
