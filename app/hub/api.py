"""The HTTP of the hub: tell these people this, and what was decided about whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from app.access.guard import scope
from app.access.keys import Caller
from app.http import cursors
from app.http.body import Line, PublicId
from app.http.cursors import After, Limit
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.http.idempotency import KeyedOnce
from app.http.problems import Fault, Problem
from app.hub import verdict_store
from app.hub.bodies import NoticeBody, decision_body, verdict_body
from app.hub.catalogue import Kind, Notice, UnknownNotice, find
from app.hub.notify import notify
from app.hub.order_facts import of_deadline, of_order
from app.hub.policy import read_policy
from app.hub.question import Standing
from app.hub.told_facts import checked
from app.hub.wish import Wish
from app.people import store as people
from app.people.person import name_of
from orders_core.errors import BadId
from orders_core.ids import OrderId, PersonId, new_id, show
from orders_core.orders import store as orders
from orders_core.orders.order import Order

router = APIRouter(prefix="/v1", tags=["notices"])

Writer = Annotated[Caller, scope("notices:write")]
READ = scope("messages:read")


@router.post("/notices", status_code=202)
def tell(
    said: NoticeBody,
    once: KeyedOnce,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    caller: Writer,
) -> Any:
    """Tell these people this, once each for good under one `dispatch`; say what was decided."""
    notice = _notice(said)
    facts = checked(notice, said.told)
    order = _order(tx, notice, said.order)
    persons = [order.person_id] if order else _people(tx, said.named)
    dispatch = said.dispatch or _own_dispatch(caller, once.key)

    def work() -> tuple[int, Mapping[str, Any]]:
        wishes = [_wish(notice, one, order, facts, dispatch, now) for one in persons]
        policy = read_policy(tx, house.settings)
        decisions = notify(tx, wishes, policy=policy, now=now)
        decided = {decision.wish.person_id for decision in decisions}
        return 202, {
            "notice": said.notice,
            "dispatch": dispatch,
            "decided": [decision_body(decision) for decision in decisions],
            "told_before": [show("per", one) for one in persons if one not in decided],
        }

    return once.run(tx, caller.name, work)


def _notice(said: NoticeBody) -> Notice:
    try:
        notice = find(said.notice)
    except UnknownNotice as fault:
        raise Problem(status=404, code="unknown_notice", detail=str(fault)) from None
    if not notice.by_hand:
        detail = f"{notice.name} is told by what happens, never by hand"
        raise Problem(status=422, code="told_by_events", detail=detail)
    return notice


def _order(tx: Transaction, notice: Notice, order_id: UUID | None) -> Order | None:
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


def _people(tx: Transaction, named: Sequence[str]) -> list[PersonId]:
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


def _own_dispatch(caller: Caller, key: str | None) -> str:
    return f"{caller.name}:{key}" if key else show("ntc", new_id())


def _wish(
    notice: Notice,
    person_id: PersonId,
    order: Order | None,
    facts: Mapping[str, Any],
    dispatch: str,
    now: datetime,
) -> Wish:
    of_it = of_order(order) | of_deadline(order) if order else {}
    standing = Standing(order_status=order.status) if order else None
    return Wish(
        dispatch=f"ntc:{notice.name}:{dispatch}",
        notice=notice.name,
        person_id=person_id,
        order_id=order.id if order else None,
        variables=of_it | dict(facts),
        decide_at=now,
        standing=standing,
    )


@router.get("/verdicts", dependencies=[READ])
def verdicts(
    tx: Transaction,
    house: TheHouse,
    person: Annotated[UUID, PublicId("per")] | None = None,
    notice: Annotated[str, Line(64)] | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List what was decided, newest first: sent, held or not sent, why, and every rule asked."""
    secret = secret_of(house)
    rows = verdict_store.page(
        tx,
        person_id=person,
        notice=notice,
        after=cursors.read(secret, after, of="verdicts"),
        at_most=limit + 1,
    )
    return cursors.page(secret, rows, limit=limit, of="verdicts").shown(verdict_body)
