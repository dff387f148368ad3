"""Asks the table self_service what a shopper may do with an order as it stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.rules import rule
from app.rules.engine import Judge, MissingInput
from app.story.acts import Action, Allowed, Offer, decide, fitting, given
from app.story.facts import Facts
from orders_core.ids import show
from orders_core.tx import Tx

TABLE = "self_service"


def offers(judge: Judge, facts: Facts, *, now: datetime) -> Mapping[Action, Offer]:
    """Return what may be done, what a person has to be asked for, and what cannot be.

    Looking writes nothing down: only what is then done is asked for by `ask`.
    """
    return {action: _look(judge, facts, action, now=now) for action in fitting(facts)}


def ask(tx: Tx, facts: Facts, action: Action, *, now: datetime) -> Offer:
    """Ask for one thing that is about to be done; the ruling is written down about the order."""
    if action not in fitting(facts):
        return Offer(action, Allowed.NO, "not_fitting")
    about = show("ord", facts.order.id)
    ruling = rule.ask(tx, TABLE, given(facts, action, now=now), about=about, now=now)
    return decide(facts, action, _offer(action, ruling.answer), now=now)


def _look(judge: Judge, facts: Facts, action: Action, *, now: datetime) -> Offer:
    try:
        answer = judge.ask(given(facts, action, now=now)).answer
    except MissingInput:
        return Offer(action, Allowed.ASK, "unruled")
    return decide(facts, action, _offer(action, answer), now=now)


def _offer(action: Action, answer: Mapping[str, Any] | None) -> Offer:
    if answer is None:
        return Offer(action, Allowed.ASK, "unruled")
    return Offer(action, Allowed(str(answer["allowed"])), str(answer["reason"]))
