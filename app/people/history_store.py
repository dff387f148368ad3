"""The lines of a person's history: who says what comes next, and what was said before."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.people.history import Line
from app.people.levels import Cell
from app.people.saying import Saying
from app.people.tables import choice, person
from orders_core.ids import PersonId
from orders_core.tx import Tx

COLUMNS = [choice.c[name] for name in Line.__dataclass_fields__]


def note(tx: Tx, saying: Saying) -> None:
    """Let every change until the end of the transaction be this act of somebody."""
    tx.execute(select(func.set_config("orderbell.saying", saying.told, True)))  # noqa: FBT003


def take_turns(tx: Tx, person_id: PersonId) -> None:
    """Keep others from changing the same person's choices until the transaction ends."""
    held = select(person.c.id).where(person.c.id == person_id)
    tx.execute(held.with_for_update(key_share=True))


def hold_still(tx: Tx, people: Collection[PersonId]) -> None:
    """Wait for whoever changes these people's choices, and let nobody do so until the end.

    Locks: people by id, shared with others who only read them.
    """
    held = select(person.c.id).where(person.c.id.in_(people)).order_by(person.c.id)
    tx.execute(held.with_for_update(read=True))


def changing_now(tx: Tx, people: Collection[PersonId]) -> Collection[PersonId]:
    """Return whose choices somebody changes just now; of the rest nobody does until the end.

    Waits for nobody. Locks: as `hold_still`.
    """
    idle = select(person.c.id).where(person.c.id.in_(people))
    held = tx.scalars(idle.with_for_update(read=True, skip_locked=True))
    return set(people).difference(map(PersonId, held))


def page(tx: Tx, person_id: PersonId, *, after: UUID | None, at_most: int) -> Sequence[Line]:
    """Return lines of a person, newest first, from before `after` on."""
    wanted = select(*COLUMNS).where(choice.c.person_id == person_id)
    if after is not None:
        wanted = wanted.where(choice.c.id < after)
    return _lines(tx, wanted.order_by(choice.c.id.desc()).limit(at_most))


def last_of(tx: Tx, person_id: PersonId, cell: Cell) -> Line | None:
    """Return what was said last of a cell of the grid; None if nothing ever was."""
    wanted = (
        select(*COLUMNS)
        .where(
            choice.c.person_id == person_id,
            choice.c.about == "preference",
            choice.c.cell == ".".join(cell),
        )
        .order_by(choice.c.id.desc())
        .limit(1)
    )
    return next(iter(_lines(tx, wanted)), None)


def newest(tx: Tx, person_id: PersonId, act: UUID) -> Sequence[Line]:
    """Return the newest line of each choice that an act of a person touched."""
    touched = (
        select(choice.c.about, choice.c.cell)
        .where(choice.c.person_id == person_id, choice.c.act == act)
        .distinct()
        .cte("touched")
    )
    wanted = (
        select(*COLUMNS)
        .ext(distinct_on(choice.c.about, choice.c.cell))
        .join(touched, and_(touched.c.about == choice.c.about, touched.c.cell == choice.c.cell))
        .where(choice.c.person_id == person_id)
        .order_by(choice.c.about, choice.c.cell, choice.c.id.desc())
    )
    return _lines(tx, wanted)


def _lines(tx: Tx, wanted: Select[tuple[object, ...]]) -> Sequence[Line]:
    return [Line(**row._mapping) for row in tx.execute(wanted)]
