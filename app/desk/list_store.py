"""Cases as they are listed: the queue of the desk, the pages of the API."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, desc, func, or_, select

from app.access.tables import staff
from app.desk.case import Case, State
from app.desk.case_store import COLUMNS, case_of
from app.desk.tables import support_case
from app.desk.view import Wanted
from app.people.tables import person
from orders_core.ids import PersonId
from orders_core.orders.tables import orders
from orders_core.tx import Tx

MOST_NUMBER = 2**63 - 1
ORDER_OF_STATES = {State.OPEN: 0, State.WAITING: 1, State.RESOLVED: 2}


@dataclass(frozen=True)
class Row:
    """A case in the queue, with the names of what it is about."""

    case: Case
    name: str
    order_number: int | None
    zone: str  #: of the person who asked


def page(tx: Tx, wanted: Wanted, *, after: UUID | None, at_most: int) -> Sequence[Case]:
    """Read cases newest first, opened before the case `after`."""
    asked = select(*COLUMNS).where(*_conditions(wanted)).order_by(desc(support_case.c.id))
    if after is not None:
        asked = asked.where(support_case.c.id < after)
    return [case_of(row) for row in tx.execute(asked.limit(at_most))]


def queue(tx: Tx, wanted: Wanted, *, at_most: int) -> Sequence[Row]:
    """Read cases in the order they are to be answered in; the resolved last, newest first."""
    asked = (
        _named(wanted)
        .order_by(
            case(
                {state.value: rank for state, rank in ORDER_OF_STATES.items()},
                value=support_case.c.state,
            ),
            desc(support_case.c.resolved_at),
            support_case.c.priority,
            support_case.c.first_response_due_at,
            support_case.c.id,
        )
        .limit(at_most)
    )
    return [_row(row) for row in tx.execute(asked)]


def counts(tx: Tx, wanted: Wanted) -> Mapping[State, int]:
    """Count the cases of each state, whichever state is wanted."""
    asked = (
        select(support_case.c.state, func.count())
        .select_from(_joined())
        .where(*_conditions(wanted, but_state=True))
        .group_by(support_case.c.state)
    )
    found = {State(state): int(count) for state, count in tx.execute(asked)}
    return {state: found.get(state, 0) for state in State}


def find(tx: Tx, case_id: UUID) -> Row | None:
    """Return one case with its names."""
    asked = _named(Wanted()).where(support_case.c.id == case_id)
    row = tx.execute(asked).one_or_none()
    return _row(row) if row else None


def others_of(tx: Tx, person_id: PersonId, *, but: UUID, at_most: int) -> Sequence[Case]:
    """Return a person's other cases, newest first."""
    asked = (
        select(*COLUMNS)
        .where(support_case.c.person_id == person_id, support_case.c.id != but)
        .order_by(desc(support_case.c.id))
        .limit(at_most)
    )
    return [case_of(row) for row in tx.execute(asked)]


def staff_names(tx: Tx, names: Collection[str | None]) -> Mapping[str, str]:
    """Return what members of staff are called, by how `changed_by` names them."""
    addresses = {name.removeprefix("staff:") for name in names if name}
    rows = tx.execute(select(staff.c.email, staff.c.name).where(staff.c.email.in_(addresses)))
    return {f"staff:{email}": name for email, name in rows}


def _named(wanted: Wanted) -> Select[Any]:
    return (
        select(
            *COLUMNS,
            person.c.name.label("name"),
            person.c.zone.label("zone"),
            orders.c.number.label("order_number"),
        )
        .select_from(_joined())
        .where(*_conditions(wanted))
    )


def _row(row: Any) -> Row:
    return Row(case_of(row), row.name or "", row.order_number, row.zone or "UTC")


def _joined() -> Any:
    return support_case.outerjoin(person, person.c.id == support_case.c.person_id).outerjoin(
        orders, orders.c.id == support_case.c.order_id
    )


def _conditions(wanted: Wanted, *, but_state: bool = False) -> list[ColumnElement[bool]]:
    exact = {
        "state": None if but_state else wanted.state,
        "priority": wanted.priority,
        "language": wanted.language,
        "assigned_to": wanted.assigned_to,
        "person_id": wanted.person_id,
        "order_id": wanted.order_id,
    }
    conditions = [
        support_case.c[name] == value for name, value in exact.items() if value is not None
    ]
    if wanted.words:
        conditions.append(_about(wanted.words))
    return conditions


def _about(words: str) -> ColumnElement[bool]:
    if words.isascii() and words.isdigit() and int(words) <= MOST_NUMBER:
        number = int(words)
        return or_(
            support_case.c.number == number,
            orders.c.number == number,
            orders.c.reference == words,
        )
    return func.lower(orders.c.reference) == words.lower()
