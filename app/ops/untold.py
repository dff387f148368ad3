"""Why nobody decided anything: events that imply a notice and left no verdict, and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.hub.react import implied
from orders_core.events import Event, Ring
from orders_core.outbox.store import event_of


class Why(StrEnum):
    """Why there is no verdict about a notice."""

    HISTORY = "history"  #: it was entered as history, which rings nobody
    WAITS = "waits"  #: the event is not read yet
    PARKED = "parked"  #: the event failed and waits for somebody
    DISCARDED = "discarded"  #: somebody closed the event untold
    TOLD_BEFORE = "told_before"  #: they were told of the same before
    NO_NEWS = "no_news"  #: read, and it was no news to anybody
    NOT_YET = "not_yet"  #: nothing happened that would imply it
    NOBODY_WISHED = "nobody_wished"  #: neither an event, a campaign nor a call was about them
    NOT_BEGUN = "not_begun"  #: the campaign has not begun
    NOT_AMONG = "not_among"  #: they are not in the campaign's segment, or not any more
    CALLED_OFF = "called_off"  #: the campaign was cancelled before their turn
    TURN_COMES = "turn_comes"  #: the campaign runs, and their turn is to come
    CAME_LATER = "came_later"  #: they came to the segment after its turn
    LONG_AGO = "long_ago"  #: it was decided so long ago that only its outcome is kept
    NOT_KEPT = "not_kept"  #: it may have been decided so long ago that nothing of it is kept


OF_STATE = {"pending": Why.WAITS, "parked": Why.PARKED, "discarded": Why.DISCARDED}


@dataclass(frozen=True)
class Untold:
    """One notice that an event implies and about which nothing was decided."""

    event: Event
    notice: str
    why: Why


def untold(changes: Sequence[Any], verdicts: Sequence[Any]) -> list[Untold]:
    """Find what an order's events imply and nothing was decided about, oldest first.

    Args:
        changes: Rows of history with the `state` of their event.
        verdicts: Every verdict about the order.
    """
    decided = {(row.event_id, row.notice) for row in verdicts}
    told = {row.notice for row in verdicts}
    return [
        Untold(event, notice.name, _why(event, row.state, notice.name, told))
        for row in changes
        for event in (event_of(row),)
        for notice in implied(replace(event, ring=Ring.NOW))
        if (event.id, notice.name) not in decided
    ]


def _why(event: Event, state: str | None, notice: str, told: Collection[str]) -> Why:
    if event.ring is Ring.NEVER:
        return Why.HISTORY
    if state in OF_STATE:
        return OF_STATE[state]
    if state is None:  # the event was dropped with its month, and what was decided of it may be
        return Why.NOT_KEPT
    return Why.TOLD_BEFORE if notice in told else Why.NO_NEWS


def entities(order_id: UUID, parcels: Sequence[Any]) -> list[UUID]:
    """Name everything of an order whose events may ring."""
    return [order_id, *(parcel.id for parcel in parcels)]
