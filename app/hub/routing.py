"""Routing: which of the bells that may ring goes first, and what becomes of the others. Pure.

It is asked after every rule of permission and only ever takes bells away: never the inbox line,
never of a code, nothing of what the person chose themselves. Where the bell that the table names
may not ring, all ring as if there were no table.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from app.hub.notice import Kind
from app.hub.question import Channels, Finding, Question, passed
from app.hub.route_rules import BY_COST, CHEAPEST, NOWHERE, SEEN, Route
from app.hub.verdict import Outcome
from app.people.choices import BELLS
from app.people.levels import wants

LATELY = timedelta(days=30)  #: what was opened longer ago says nothing of today


class Way(NamedTuple):
    """The bell that goes first, what named it (`seen`, `cheapest`, `table`), and the others."""

    first: str
    by: str
    others: tuple[str, ...]
    minutes: int


def routing(question: Question, channels: Channels) -> Finding:
    """Let one bell go first: the others stay still, or wait until nobody has seen the news."""
    mine = _chosen(question, channels)
    if mine:
        return passed(channels, {"own": mine})
    way = way_of(question, channels)
    if way is None:
        return passed(channels, {})
    inputs = {"first": way.first, "by": way.by}
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
    first = _first(route, bells, question)
    if first not in bells or len(bells) == 1:
        return None
    by = route.first if route.first in (SEEN, CHEAPEST) else "table"
    return Way(first, by, tuple(bell for bell in bells if bell != first), route.minutes)


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


def _first(route: Route, bells: Channels, question: Question) -> str | None:
    if route.first == SEEN:
        return opened_lately(question)
    if route.first == CHEAPEST:
        return next((str(bell) for bell in BY_COST if bell in bells), None)
    return route.first
