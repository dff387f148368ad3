"""Digests: news that can wait comes together, as often as the person or the shop wants it.

A digest is one slot of one person on one channel. A slot closes on the wall clock of the place
where the person lives: hourly at the full hour, daily at 18:00, weekly on Monday at 18:00; never
inside quiet hours. One piece of news may join several slots, and go at once elsewhere.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.hub.catalogue import Kind, Notice
from app.hub.question import Channels, Finding, Question, passed
from app.hub.quiet_hours import instant, quiet_hours
from app.hub.verdict import Answer, Because, Digest, Downgrade, Outcome, Send, Skip, Slot, Wait
from app.people.calm import ENDLESS
from app.people.choices import BELLS, Rhythm

EVENING = time(18)
MONDAY = 0
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
FORTNIGHT = range(15)  # a place may skip the very Monday
#: Ask the person to do something, so they ring by themselves however much is folded.
ASKING = frozenset(
    {"attempt_failed", "customs_hold", "order_short", "pickup_ready", "preorder_balance_due"}
)
FOLDED = frozenset({Kind.ORDER, Kind.SERVICE, Kind.MARKETING})


@lru_cache(maxsize=4096)
def closes_after(rhythm: Rhythm, now: datetime, zone: str) -> datetime:
    """Return when the slot of a rhythm that is open at `now` closes, in UTC; always later."""
    local, gathers = now.astimezone(ZoneInfo(zone)), rhythm.gathers
    if gathers is Rhythm.HOURLY:
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return now + AN_HOUR - into
    days = (local.date() + ahead * A_DAY for ahead in FORTNIGHT)
    evenings = (
        (day, instant(day, EVENING, zone))
        for day in days
        if gathers is Rhythm.DAILY or day.weekday() == MONDAY
    )
    return next(
        evening
        for day, evening in evenings
        # a day that a place skipped has no evening
        if evening > now and evening.astimezone(ZoneInfo(zone)).date() == day
    )


def is_foldable(notice: Notice) -> bool:
    """Say whether news can wait: nothing urgent, no answer, nothing to be done, no digest."""
    return (
        notice.kind in FOLDED
        and not notice.is_urgent
        and notice.name not in ASKING
        and not notice.is_gathered
    )


def rhythm_on(channel: str, question: Question) -> Rhythm:
    """Return how often a channel rings for a notice: as the person chose, else as the shop says."""
    chosen = question.person.rhythms.get(channel)
    if chosen is not None:
        return Rhythm(chosen)
    cell = (question.notice.kind, channel)
    usual = (how for kind, on, how in question.bounds.rhythms if (kind, on) == cell)
    return Rhythm(next(usual, Rhythm.NOW))


def slot_of(channel: str, question: Question) -> Slot | None:
    """Return the slot that news of `question.now` joins on a channel; None if it rings at once."""
    rhythm = rhythm_on(channel, question)
    return None if rhythm is Rhythm.NOW else _slot(channel, rhythm, question)


def _slot(channel: str, rhythm: Rhythm, question: Question) -> Slot:
    """Return the open slot of a rhythm; one that would close in quiet hours closes at their end."""
    closes_at = closes_after(rhythm, question.now, question.person.zone)
    return _by_day_at(channel, closes_at, question)


def _by_day_at(channel: str, closes_at: datetime, question: Question) -> Slot:
    held = quiet_hours(replace(question, now=closes_at), (channel,)).answer
    return Slot(channel, held.until if isinstance(held, Wait) else closes_at)


def after_pause(channel: str, question: Question) -> Slot | None:
    """Return the slot at the end of the pause that lasts on a channel; None if nothing ends there.

    What rings nothing is not paused, and a pause without an end has nothing to wait for.
    """
    until = question.person.paused_until
    if channel not in BELLS or until is None or until == ENDLESS or until <= question.now:
        return None
    return _by_day_at(channel, until, question)


def next_slot(slot: Slot, question: Question, *, otherwise: Rhythm = Rhythm.HOURLY) -> Slot:
    """Return the slot after one that closed before its news came.

    What no rhythm of the channel folded, but a night or a full cap, joins the one of `otherwise`.
    """
    late = replace(question, now=slot.closes_at)
    following = slot_of(slot.channel, late)
    if following is not None:
        return following
    return _slot(slot.channel, otherwise, late)


def rhythm(question: Question, channels: Channels) -> Finding:
    """Fold news that can wait into the digests of the channels that the person has it on.

    Where any channel folds, bells of the other channels that the night holds come as one digest
    when it ends. A channel that leads lets the first piece of news through.
    """
    if not question.person.rhythms and not question.bounds.rhythms:
        return passed(channels, {})
    if not is_foldable(question.notice):
        return passed(channels, {"folds": False})
    answer = fold(question, channels, because=Because.FOLDED)
    first = {"leads": _written(slots)} if (slots := _led(question, channels)) else {}
    if not answer.slots:
        return passed(channels, first)
    return Finding(Outcome.FOLD, channels, {"slots": _written(answer.slots), **first}, answer)


def _written(slots: Iterable[Slot]) -> list[list[str]]:
    return [[slot.channel, slot.closes_at.isoformat()] for slot in slots]


def leads(question: Question, answer: Answer) -> tuple[Slot, ...]:
    """Return the slots that news opens as their first piece, by going out at once."""
    match answer:
        case Send(channels) | Downgrade(channels) | Digest(_, channels) | Wait(_, _, channels):
            return _led(question, channels)
        case Skip():
            return ()


def _led(question: Question, channels: Channels) -> tuple[Slot, ...]:
    found = (led_by(question, channel) for channel in channels)
    return tuple(slot for slot in found if slot is not None)


def led_by(question: Question, channel: str) -> Slot | None:
    """Return the slot that news would open on a channel as its first piece; None if it waits.

    What the night holds opens nothing: it is gathered like the rest.
    """
    rhythm = rhythm_on(channel, question)
    if not rhythm.leads or not is_foldable(question.notice):
        return None
    slot = _slot(channel, rhythm, question)
    is_open = slot.closes_at in question.person.open_slots.get(channel, ())
    is_held = quiet_hours(question, (channel,)).answer is not None
    return None if is_open or is_held else slot


def fold(
    question: Question,
    channels: Channels,
    *,
    because: Because,
    daily: Collection[str] = frozenset(),
) -> Digest:
    """Fold news into the digests of its channels; without any slot nothing folds.

    Args:
        daily: Channels that fold whatever their rhythm: into the daily digest, or the weekly one
            where the person wants no more than that.
    """
    found = {
        channel: _slot(channel, _at_most_daily(channel, question), question)
        if channel in daily
        else None
        if led_by(question, channel)
        else slot_of(channel, question)
        for channel in channels
    }
    slots = tuple(slot for slot in found.values() if slot is not None)
    if not slots:
        return Digest((), channels, because)
    rest = tuple(channel for channel, slot in found.items() if slot is None)
    at_once, held = _by_night(question, rest)
    return Digest((*slots, *held), at_once, because)


def _at_most_daily(channel: str, question: Question) -> Rhythm:
    is_weekly = rhythm_on(channel, question).gathers is Rhythm.WEEKLY
    return Rhythm.WEEKLY if is_weekly else Rhythm.DAILY


def _by_night(question: Question, rest: Channels) -> tuple[Channels, tuple[Slot, ...]]:
    if not rest:
        return (), ()
    held = quiet_hours(question, rest).answer
    if isinstance(held, Wait):
        return held.at_once, tuple(Slot(channel, held.until) for channel in held.channels)
    return (() if isinstance(held, Skip) else rest), ()
