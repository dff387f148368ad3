"""The bell that somebody is known to look at: what was learnt of them, weighed with its cost. Pure.

What is learnt of news of orders says nothing of invitations and offers, so each is known apart.
Invitations leave one in ten to chance, by which what the choice brings can be measured: never a
code, news of an order, an answer or an offer, and nothing urgent.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.hub.notice import Kind, Notice
from app.hub.question import Channels, Question
from app.hub.route_rules import EVERY, LEARNT, SEEN, Route
from ml.chance.slice import choose
from ml.channel.best import Option, best

CHANCE = "chance"  #: names the bell where chance took another than the best
UNSURE = "unsure"  #: names none, for it cannot be told
WHOLE = 1000  # shares are kept in thousandths
PERCENT = 100
DIGITS = 4  # of a propensity that are kept
#: What is learnt together: how people look at news of what they bought says nothing of offers.
ABOUT: Mapping[Kind, str] = {
    Kind.ORDER: "orders",
    Kind.SUPPORT: "orders",
    Kind.SERVICE: "offers",
    Kind.MARKETING: "offers",
}


class Named(NamedTuple):
    """The bell that goes first, or `all`, what named it, and what was weighed for it."""

    first: str
    by: str
    weighed: Mapping[str, Any]


def habit(question: Question, route: Route, bells: Channels, *, before: str) -> Named:
    """Name the bell that is worth most to ring first; where it cannot be told, what rang before.

    Args:
        before: What would ring if nothing were learnt: a bell, or `all`.
    """
    options = _options(question, bells)
    if not options:
        return Named(before, SEEN, {})
    weighed: dict[str, Any] = {"open": {one.name: round(PERCENT * one.mean) for one in options}}
    first = best(options, worth=route.worth, before=before)
    if first is None:
        return Named(before, UNSURE if before == EVERY else SEEN, weighed)
    if not leaves_to_chance(question.notice):
        return Named(first, LEARNT, weighed)
    names = (str(question.person.person_id), question.notice.name, question.now.isoformat())
    chosen = choose(*names, best=first, named=before, among=bells)
    weighed |= {"best": first, "before": before, "p": round(chosen.propensity, DIGITS)}
    return Named(chosen.taken, LEARNT if chosen.taken == first else CHANCE, weighed)


def leaves_to_chance(notice: Notice) -> bool:
    """Say whether one telling in ten of a notice may ring where chance will have it."""
    return notice.kind is Kind.SERVICE and not notice.is_urgent


def _options(question: Question, bells: Channels) -> list[Option]:
    """Return what is known of every one of these bells; nothing if of one nothing is."""
    known = question.person.habits.get(ABOUT.get(question.notice.kind, ""), {})
    if any(bell not in known for bell in bells):
        return []
    costs = dict(question.bounds.routes.costs)
    return [
        Option(bell, known[bell][0] / WHOLE, known[bell][1] / WHOLE, costs[bell]) for bell in bells
    ]
