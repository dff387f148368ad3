"""Take back what a person said, in one new act; what was changed again since stays as it is."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from app.people import calm_store, history_store, mute_store, undo_store
from app.people.calm import days_of
from app.people.history import UNDOABLE_AT, Line, taken_back
from app.people.hours import Window
from app.people.saying import Door
from orders_core.ids import OrderId, PersonId
from orders_core.tx import Tx

Restore = Callable[[Tx, PersonId, Line, str, datetime], None]


def undo(
    tx: Tx,
    person_id: PersonId,
    act: UUID,
    *,
    source: str,
    now: datetime,
    only_at: Collection[Door] = UNDOABLE_AT,
) -> bool:
    """Restore what an act of a person changed; say whether anything was left to restore.

    Twice is once: the second time the newest line of each choice is the undoing itself. `source`
    names where it was said, for the record of consent; `only_at` the doors whose acts may be taken
    back here.
    """
    lines = taken_back(history_store.newest(tx, person_id, act), act, only_at)
    for line in lines:
        RESTORE[line.about](tx, person_id, line, source, now)
    return bool(lines)


def _preference(tx: Tx, person_id: PersonId, line: Line, _source: str, now: datetime) -> None:
    undo_store.restore_preference(tx, person_id, line.cell, was=line.was, now=now)


def _consent(tx: Tx, person_id: PersonId, line: Line, source: str, now: datetime) -> None:
    undo_store.restore_consent(tx, person_id, line.cell, was=line.was, source=source, now=now)


def _rhythm(tx: Tx, person_id: PersonId, line: Line, source: str, now: datetime) -> None:
    undo_store.restore_rhythm(tx, person_id, line.cell, was=line.was, source=source, now=now)


def _quiet(tx: Tx, person_id: PersonId, line: Line, source: str, now: datetime) -> None:
    hours = line.was and window_of(line.was)
    calm_store.keep_quiet(tx, person_id, hours, source=source, now=now)


def window_of(kept: Mapping[str, Any]) -> Window:
    """Read quiet hours as a line of history keeps them."""
    start, end = time.fromisoformat(kept["from"]), time.fromisoformat(kept["until"])
    return Window(start, end, days_of(kept["days"]))


def _pause(tx: Tx, person_id: PersonId, line: Line, source: str, now: datetime) -> None:
    until = line.was and datetime.fromisoformat(line.was)
    calm_store.pause(tx, person_id, until, source=source, now=now)


def _mute(tx: Tx, person_id: PersonId, line: Line, _source: str, now: datetime) -> None:
    order_id = OrderId(UUID(line.cell))
    if line.was:
        mute_store.mute(tx, order_id, person_id, now=now)
        return
    mute_store.unmute(tx, order_id)


def _more(tx: Tx, person_id: PersonId, line: Line, _source: str, now: datetime) -> None:
    order_id = OrderId(UUID(line.cell))
    if line.was:
        mute_store.tell_more(tx, order_id, person_id, channel=line.was, now=now)
        return
    mute_store.tell_as_usual(tx, order_id)


def _language(tx: Tx, person_id: PersonId, line: Line, _source: str, _now: datetime) -> None:
    undo_store.restore_language(tx, person_id, line.was)


RESTORE: Mapping[str, Restore] = {
    "preference": _preference,
    "consent": _consent,
    "rhythm": _rhythm,
    "quiet": _quiet,
    "pause": _pause,
    "mute": _mute,
    "more": _more,
    "language": _language,
}
