"""A notice that somebody tells by hand: whom it is for, what it may say, and the telling.

Everybody who is named is known or nobody is told; what a notice asks for is there or nobody is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from app.access.keys import is_trial
from app.http.faults import problem_of
from app.http.problems import Fault, Problem
from app.hub.bodies import NoticeBody
from app.hub.catalogue import Kind, Notice, UnknownNotice, find
from app.hub.decision import Decision
from app.hub.notify import notify
from app.hub.order_facts import of_deadline, of_order
from app.hub.policy import Policy, read_policy
from app.hub.question import Standing
from app.hub.told_facts import checked
from app.hub.wish import Wish
from app.people import store as people
from app.people.person import name_of
from app.settings import Settings
from orders_core.errors import BadId
from orders_core.ids import OrderId, PersonId
from orders_core.orders import store as orders
from orders_core.orders.order import Order
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A notice, its facts, whom it is for, and the order it is about if there is one."""

    notice: Notice
    facts: Mapping[str, Any]
    order: Order | None
    persons: Sequence[PersonId]
    is_trial: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was decided now, and who was told before."""

    decisions: Sequence[Decision]
    before: Sequence[PersonId]


def read_asked(tx: Tx, said: NoticeBody) -> Asked:
    """Read what somebody asks to be told.

    Raises:
        Problem: If the notice, a fact, the order or a person cannot be; it names each.
    """
    notice = _notice(said)
    facts = checked(notice, said.told)
    order = _order(tx, notice, said.order)
    persons = [order.person_id] if order else _people(tx, said.named)
    return Asked(notice=notice, facts=facts, order=order, persons=persons)


class ByHand:
    """Notices as the house carries them, under the shop's policy as it stands then."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def read(self, tx: Tx, said: Mapping[str, Any], *, by: str) -> Asked:
        """Read what somebody asks to be told, as `POST /v1/notices` would.

        Raises:
            Problem: As `read_asked`, and if its form is wrong.
        """
        return replace(read_asked(tx, read_body(said)), is_trial=is_trial(by))

    def tell(self, tx: Tx, asked: Sequence[tuple[str, Asked]], *, now: datetime) -> None:
        """Tell everybody in one call, so that all people are locked in one order."""
        wishes = [
            _wish(one, person, dispatch, now) for dispatch, one in asked for person in one.persons
        ]
        notify(tx, wishes, policy=read_policy(tx, self._settings), now=now)


def read_body(said: Mapping[str, Any]) -> NoticeBody:
    """Read the body of a notice that came by another door than its own.

    Raises:
        Problem: If its form is wrong.
    """
    try:
        return NoticeBody.model_validate_json(orjson.dumps(said))
    except ValidationError as fault:
        raise problem_of(
            [{**one, "loc": ("body", *one["loc"])} for one in fault.errors()]
        ) from None


def tell_by_hand(tx: Tx, asked: Asked, dispatch: str, *, policy: Policy, now: datetime) -> Told:
    """Tell everybody asked for, once each for good under one `dispatch`."""
    wishes = [_wish(asked, one, dispatch, now) for one in asked.persons]
    decisions = notify(tx, wishes, policy=policy, now=now)
    decided = {decision.wish.person_id for decision in decisions}
    before = [one for one in asked.persons if one not in decided]
    return Told(decisions=decisions, before=before)


def _notice(said: NoticeBody) -> Notice:
    try:
        notice = find(said.notice)
    except UnknownNotice as fault:
        raise Problem(status=404, code="unknown_notice", detail=str(fault)) from None
    if not notice.by_hand:
        detail = f"{notice.name} is told by what happens, never by hand"
        raise Problem(status=422, code="told_by_events", detail=detail)
    return notice


def _order(tx: Tx, notice: Notice, order_id: UUID | None) -> Order | None:
    """Find the order a notice is about; one of an order needs it, and what advertises has none."""
    if order_id is None and notice.needs_order:
        raise _of_order("order_needed", f"{notice.name} is about an order: name it")
    if order_id is None:
        return None
    if notice.kind is Kind.MARKETING:
        raise _of_order("unknown_field", f"{notice.name} is about no order")
    found = orders.many(tx, [OrderId(order_id)]).get(OrderId(order_id))
    if found is None:
        raise _of_order("unknown_order", "no such order")
    return found


def _of_order(code: str, detail: str) -> Problem:
    fault = Fault(code=code, detail=detail, pointer="/order")
    return Problem(status=422, code=code, detail=detail, errors=[fault])


def _people(tx: Tx, named: Sequence[str]) -> list[PersonId]:
    """Find everybody who is named, or refuse all: nobody is told half a wish."""
    names = [_name(who) for who in named]
    known = people.named(tx, [name for name in names if name is not None])
    faults = [
        Fault(code="unknown_person", detail="no such person", pointer=f"/people/{position}")
        for position, name in enumerate(names)
        if name is None or name not in known
    ]
    if faults:
        detail = f"{len(faults)} of {len(names)} people are not known; nobody was told"
        raise Problem(status=422, code="unknown_person", detail=detail, errors=faults[:100])
    return list(dict.fromkeys(known[name] for name in names if name is not None))


def _name(who: str) -> PersonId | str | None:
    try:
        return name_of(who)
    except BadId:
        return None


def _wish(asked: Asked, person_id: PersonId, dispatch: str, now: datetime) -> Wish:
    notice, order = asked.notice, asked.order
    of_it = of_order(order) | of_deadline(order) if order else {}
    tried = "trial:" if asked.is_trial else ""  # what was only tried can still be told
    return Wish(
        dispatch=f"ntc:{tried}{notice.name}:{dispatch}",
        notice=notice.name,
        person_id=person_id,
        order_id=order.id if order else None,
        variables=of_it | dict(asked.facts),
        decide_at=now,
        standing=Standing(order_status=order.status) if order else None,
        is_trial=asked.is_trial or bool(order and order.is_trial),
    )
