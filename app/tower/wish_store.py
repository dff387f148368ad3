"""Wishes in the database: asked, claimed by one player, settled once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from app.tower.stage import OPEN, PATIENCE_SECONDS, Call, State, Step, Wish
from app.tower.tables import stage_wish
from orders_core.ids import new_id
from orders_core.tx import Tx

MOST = 24
Said = Mapping[str, Any]


def add(tx: Tx, step: Step, facts: Said) -> UUID:
    """Write down that a step is to be played."""
    wish_id = new_id()
    tx.execute(insert(stage_wish).values(id=wish_id, step=step, facts=dict(facts)))
    return wish_id


def claim_next(tx: Tx) -> Wish | None:
    """Take the oldest wish that nobody plays; of two players each gets another one, or none."""
    oldest = (
        select(stage_wish.c.id)
        .where(stage_wish.c.state == State.ASKED)
        .order_by(stage_wish.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("oldest")
    )
    now = func.clock_timestamp()
    taken = tx.execute(
        update(stage_wish)
        .where(stage_wish.c.id == oldest.c.id)
        .values(state=State.PLAYING, claimed_at=now, heard_at=now)
        .returning(stage_wish.c.id)
    ).scalar_one_or_none()
    return None if taken is None else find(tx, taken)


def hear(tx: Tx, wish_id: UUID, state: State, *, calls: Sequence[Call], result: Said) -> bool:
    """Write how far a player has come; False if the wish was settled before, or there is none."""
    now = func.clock_timestamp()
    told = {"state": state, "calls": [asdict(call) for call in calls], "result": dict(result)}
    settled = {} if state in OPEN else {"settled_at": now}
    done = tx.execute(
        update(stage_wish)
        .where(stage_wish.c.id == wish_id, stage_wish.c.state.in_(OPEN))
        .values(**told, **settled, heard_at=now)
    )
    return done.rowcount == 1


def give_up_on_silent(tx: Tx) -> int:
    """Fail what nobody has said a word about for 90 s, taken or not; return how many."""
    done = tx.execute(
        update(stage_wish)
        .where(stage_wish.c.state.in_(OPEN), _silent() > PATIENCE_SECONDS)
        .values(
            state=State.FAILED,
            result={"why": "silent"},
            settled_at=func.clock_timestamp(),
        )
    )
    return done.rowcount


def find(tx: Tx, wish_id: UUID) -> Wish | None:
    """Return one wish."""
    row = tx.execute(_wishes().where(stage_wish.c.id == wish_id)).one_or_none()
    return _wish(row) if row else None


def latest(tx: Tx) -> Sequence[Wish]:
    """Return the last wishes, newest first."""
    rows = tx.execute(_wishes().order_by(stage_wish.c.id.desc()).limit(MOST))
    return [_wish(row) for row in rows]


def latest_done(tx: Tx) -> Mapping[Step, Wish]:
    """Return the last wish of each step that was played to its end."""
    rows = tx.execute(
        _wishes()
        .where(stage_wish.c.state == State.DONE)
        .order_by(stage_wish.c.step, stage_wish.c.id.desc())
        .ext(distinct_on(stage_wish.c.step))
    )
    return {wish.step: wish for wish in map(_wish, rows)}


def _silent() -> Any:
    heard = func.coalesce(stage_wish.c.heard_at, stage_wish.c.asked_at)
    return func.extract("epoch", func.clock_timestamp() - heard)


def _wishes() -> Select[Any]:
    return select(stage_wish, _silent().label("silent_seconds"))


def _wish(row: Row[Any]) -> Wish:
    return Wish(
        id=row.id,
        step=Step(row.step),
        state=State(row.state),
        facts=row.facts,
        calls=tuple(Call(**call) for call in row.calls),
        result=row.result,
        asked_at=row.asked_at,
        settled_at=row.settled_at,
        silent_seconds=float(row.silent_seconds),
    )
