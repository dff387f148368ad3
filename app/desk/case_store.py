"""Cases and what was said in them, as they are written and locked.

Order of locks: person, case, then whatever the hub locks.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from app.desk.case import Author, Case, Entry, State
from app.desk.intent import Why
from app.desk.tables import case_entry, case_number, support_case
from app.people.tables import person
from orders_core.errors import NotFound
from orders_core.ids import OrderId, PersonId, show
from orders_core.tx import Tx

MOST_SHOWN = 200
COLUMNS = [support_case.c[field.name] for field in fields(Case)]
ENTRY_COLUMNS = [case_entry.c[field.name] for field in fields(Entry)]


def hold_person(tx: Tx, person_id: PersonId) -> None:
    """Let nobody else open or reopen a case of this person until the transaction ends."""
    tx.execute(select(person.c.id).where(person.c.id == person_id).with_for_update(key_share=True))


def hold(tx: Tx, case_id: UUID) -> Case:
    """Lock a case and return it as it stands.

    Raises:
        NotFound: If there is none.
    """
    row = tx.execute(
        select(*COLUMNS).where(support_case.c.id == case_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("case", show("cas", case_id))
    return case_of(row)


def hold_with_person(tx: Tx, case_id: UUID) -> Case:
    """Lock a case that may become unresolved again, its person first; return it as it stands.

    Raises:
        NotFound: If there is none.
    """
    whose = tx.scalar(select(support_case.c.person_id).where(support_case.c.id == case_id))
    if whose is not None:
        hold_person(tx, PersonId(whose))
    return hold(tx, case_id)


def unresolved(tx: Tx, person_id: PersonId, order_id: OrderId | None) -> Case | None:
    """Lock and return the case of a person about an order that is not resolved, if there is one."""
    wanted = select(*COLUMNS).where(
        support_case.c.person_id == person_id,
        support_case.c.order_id.is_not_distinct_from(order_id),
        support_case.c.state != State.RESOLVED,
    )
    row = tx.execute(wanted.with_for_update()).one_or_none()
    return case_of(row) if row else None


def is_unresolved(tx: Tx, order_id: OrderId) -> bool:
    """Say whether somebody owes an answer about an order, or waits for one; locks nothing."""
    wanted = select(support_case.c.id).where(
        support_case.c.order_id == order_id, support_case.c.state != State.RESOLVED
    )
    return tx.scalar(wanted.limit(1)) is not None


def resolved_since(
    tx: Tx, person_id: PersonId, order_id: OrderId | None, since: datetime
) -> Case | None:
    """Lock and return the case of a person about an order that was resolved last, if since then."""
    wanted = (
        select(*COLUMNS)
        .where(
            support_case.c.person_id == person_id,
            support_case.c.order_id.is_not_distinct_from(order_id),
            support_case.c.resolved_at >= since,
        )
        .order_by(support_case.c.resolved_at.desc(), support_case.c.id.desc())
        .limit(1)
    )
    row = tx.execute(wanted.with_for_update()).one_or_none()
    return case_of(row) if row else None


def has_asked_since(tx: Tx, person_id: PersonId, since: datetime) -> bool:
    """Say whether a person had a case, about anything, since then."""
    wanted = (
        select(support_case.c.id)
        .where(support_case.c.person_id == person_id, support_case.c.asked_at >= since)
        .limit(1)
    )
    return tx.scalar(wanted) is not None


def asked_at(tx: Tx, person_id: PersonId, *, since: datetime) -> Sequence[datetime]:
    """Return when a person wrote something in any case of theirs since then, first word first."""
    wanted = (
        select(case_entry.c.at)
        .join(support_case, support_case.c.id == case_entry.c.case_id)
        .where(
            support_case.c.person_id == person_id,
            case_entry.c.author == Author.SHOPPER,
            case_entry.c.at >= since,
        )
        .order_by(case_entry.c.at)
    )
    return tx.scalars(wanted).all()


def next_number(tx: Tx) -> int:
    """Take the next number of a case."""
    return int(tx.execute(select(case_number.next_value())).scalar_one())


def add(tx: Tx, case: Case) -> None:
    """Write a new case."""
    tx.execute(insert(support_case).values(_values(case)))


def change(tx: Tx, case: Case) -> None:
    """Write a case that is held, as it now is; `version` is that of before, and one is added."""
    values = _values(case) | {"version": case.version + 1}
    tx.execute(update(support_case).where(support_case.c.id == case.id).values(values))


def _values(case: Case) -> dict[str, Any]:
    return {field.name: getattr(case, field.name) for field in fields(case)} | {
        "signals": [str(sign) for sign in case.signals]
    }


def say(tx: Tx, entry: Entry) -> None:
    """Write down something that was said."""
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    tx.execute(insert(case_entry).values(values))


def said_by_key(tx: Tx, case_id: UUID, key: str) -> Entry | None:
    """Return what a form or request with this key has said before, if it did."""
    row = tx.execute(
        select(*ENTRY_COLUMNS).where(case_entry.c.case_id == case_id, case_entry.c.key == key)
    ).one_or_none()
    return entry_of(row) if row else None


def decided(tx: Tx, entry_id: UUID, verdict_id: UUID) -> None:
    """Note the verdict by which an entry goes to the person."""
    tx.execute(update(case_entry).where(case_entry.c.id == entry_id).values(verdict_id=verdict_id))


def withdrawn(tx: Tx, entry_id: UUID, *, now: datetime) -> None:
    """Note that an entry was taken back."""
    tx.execute(update(case_entry).where(case_entry.c.id == entry_id).values(withdrawn_at=now))


def one_entry(tx: Tx, case_id: UUID, entry_id: UUID) -> Entry:
    """Return one entry of a case.

    Raises:
        NotFound: If the case has no such entry.
    """
    row = tx.execute(
        select(*ENTRY_COLUMNS).where(case_entry.c.case_id == case_id, case_entry.c.id == entry_id)
    ).one_or_none()
    if row is None:
        raise NotFound("entry", show("ent", entry_id))
    return entry_of(row)


def entries(tx: Tx, case_id: UUID) -> Sequence[Entry]:
    """Return what was said in a case, first word first."""
    wanted = select(*ENTRY_COLUMNS).where(case_entry.c.case_id == case_id)
    return [entry_of(row) for row in tx.execute(wanted.order_by(case_entry.c.id))]


def entries_about(tx: Tx, order_id: OrderId) -> Sequence[Entry]:
    """Return what was said in all cases about an order, the latest 200, first word first."""
    newest = (
        select(*ENTRY_COLUMNS)
        .join(support_case, support_case.c.id == case_entry.c.case_id)
        .where(support_case.c.order_id == order_id)
        .order_by(case_entry.c.id.desc())
        .limit(MOST_SHOWN)
    )
    return [entry_of(row) for row in reversed(tx.execute(newest).all())]


def last_words(tx: Tx, case_id: UUID) -> Entry | None:
    """Return what the person said last."""
    row = tx.execute(
        select(*ENTRY_COLUMNS)
        .where(case_entry.c.case_id == case_id, case_entry.c.author == Author.SHOPPER)
        .order_by(case_entry.c.id.desc())
        .limit(1)
    ).one_or_none()
    return entry_of(row) if row else None


def case_of(row: Row[Any]) -> Case:
    """Read a case out of a row that has its columns, and maybe more."""
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Case)}
    return Case(
        **values
        | {
            "state": State(values["state"]),
            "reason": Why(values["reason"]),
            "signals": tuple(values["signals"]),
        }
    )


def entry_of(row: Row[Any]) -> Entry:
    """Read an entry out of its row."""
    return Entry(**{**row._mapping, "author": Author(row.author)})
