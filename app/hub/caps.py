"""The caps: each that a notice obeys must have room, else the strictest says what becomes of it.

Inbox lines arrive at once and bells may wait for the morning, so a cap on everything counts them
apart, each exactly. A held bell counts at the time it will ring.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.hub.cap_counts import entries, heard_by, held_to
from app.hub.cap_rules import CapRule, Obeyed, Over
from app.hub.cap_windows import filled, next_change
from app.hub.digest import fold, is_foldable
from app.hub.pressure import BELL, CHANNEL_BITS, mask, moment_of, seconds_of
from app.hub.question import Channels, Finding, Question, passed, skipped
from app.hub.quiet_hours import plan
from app.hub.verdict import Because, Downgrade, Outcome, Wait
from app.people.choices import BELLS

MOST_STEPS = 64  # of looking for room; what finds none by then is not worth its wait


def cap(question: Question, channels: Channels) -> Finding:
    """Hold a message to every cap that it obeys; the strictest of those that are full decides."""
    held = held_to(question)
    if not held.obeyed:
        return passed(channels, {})
    counts = heard_by(held, question, channels)
    shown: list[list[Any]] = []
    full: list[Obeyed] = []
    for one, heard in zip(held.obeyed, counts, strict=True):
        limit = one.rule.limit
        shown.append([limit.name, limit.surface, limit.per, heard, limit.most])
        if heard >= limit.most:
            full.append(one)
    inputs: dict[str, Any] = {"caps": shown}
    if not full:
        return passed(channels, inputs)
    inputs["full"] = [one.rule.limit.name for one in full]
    return _over(question, channels, full, inputs)


def _over(
    question: Question, channels: Channels, full: Sequence[Obeyed], inputs: dict[str, Any]
) -> Finding:
    """Take away what the full caps take, the strictest first; say what is left."""
    left = _without(channels, _bits(full, Over.DROP))
    quiet = _without(left, _bits(full, Over.DOWNGRADE) & BELL)
    ringing = mask(quiet) & BELL
    if ringing & _bits(full, Over.DIGEST) and is_foldable(question.notice):
        return _folded(question, quiet, ringing & _bits(full, Over.DIGEST), inputs)
    # What cannot be folded, as a digest that is one too many itself, waits.
    if ringing & (_bits(full, Over.DEFER) | _bits(full, Over.DIGEST)):
        return _deferred(question, quiet, inputs)
    if not quiet:
        return skipped(inputs, Because.CAP_REACHED)
    if mask(quiet) & BELL or not mask(left) & BELL:
        return Finding(Outcome.NARROW, quiet, inputs)
    answer = Downgrade(quiet, Because.CAP_REACHED)
    return Finding(Outcome.NARROW, quiet, inputs, answer)


def _bits(full: Sequence[Obeyed], over: Over) -> int:
    bits = 0
    for one in full:
        if one.over is over:
            bits |= one.rule.limit.mask
    return bits


def _without(channels: Channels, bits: int) -> Channels:
    return tuple(name for name in channels if not CHANNEL_BITS[name] & bits)


def _folded(question: Question, channels: Channels, bits: int, inputs: dict[str, Any]) -> Finding:
    """Let bells join the person's next daily digest; the rest goes as it would beside a digest."""
    gone = _without(channels, bits)
    daily = frozenset(channels).difference(gone)
    answer = fold(question, channels, daily=daily, because=Because.CAP_REACHED)
    inputs["slots"] = [[slot.channel, slot.closes_at.isoformat()] for slot in answer.slots]
    return Finding(Outcome.FOLD, channels, inputs, answer)


def _deferred(question: Question, channels: Channels, inputs: dict[str, Any]) -> Finding:
    """Let bells wait until every cap has room; where none comes in time, the inbox line goes."""
    at_once = tuple(name for name in channels if name not in BELLS)
    bells = tuple(name for name in channels if name in BELLS)
    until = room_at(question, bells)
    if until is not None:
        inputs["until"] = until.isoformat()
        answer = Wait(until, bells, at_once, Because.CAP_REACHED)
        return Finding(Outcome.WAIT, channels, inputs, answer)
    if not at_once:
        return skipped(inputs, Because.CAP_REACHED)
    return Finding(Outcome.NARROW, at_once, inputs, Downgrade(at_once, Because.CAP_REACHED))


def room_at(question: Question, bells: Channels) -> datetime | None:
    """Return the first moment that nobody's hours hold at which these bells fit under every cap.

    None if there is no such moment while the message is worth reading.
    """
    last = question.now + question.notice.ttl
    moment = _all_ring(question, question.now, bells)
    for _ in range(MOST_STEPS):
        if moment is None or moment > last:
            return None
        later = [_changes(rule, question, moment) for rule in _full_at(question, moment, bells)]
        if not later:
            return moment
        moment = _all_ring(question, max(later), bells)
    return None


def _all_ring(question: Question, moment: datetime, bells: Channels) -> datetime | None:
    """Say when bells that are ready at a moment ring, all together; None if they never do."""
    planned = plan(replace(question, now=moment), bells)
    return moment if planned.by is None else planned.until


def _full_at(question: Question, moment: datetime, bells: Channels) -> list[CapRule]:
    zone, second = question.person.zone, seconds_of(moment)
    return [
        rule
        for rule, _ in held_to(question).obeyed
        if mask(bells) & rule.limit.mask & BELL
        and filled(_bells_of(rule, question), second, rule.limit.per, zone) >= rule.limit.most
    ]


def _changes(rule: CapRule, question: Question, moment: datetime) -> datetime:
    heard_at, per = _bells_of(rule, question), rule.limit.per
    return moment_of(next_change(heard_at, seconds_of(moment), per, question.person.zone))


def _bells_of(rule: CapRule, question: Question) -> list[int]:
    return entries(question.pressure, rule, rule.limit.mask & BELL)
