"""Digests: news that can wait comes together, as often as the person or the shop wants it.

A digest is one slot of one person on one channel. A slot closes on the wall clock of the place
where the person lives: hourly at the full hour, daily at 18:00, weekly on Monday at 18:00; never
inside quiet hours. One piece of news may join several slots, and go at once elsewhere.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from app.hub.catalogue import LANES, Kind, Notice, find
from app.hub.permission import consent, mute, preference, switch
from app.hub.question import Channels, Finding, Question, Rule, passed
from app.hub.quiet_hours import instant, quiet_hours
from app.hub.reach import reachable, suppression
from app.hub.standing import superseded
from app.hub.verdict import Because, Digest, Outcome, Skip, Slot, Wait
from app.people.calm import ENDLESS
from app.people.choices import BELLS, Category, ChannelName, Rhythm
from orders_core.ids import OrderId

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
MOST_LISTED = 10


class Out(StrEnum):
    """Why an item fell out of its digest beside what a rule may say. Append only."""

    READ = "read"  #: the person read it in the inbox meanwhile
    NEWER = "newer"  #: a newer item of the same digest tells more of the same order
    PUT_OFF = "put_off"  #: the bells are paused: it joined the slot at the end of the pause
    TOO_LATE = "too_late"  #: when it goes out it would be of no use any more


class Joined(NamedTuple):
    """A digest that some news joined: when it goes out, whether it has, and why without the news.

    `fell_out` is a word of `Out` or `Because`; None where the news is in it.
    """

    channel: str
    closes_at: datetime
    is_closed: bool
    fell_out: str | None


@lru_cache(maxsize=4096)
def closes_after(rhythm: Rhythm, now: datetime, zone: str) -> datetime:
    """Return when the slot of a rhythm that is open at `now` closes, in UTC; always later."""
    local = now.astimezone(ZoneInfo(zone))
    if rhythm is Rhythm.HOURLY:
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return now + AN_HOUR - into
    days = (local.date() + ahead * A_DAY for ahead in FORTNIGHT)
    evenings = (
        (day, instant(day, EVENING, zone))
        for day in days
        if rhythm is Rhythm.DAILY or day.weekday() == MONDAY
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
    when it ends.
    """
    if not question.person.rhythms and not question.bounds.rhythms:
        return passed(channels, {})
    if not is_foldable(question.notice):
        return passed(channels, {"folds": False})
    answer = fold(question, channels, because=Because.FOLDED)
    if not answer.slots:
        return passed(channels, {})
    inputs = {"slots": [[slot.channel, slot.closes_at.isoformat()] for slot in answer.slots]}
    return Finding(Outcome.FOLD, channels, inputs, answer)


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
    is_weekly = rhythm_on(channel, question) is Rhythm.WEEKLY
    return Rhythm.WEEKLY if is_weekly else Rhythm.DAILY


def _by_night(question: Question, rest: Channels) -> tuple[Channels, tuple[Slot, ...]]:
    if not rest:
        return (), ()
    held = quiet_hours(question, rest).answer
    if isinstance(held, Wait):
        return held.at_once, tuple(Slot(channel, held.until) for channel in held.channels)
    return (() if isinstance(held, Skip) else rest), ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of news in a digest, as it was collected; `variables` fill its own templates."""

    verdict_id: UUID
    notice: str
    order_id: OrderId | None
    variables: Mapping[str, Any]
    at: datetime
    is_read: bool = False  #: in the inbox, where it went by itself


#: Asked again of every item when its digest closes; caps and hours are asked of the digest itself.
STILL_WANTED: Sequence[Rule] = (
    superseded,
    suppression,
    consent,
    preference,
    mute,
    switch,
    reachable,
)


def fallen_out(
    items: Iterable[tuple[Item, Question]], channel: str, now: datetime
) -> dict[UUID, str]:
    """Say which items of a closing digest fall out, by verdict, and why.

    Each comes with the question it would be today. Of the ways of one order the newest stays that
    is told here or was read: what is told nowhere silences nothing.
    """
    asked = sorted(items, key=lambda pair: (pair[0].at, pair[0].verdict_id))
    out = {
        item.verdict_id: why
        for item, question in asked
        if (why := _of_no_use(item, question, channel, now)) is not None
    }
    newest = {
        _about(item): item.verdict_id
        for item, _ in asked
        if out.get(item.verdict_id, Out.READ) == Out.READ
    }
    older = {
        item.verdict_id: Out.NEWER
        for item, _ in asked
        if item.verdict_id not in out and newest[_about(item)] != item.verdict_id
    }
    return out | older


def _of_no_use(item: Item, question: Question, channel: str, now: datetime) -> str | None:
    """Say why an item falls out whatever else is in its digest; None if it does not."""
    if item.is_read:
        return Out.READ
    if (unwanted := _unwanted(question, channel)) is not None:
        return unwanted
    is_over = find(item.notice).useful_until(now, item.variables) <= now
    return Out.TOO_LATE if is_over else None


def _about(item: Item) -> tuple[object, ...]:
    """Return what an item is news of: where an order is on its way; all else stands for itself."""
    if item.order_id is None or find(item.notice).category is not Category.DELIVERY:
        return (item.verdict_id,)
    return (item.order_id,)


def put_off(items: Iterable[Item], slot: Slot, now: datetime) -> dict[UUID, str]:
    """Say of the items of a digest that a pause holds which wait for its end, and which do not.

    Its letter would have lived as long as its notice from now on; longer it does not wait.
    """
    return {
        item.verdict_id: Out.PUT_OFF
        if slot.closes_at < find(item.notice).useful_until(now, item.variables)
        else Out.TOO_LATE
        for item in items
    }


def _unwanted(question: Question, channel: str) -> str | None:
    answers = (rule(question, (channel,)).answer for rule in STILL_WANTED)
    refused = next((answer for answer in answers if isinstance(answer, Skip)), None)
    return refused.because if refused else None


def gathered(items: Sequence[Item], channel: str) -> Notice:
    """Return the notice that a digest of these items goes out as, on its one channel.

    One item goes out in its own words; of several the one of the highest class gives the digest
    its class.
    """
    highest = min((find(item.notice) for item in items), key=lambda notice: LANES[notice.kind])
    own = (
        highest
        if len(items) == 1
        else replace(find("digest"), kind=highest.kind, category=highest.category, ttl=highest.ttl)
    )
    return replace(own, channels=(ChannelName(channel),), is_gathered=True)


def told(items: Sequence[Item]) -> Mapping[str, Any]:
    """Return what the templates of a digest may ask for: at most ten items, and the exact total."""
    if len(items) == 1:
        return items[0].variables
    newest = sorted(items, key=lambda item: (item.at, item.verdict_id), reverse=True)
    ways_out = (item.variables.get("unsubscribe_url") for item in newest)
    return {
        "unsubscribe_url": next(filter(None, ways_out), None),
        "total": len(items),
        "folded": [
            {"notice": item.notice, "facts": item.variables} for item in newest[:MOST_LISTED]
        ],
    }
