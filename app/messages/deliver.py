"""Deliver what is due on a lane: claim, render, send, record. Safe to run anywhere, at any time.

The claim and the record are transactions of their own; nothing is open while a provider is asked.
A worker stops sending when half its lease is gone, so that its last answers are written while the
messages are still its own.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import structlog

from app.db.transaction import attempt
from app.jobs.crash import crash_point
from app.jobs.lanes import Lane
from app.messages import counters, store
from app.messages.envelope import seal
from app.messages.keep import Written, keep, keeper_of
from app.messages.message import RETURNED, TRIAL, Claimed, after_sending, before_sending, broken
from app.messages.record import Delivery, Result, count, record
from app.people.choices import ChannelName
from app.templating.render import RenderFailed
from channels.contract import Envelope, GiveUp, Outcome, Unknown
from orders_core.tx import Tx

__all__ = ["Delivery", "drain"]

#: How many are claimed at once.
BATCH: Mapping[Lane, int] = {
    Lane.SECURITY: 10,
    Lane.ORDER: 40,
    Lane.SERVICE: 100,
    Lane.MARKETING: 100,
}
#: How many of those share one call and one record: as many may ring twice when a worker dies.
TOGETHER: Mapping[Lane, int] = {
    Lane.SECURITY: 1,
    Lane.ORDER: 1,
    Lane.SERVICE: 10,
    Lane.MARKETING: 10,
}
#: The same of letters: one that comes twice carries the same Message-ID, so mail programs can tell.
LETTERS: Mapping[Lane, int] = {
    Lane.SECURITY: 1,
    Lane.ORDER: 10,
    Lane.SERVICE: 20,
    Lane.MARKETING: 20,
}

log = structlog.get_logger()


def drain(desk: Delivery, lane: Lane, *, at_most_seconds: float) -> int:
    """Deliver until nothing is due on the lane or the time is up; return how many were dealt with.

    Dealt with is what was sent, settled otherwise, or put back to be tried later. A claim that is
    not full took all that was due: to ask again at once would cost as much and find nothing.
    """
    ends = time.monotonic() + at_most_seconds
    total = 0
    while time.monotonic() < ends and desk.may_go_on():
        done = _deliver_batch(desk, lane, ends)
        total += done
        if done < BATCH[lane]:
            break
    return total


def _deliver_batch(desk: Delivery, lane: Lane, ends: float) -> int:
    lease_starts = time.monotonic()
    going, done = _claim(desk, lane)
    crash_point("deliver.after_claim")
    stops = min(ends, lease_starts + desk.lease_seconds / 2)
    waiting = list(_together(going, lane))
    while waiting and time.monotonic() < stops and desk.may_go_on():
        batch = waiting.pop(0)
        _settle(desk, batch, until=lease_starts + desk.lease_seconds)
        done += len(batch)
    left = [(message, RETURNED) for batch in waiting for message in batch]
    if left:
        record(desk, left, until=lease_starts + desk.lease_seconds)
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
    count(stopped)
    counters.DUPLICATE_RISK.inc(sum(message.duplicate_risk for message in going))
    return going, len(stopped)


def _together(messages: Sequence[Claimed], lane: Lane) -> Iterator[list[Claimed]]:
    """Cut a batch into calls of one channel each; what stays in the house comes first, at once."""
    by_channel: dict[str, list[Claimed]] = {}
    for message in messages:
        by_channel.setdefault(_way(message), []).append(message)
    yield from filter(None, [by_channel.pop(ChannelName.INAPP, [])])
    for channel, same in by_channel.items():
        size = (LETTERS if channel == ChannelName.EMAIL else TOGETHER)[lane]
        for start in range(0, len(same), size):
            yield same[start : start + size]


def _way(message: Claimed) -> str:
    """Name the channel that a message leaves by: what is only tried never takes its own."""
    return TRIAL if message.is_trial else message.channel


def _settle(desk: Delivery, messages: Sequence[Claimed], *, until: float) -> None:
    """Deliver messages of one channel and write down what became of them."""
    written, failed = _write_words(desk, messages)
    way = _way(messages[0])
    keeper = keeper_of(desk.channels.get(way))
    if keeper is not None:
        keep(desk, keeper, written, failed, until=until)
        return
    results = [*failed, *_send(desk, written, way)]
    crash_point("deliver.after_send")
    record(desk, results, until=until)


def _write_words(desk: Delivery, messages: Sequence[Claimed]) -> tuple[list[Written], list[Result]]:
    """Make the words of messages; one whose words cannot be made fails alone."""
    written: list[Written] = []
    failed: list[Result] = []
    for message in messages:
        try:
            words = desk.renderer.render(
                message.notice, message.channel, message.locale, message.variables
            )
        except RenderFailed as fault:
            log.warning("render_failed", template=fault.template, reason=fault.reason)
            failed.append((message, broken(str(fault))))
        else:
            written.append((message, words))
    return written, failed


def _send(desk: Delivery, written: Sequence[Written], way: str) -> list[Result]:
    if not written:
        return []
    sealed = [seal(message, words, desk.replies) for message, words in written]
    outcomes = _hand_over(desk, sealed, way)
    return [
        (
            message,
            replace(
                # the chance spreads retries, it guards nothing
                after_sending(message, outcome, chance=random.random()),  # noqa: S311
                version=words.version,
            ),
        )
        for (message, words), outcome in zip(written, outcomes, strict=True)
    ]


def _hand_over(desk: Delivery, envelopes: Sequence[Envelope], name: str) -> Sequence[Outcome]:
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
