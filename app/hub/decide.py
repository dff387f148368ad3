"""The one decision: whether, when and how one notice reaches one person."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from app.hub.bells import bells
from app.hub.bounds import Bounds
from app.hub.caps import cap
from app.hub.catalogue import Notice
from app.hub.digest import rhythm
from app.hub.escalate import RULE as ESCALATION
from app.hub.escalate import kept_back
from app.hub.permission import consent, fatigue, mute, pause, preference, switch
from app.hub.question import NOTHING, Channels, Question, Rule, Standing
from app.hub.quiet_hours import quiet_hours
from app.hub.reach import reachable, suppression
from app.hub.routing import routing
from app.hub.standing import superseded
from app.hub.verdict import ALL_CLEAR, Outcome, Send, Step, Trace, Verdict
from app.people.recipient import Recipient

#: They look neither at what was heard nor at the clock, but for whether a pause is over.
SIFTING: tuple[tuple[str, Rule], ...] = (
    ("superseded", superseded),
    ("suppression", suppression),
    ("consent", consent),
    ("preference", preference),
    ("pause", pause),
    ("mute", mute),
    ("bells", bells),
    ("fatigue", fatigue),
    ("switch", switch),
    ("reachable", reachable),
)
TIMED: tuple[tuple[str, Rule], ...] = (
    ("routing", routing),
    ("cap", cap),
    ("rhythm", rhythm),
    ("quiet_hours", quiet_hours),
)
RULES = (*SIFTING, *TIMED)
# Most rules of most decisions look at nothing; their steps are made once.
SILENT = {rule_id: Step(rule_id, Outcome.PASS, NOTHING) for rule_id, _ in RULES}


class Sifted(NamedTuple):
    """What the sifting rules leave: channels for the others to look at, or a verdict of theirs."""

    channels: Channels
    trace: Trace
    verdict: Verdict | None


def decide(
    notice: Notice,
    person: Recipient,
    pressure: Sequence[int],
    bounds: Bounds,
    now: datetime,
    *,
    standing: Standing | None = None,
) -> Verdict:
    """Say whether, when and on which channels a notice reaches a person.

    Rules are asked in the order of `RULES`; each may take channels away, the one that takes the
    last decides. Pure: every fact, the time included, is an argument.

    Args:
        pressure: The person's packed row, as `pressure.py` reads it.
        now: Business time that it is decided at, aware.
        standing: Where the order stands now; None to decide as if nothing had moved on since.
    """
    question = Question(notice, person, pressure, bounds, now, standing)
    return settle(question, sift(question))


def sift(question: Question) -> Sifted:
    """Ask the sifting rules; what they say holds for the same question at any other time.

    It holds for whatever the person heard, and for another person of whom the same is known. Only
    a pause ends at a moment.
    """
    channels: Channels = question.notice.channels
    trace: list[Step] = []
    for rule_id, rule in SIFTING:
        outcome, left, inputs, answer = rule(question, channels)
        trace.append(SILENT[rule_id] if inputs is NOTHING else Step(rule_id, outcome, inputs))
        if answer is not None:
            return Sifted((), (), Verdict(answer, rule_id, tuple(trace)))
        channels = left
    return Sifted(channels, tuple(trace), None)


def settle(question: Question, sifted: Sifted) -> Verdict:
    """Ask the other rules about what the sifting ones left."""
    channels, asked, refused = sifted
    if refused is not None:
        return refused
    trace = [*asked]
    for rule_id, rule in TIMED:
        outcome, left, inputs, answer = rule(question, channels)
        trace.append(SILENT[rule_id] if inputs is NOTHING else Step(rule_id, outcome, inputs))
        if answer is not None:
            return Verdict(answer, rule_id, tuple(trace))
        channels = left
    bounds = question.bounds
    if bounds.escalations or question.notice.name in bounds.routes.by:
        channels = _first(question, channels, trace)
    return Verdict(Send(channels), ALL_CLEAR, tuple(trace))


def _first(question: Question, channels: Channels, trace: list[Step]) -> Channels:
    """Keep back the channels that are not needed yet; those that ring now are left."""
    later = kept_back(question, channels)
    if not later:
        return channels
    inputs = {"later": [[one.channel, one.minutes] for one in later]}
    trace.append(Step(ESCALATION, Outcome.NARROW, inputs))
    back = {one.channel for one in later}
    return tuple(channel for channel in channels if channel not in back)
