"""A person's choices as they came one after the other, and what of them can be taken back. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.people.choices import Category
from app.people.levels import ANY
from app.people.saying import By, Door

#: What a person said on pages of their own or by one click can be taken back there.
UNDOABLE_AT = frozenset({Door.PAGE, Door.LEAVE_PAGE, Door.ONE_CLICK, Door.ORDER_PAGE, Door.REPLY})
#: An address needs its proof again, and a removed device says itself that it is there.
UNDOABLE = frozenset(
    {"preference", "consent", "rhythm", "quiet", "pause", "mute", "more", "language"}
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One choice that changed: of what, from what, to what; None where nothing was chosen."""

    id: UUID
    act: UUID
    said_by: str
    name: str
    door: str
    at: datetime
    undoes: UUID | None
    about: str
    cell: str
    was: Any
    became: Any

    @property
    def is_undoable(self) -> bool:
        """Whether the person themselves may take it back."""
        is_theirs = self.said_by == By.PERSON and self.door in UNDOABLE_AT
        return is_theirs and self.about in UNDOABLE


@dataclass(frozen=True)
class Act:
    """What somebody said at once. `is_current` while nothing of it was changed again since."""

    lines: Sequence[Line]
    is_current: bool = True

    @property
    def first(self) -> Line:
        """The line that stands for all: who, where, when."""
        return self.lines[0]

    @property
    def can_be_undone(self) -> bool:
        """Whether taking it back would change something."""
        return self.is_current and any(line.is_undoable for line in self.lines)

    @property
    def told(self) -> Sequence[Line]:
        """The lines worth reading: agreement that only follows a choice of offers says no more."""
        said = {(line.cell, line.became) for line in self.lines if line.about == "preference"}
        return [
            line
            for line in self.lines
            if line.about != "consent"
            or said.isdisjoint((f"{Category.OFFERS}.{on}", line.became) for on in (line.cell, ANY))
        ]


def acts_of(lines: Iterable[Line]) -> list[Act]:
    """Gather lines, newest first, into the acts they belong to; the newest act comes first."""
    gathered: dict[UUID, list[Line]] = {}
    later: set[tuple[str, str]] = set()
    current: dict[UUID, bool] = {}
    for line in lines:
        gathered.setdefault(line.act, []).append(line)
        key = (line.about, line.cell)
        is_last = key not in later and line.is_undoable
        current[line.act] = current.get(line.act, False) or is_last
        later.add(key)
    return [Act(sorted(of_act, key=_place), current[act]) for act, of_act in gathered.items()]


def _place(line: Line) -> tuple[str, str]:
    return line.about, line.cell


def taken_back(
    lines: Iterable[Line], act: UUID, only_at: Collection[Door] = UNDOABLE_AT
) -> list[Line]:
    """Return what to restore where an act is undone: what nobody changed again since.

    `lines` are the newest of each choice that the act touched; `only_at` names the doors whose acts
    may be taken back.
    """
    return [line for line in lines if line.act == act and line.is_undoable and line.door in only_at]
