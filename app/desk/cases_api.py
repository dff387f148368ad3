"""The HTTP of cases: open one, read them, answer, resolve, hand over."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.access.guard import scope
from app.access.keys import Caller
from app.desk import case_store, handle, list_store, short_store
from app.desk.about import about
from app.desk.bodies import (
    AssignBody,
    OpenBody,
    ReplyBody,
    SeenBody,
    case_body,
    entry_body,
    short_body,
    whole_body,
)
from app.desk.case import State
from app.desk.open import Question, open_case
from app.desk.reading import language_of
from app.desk.reply import Words, reply
from app.desk.view import Wanted
from app.forecast.contacts import heard
from app.http import cursors
from app.http.body import Line, OneOf, PublicId, Whole
from app.http.cursors import After, Limit
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.http.idempotency import KeyedOnce
from app.hub.policy import read_policy
from app.people import store as people
from app.people.person import Person, name_of
from orders_core.errors import NotFound
from orders_core.ids import OrderId, PersonId, new_id, show
from orders_core.orders import store as orders
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/cases", tags=["desk"])

Id = Annotated[UUID, PublicId("cas")]
Reader = Annotated[Caller, scope("cases:read")]
Writer = Annotated[Caller, scope("cases:write")]


@router.post("", status_code=201)
def open_one(
    body: OpenBody, once: KeyedOnce, tx: Transaction, now: Now, house: TheHouse, caller: Writer
) -> Any:
    """Open a case; 200 where the person has one about the same order, which then goes on."""
    person = people.find(tx, name_of(body.person))
    question = Question(
        person=person,
        text=body.text,
        because=body.because,
        order_id=_order_of(tx, person, body.order),
        language=language_of(body.text),
        is_trial=not caller.live,
    )

    def work() -> tuple[int, Mapping[str, Any]]:
        opened = open_case(tx, question, policy=read_policy(tx, house.settings), now=now)
        if not opened.is_repeated:
            wants = about(body.text, locale=person.locale)
            heard(tx, at=now, how="desk", about=wants, person_id=person.id)
        return 201 if opened.is_new else 200, _whole(tx, opened.case.id)

    return once.run(tx, caller.name, work)


def _order_of(tx: Tx, person: Person, order_id: UUID | None) -> OrderId | None:
    if order_id is None:
        return None
    order = orders.many(tx, [OrderId(order_id)]).get(OrderId(order_id))
    if order is None or order.person_id != person.id:
        raise NotFound("order", show("ord", order_id))
    return order.id


def _wanted(
    state: Annotated[State, OneOf(State)] | None = None,
    priority: Annotated[int, Whole(1, 4), Query()] | None = None,
    assigned_to: Annotated[str, Line(120)] | None = None,
    person: Annotated[UUID, PublicId("per")] | None = None,
    order: Annotated[UUID, PublicId("ord")] | None = None,
) -> Wanted:
    return Wanted(
        state=state,
        priority=priority,
        assigned_to=assigned_to,
        person_id=PersonId(person) if person else None,
        order_id=OrderId(order) if order else None,
    )


@router.get("")
def page(
    tx: Transaction,
    house: TheHouse,
    _: Reader,
    wanted: Annotated[Wanted, Depends(_wanted)],
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List cases, newest first."""
    secret = secret_of(house)
    last = cursors.read(secret, after, of="cases")
    rows = list_store.page(tx, wanted, after=last, at_most=limit + 1)
    return cursors.page(secret, rows, limit=limit, of="cases").shown(case_body)


@router.get("/{case_id}")
def read(case_id: Id, tx: Transaction, _: Reader) -> Any:
    """Read one case with everything that was said in it."""
    return _whole(tx, case_id)


@router.post("/{case_id}/reply", status_code=201)
def answer(
    case_id: Id,
    body: ReplyBody,
    once: KeyedOnce,
    tx: Transaction,
    house: TheHouse,
    caller: Writer,
) -> Any:
    """Answer the person, through their own channels; the case then waits for them."""

    def work() -> tuple[int, Mapping[str, Any]]:
        words = Words(
            text=body.text,
            by=caller.name,
            key=f"{caller.name}:{once.key or new_id()}",
            seen=body.version,
            hold_seconds=0,
        )
        policy = read_policy(tx, house.settings)
        said = reply(tx, case_id, words, policy=policy, now=house.clock.now())
        return 201, {**_whole(tx, case_id), "entry": entry_body(said)}

    return once.run(tx, caller.name, work)


@router.post("/{case_id}/resolve")
def resolve(case_id: Id, body: SeenBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Close a case; closing it twice changes nothing."""
    return case_body(handle.resolve(tx, case_id, by=caller.name, seen=body.version, now=now))


@router.post("/{case_id}/reopen")
def reopen(case_id: Id, body: SeenBody, tx: Transaction, _: Writer) -> Any:
    """Open a resolved case again."""
    return case_body(handle.reopen(tx, case_id, seen=body.version))


@router.post("/{case_id}/assign")
def assign(case_id: Id, body: AssignBody, tx: Transaction, _: Writer) -> Any:
    """Say who is to answer."""
    return case_body(handle.assign(tx, case_id, to=body.to, seen=body.version))


def _whole(tx: Tx, case_id: UUID) -> Mapping[str, Any]:
    found = list_store.find(tx, case_id)
    if found is None:
        raise NotFound("case", show("cas", case_id))
    whole = whole_body(found.case, case_store.entries(tx, case_id))
    if found.case.about is None:
        return whole
    missing = short_store.missing(tx, found.case.about)
    return {**whole, "short": [short_body(one) for one in missing]}
