"""What agents do with a case besides answering: resolve it, open it again, take it over."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.desk import case_store as store
from app.desk.case import Act, Case, OtherCaseOpen, State, after, check_seen
from orders_core.tx import Tx


def resolve(tx: Tx, case_id: UUID, *, by: str, seen: int | None, now: datetime) -> Case:
    """Close a case; resolved twice is resolved once.

    Raises:
        NotFound: If there is none.
        CaseMoved: If it changed since the caller looked, as by a further question.
    """
    case = store.hold(tx, case_id)
    if case.state is State.RESOLVED:
        return case
    check_seen(case, seen)
    resolved = replace(
        case,
        state=after(case, Act.RESOLVE),
        resolved_at=now,
        assigned_to=case.assigned_to or by,
    )
    return _changed(tx, resolved)


def reopen(tx: Tx, case_id: UUID, *, seen: int | None) -> Case:
    """Open a resolved case again; the clock of its last question is as it was.

    Raises:
        NotFound: If there is none.
        CaseMoved: If it changed since the caller looked.
        OtherCaseOpen: If the person has another case about the same order by now.
    """
    case = store.hold_with_person(tx, case_id)
    if case.state is not State.RESOLVED:
        return case
    check_seen(case, seen)
    reopen_alone(tx, case)
    return _changed(tx, replace(case, state=after(case, Act.REOPEN), resolved_at=None))


def assign(tx: Tx, case_id: UUID, *, to: str | None, seen: int | None) -> Case:
    """Give a case to somebody, or to nobody.

    Raises:
        NotFound, NotNow: If there is no such case, or it is resolved.
        CaseMoved: If it changed since the caller looked.
    """
    case = store.hold(tx, case_id)
    if case.assigned_to == to:
        return case
    check_seen(case, seen)
    after(case, Act.ASSIGN)
    return _changed(tx, replace(case, assigned_to=to))


def reopen_alone(tx: Tx, case: Case) -> None:
    """Check that a resolved case may be open again beside the person's others.

    Raises:
        OtherCaseOpen: If one is about the same order.
    """
    if case.person_id is None:
        return
    other = store.unresolved(tx, case.person_id, case.order_id)
    if other is not None and other.id != case.id:
        raise OtherCaseOpen(case.number, other.number)


def _changed(tx: Tx, case: Case) -> Case:
    store.change(tx, case)
    return replace(case, version=case.version + 1)
