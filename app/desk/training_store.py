"""Models that read questions: asked for by a row, learnt by one worker at a time, one in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from app.desk.tables import training
from orders_core.ids import new_id
from orders_core.tx import Tx

WAITING = ("asked", "begun")
SHOWN = (
    *(training.c.id, training.c.state, training.c.labels, training.c.done, training.c.steps),
    *(training.c.asked_at, training.c.ended_at, training.c.because, training.c.manifest),
)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A model that was learnt: how, the model itself, and why it is not taken, if it is not."""

    manifest: Mapping[str, Any]
    sealed: bytes
    refused: str | None


def ask(tx: Tx, recipe: str, *, now: datetime) -> bool:
    """Ask for the model of a recipe, unless it was made before and is not forgotten.

    Nothing is asked for while the one in use knows labels of the shop, which nobody kept.
    """
    knows_labels = select(training.c.id).where(training.c.state == "taken", training.c.labels > 0)
    if tx.scalar(select(knows_labels.exists())):
        return False
    asking = insert(training).values(id=new_id(), recipe=recipe, asked_at=now)
    again = asking.on_conflict_do_update(
        index_elements=["recipe"],
        set_={"state": "asked", "asked_at": now, "done": 0, "ended_at": None},
        where=training.c.state == "replaced",
    )
    return tx.scalar(again.returning(training.c.id)) is not None


def is_asked(tx: Tx) -> bool:
    """Say whether a model was asked for that no worker has begun."""
    return bool(tx.scalar(select(select(training.c.id).where(_is("asked")).exists())))


def waiting(tx: Tx) -> UUID | None:
    """Return the model that was asked for first, begun by a worker that died or not at all."""
    return tx.scalar(
        select(training.c.id)
        .where(training.c.state.in_(WAITING))
        .order_by(training.c.asked_at, training.c.id)
        .limit(1)
    )


def begin_one(tx: Tx, training_id: UUID) -> bool:
    """Take a model up; False if it was finished meanwhile."""
    return _while_waiting(tx, training_id, state="begun", done=0)


def note(tx: Tx, training_id: UUID, *, done: int, steps: int) -> None:
    """Write how far it is."""
    _while_waiting(tx, training_id, done=done, steps=steps)


def end(tx: Tx, training_id: UUID, made: Made, *, beside: UUID | None, now: datetime) -> bool:
    """Put the model in use, or keep why it is not; False if another worker was faster.

    It was graded beside the one that was in use then (`beside`). Where that is in use no more, this
    one counts as replaced: asked for again, it is graded beside the one that came meanwhile.
    """
    facts = {"manifest": dict(made.manifest), "because": made.refused, "ended_at": now}
    if made.refused is not None:
        return _while_waiting(tx, training_id, state="refused", **facts)
    if not _while_waiting(tx, training_id, state="begun"):
        return False
    if not _is_still_in_use(tx, beside):
        return _while_waiting(tx, training_id, state="replaced", **facts)
    _make_room(tx)
    return _while_waiting(tx, training_id, state="taken", sealed=made.sealed, **facts)


def fail(tx: Tx, training_id: UUID, *, error: str, now: datetime) -> None:
    """Close one that could not be made."""
    _while_waiting(tx, training_id, state="failed", because=error, ended_at=now)


def put(
    tx: Tx, recipe: str, made: Made, *, labels: int, beside: UUID | None, now: datetime
) -> bool:
    """Put a model in use that was learnt elsewhere; one that is refused leaves nothing.

    Returns:
        False where the one it was graded beside is in use no more: it must be graded anew.
    """
    if not _is_still_in_use(tx, beside):
        return False
    if made.refused is not None:
        return True
    _make_room(tx)
    facts = {
        "labels": labels,
        "state": "taken",
        "ended_at": now,
        "because": None,
        "manifest": dict(made.manifest),
        "sealed": made.sealed,
    }
    putting = insert(training).values(id=new_id(), recipe=recipe, asked_at=now, **facts)
    # A new id as well: whoever holds the model open knows it by that.
    tx.execute(
        putting.on_conflict_do_update(
            index_elements=["recipe"], set_={"id": putting.excluded.id, **facts}
        )
    )
    return True


def in_use(tx: Tx) -> UUID | None:
    """Return which model is in use."""
    return tx.scalar(select(training.c.id).where(_is("taken")))


def sealed(tx: Tx, training_id: UUID | None) -> bytes | None:
    """Return a model as it was sealed, if it is in use."""
    return tx.scalar(select(training.c.sealed).where(training.c.id == training_id))


def newest(tx: Tx, *, at_most: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what was asked for last, without the models themselves."""
    return tx.execute(
        select(*SHOWN).order_by(training.c.asked_at.desc(), training.c.id.desc()).limit(at_most)
    ).all()


def card_in_use(tx: Tx) -> Row[*tuple[Any, ...]] | None:
    """Return the one in use, however long ago it was asked for, without the model itself."""
    return tx.execute(select(*SHOWN).where(_is("taken"))).one_or_none()


def _is_still_in_use(tx: Tx, beside: UUID | None) -> bool:
    """Say whether a model, or none, is in use, and hold that until the transaction ends."""
    return tx.scalar(select(training.c.id).where(_is("taken")).with_for_update()) == beside


def _make_room(tx: Tx) -> None:
    tx.execute(update(training).where(_is("taken")).values(state="replaced", sealed=None))


def _while_waiting(tx: Tx, training_id: UUID, **values: Any) -> bool:
    found = tx.execute(
        update(training)
        .where(training.c.id == training_id, training.c.state.in_(WAITING))
        .values(**values)
    )
    return found.rowcount == 1


def _is(state: str) -> Any:
    return training.c.state == state
