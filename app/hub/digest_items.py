"""What a digest holds: which of its items are still wanted when it closes, and what it says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from app.hub.catalogue import LANES, Notice, find
from app.hub.permission import consent, mute, preference, switch
from app.hub.question import Question, Rule
from app.hub.reach import reachable, suppression
from app.hub.standing import superseded
from app.hub.verdict import Skip, Slot
from app.people.choices import Category, ChannelName
from orders_core.ids import OrderId

MOST_LISTED = 10
KEPT = timedelta(days=90)  # of slots that closed, what joined them with them


class Out(StrEnum):
    """Why an item fell out of its digest beside what a rule may say. Append only."""

    READ = "read"  #: the person read it in the inbox meanwhile
    NEWER = "newer"  #: a newer item of the same digest tells more of the same order
    PUT_OFF = "put_off"  #: the bells are paused: it joined the slot at the end of the pause
    TOO_LATE = "too_late"  #: when it goes out it would be of no use any more


class Became(StrEnum):
    """What became of a digest that has closed, as far as it is on record. Append only."""

    WAITS = "waits"  #: its message is queued: a cap or a night holds it, or it is about to leave
    WENT = "went"
    STOPPED = "stopped"  #: it was not sent, or withdrawn before it left
    FAILED = "failed"  #: its provider refused it for good
    FORGOTTEN = "forgotten"  #: it closed so long ago that what became of it is not kept
    ERASED = "erased"  #: it was erased with its person


class Joined(NamedTuple):
    """A digest that some news joined: when it goes out, what became of it, why without the news.

    `fell_out` is a word of `Out` or `Because`; None where the news is in it. `became` is None while
    the digest is open, and where it closed before that was written down; `because` says why it was
    stopped, as a message or a verdict says it.
    """

    channel: str
    closes_at: datetime
    is_closed: bool
    fell_out: str | None
    became: Became | None = None
    because: str | None = None


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
