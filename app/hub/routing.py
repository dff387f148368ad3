"""Routing: which of the bells that may ring goes first, and what becomes of the others. Pure.

It is asked after every rule of permission and only ever takes bells away: never the inbox line,
never of a code, nothing of what the person chose themselves. Where the bell that the table names
may not ring, all ring as if there were no table.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from app.hub.habits import Named, habit
from app.hub.notice import Kind
from app.hub.question import NOTHING, Channels, Finding, Question, passed
from app.hub.route_rules import CHEAPEST, EVERY, NOWHERE, SEEN, Route
from app.hub.verdict import Outcome
from app.people.choices import BELLS
from app.people.levels import wants

LATELY = timedelta(days=30)  #: what was opened longer ago says nothing of today


class Way(NamedTuple):
    """The bell that goes first, what named it, and the others.

    It was named by what was `seen`, `learnt`, `cheapest`, by `chance` or by the `table`. First is
    `all` where nothing goes first although something was `weighed`.
    """

    first: str
    by: str
    others: tuple[str, ...]
    minutes: int
    weighed: Mapping[str, Any] = NOTHING


def routing(question: Question, channels: Channels) -> Finding:
    """Let one bell go first: the others stay still, or wait until nobody has seen the news."""
    mine = _chosen(question, channels)
    if mine:
        return passed(channels, {"own": mine})
    way = way_of(question, channels)
    if way is None:
        return passed(channels, {})
    inputs = {"first": way.first, "by": way.by, **way.weighed}
    if way.first == EVERY:
        return passed(channels, inputs)
    if way.minutes:
        return passed(channels, {**inputs, "later": way.others, "minutes": way.minutes})
    left = tuple(channel for channel in channels if channel not in way.others)
    return Finding(Outcome.NARROW, left, {**inputs, "still": way.others})


def way_of(question: Question, channels: Channels) -> Way | None:
    """Return which bell of these goes first; None where all ring alike.

    Channels that the table `escalation` keeps back for this notice are left to it.
    """
    route = _route(question)
    if route is None or _chosen(question, channels):
        return None
    name = question.notice.name
    held = {on for about, on, _ in question.bounds.escalations if about == name}
    bells = tuple(channel for channel in channels if channel in BELLS and channel not in held)
    if len(bells) <= 1:
        return None
    first, by, weighed = _named(route, bells, question)
    if first in bells:
        others = tuple(bell for bell in bells if bell != first)
        return Way(first, by, others, route.minutes, weighed)
    return Way(EVERY, by, (), 0, weighed) if weighed else None


def waits_for(question: Question, channels: Channels) -> tuple[tuple[str, int], ...]:
    """Return the bells that ring only if the first is not seen, each with the minutes it waits."""
    route = _route(question)
    if route is None or not route.minutes:
        return ()
    way = way_of(question, channels)
    return tuple((bell, way.minutes) for bell in way.others) if way else ()


def opened_lately(question: Question) -> str | None:
    """Return the bell that the person opened something on last, if that is not long ago."""
    opened = question.person.opened
    if opened is None:
        return None
    channel, day = opened
    return channel if question.now.date() - day <= LATELY else None


def _route(question: Question) -> Route | None:
    notice = question.notice
    routes: Mapping[str, Route] | None = question.bounds.routes.by.get(notice.name)
    if routes is None or notice.kind is Kind.SECURITY or notice.is_gathered:
        return None
    return routes.get(opened_lately(question) or NOWHERE)


def _chosen(question: Question, channels: Channels) -> list[str]:
    """Return the bells that the person asked for themselves, where there is a route at all."""
    person = question.person
    more = question.more_on
    if not (person.preferences or person.rhythms or more) or _route(question) is None:
        return []
    about = question.notice.category
    return [
        channel
        for channel in channels
        if channel in BELLS
        and (
            channel == more
            or channel in person.rhythms
            or wants(person.preferences, about, channel)
        )
    ]


def _named(route: Route, bells: Channels, question: Question) -> Named:
    """Name the bell that a route lets go first; it need not be one of these."""
    match route.first:
        case "seen":
            return Named(_before(bells, question), SEEN, NOTHING)
        case "learnt":
            return habit(question, route, bells, before=_before(bells, question))
        case "cheapest":
            return Named(question.bounds.routes.cheapest(bells) or EVERY, CHEAPEST, NOTHING)
        case bell:
            return Named(bell, "table", NOTHING)


def _before(bells: Channels, question: Question) -> str:
    """Return the bell that was opened last, if it may ring; else all ring."""
    last = opened_lately(question)
    return last if last in bells else EVERY
