"""A state machine as it is told to people: states, and what leads from one to another. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

GROUP = "any_of_these"  #: stands for states that may follow each other in any order


@dataclass(frozen=True, slots=True)
class Arrow:
    """One move out of one state, or out of the whole group."""

    name: str
    source: str
    target: str
    guards: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One axis of one thing. `group` lists states that may follow each other in any order."""

    key: str
    states: tuple[str, ...]
    start: str
    arrows: tuple[Arrow, ...]
    group: tuple[str, ...] = ()

    @property
    def ends(self) -> tuple[str, ...]:
        """The states that nothing leads out of."""
        left = {arrow.source for arrow in self.arrows if arrow.source != arrow.target}
        inside = set(self.group) if GROUP in left else set()
        return tuple(one for one in self.states if one not in left | inside)

    @property
    def nodes(self) -> tuple[str, ...]:
        """What is drawn: the states, those of the group as one."""
        if not self.group:
            return self.states
        first = self.states.index(self.group[0])
        alone = [one for one in self.states if one not in self.group]
        return (*alone[:first], GROUP, *alone[first:])

    @property
    def first(self) -> str:
        """The node that everything begins in."""
        return GROUP if self.start in self.group else self.start


def machine_of(
    key: str, states: type[StrEnum], moves: Iterable[Any], *, group: Sequence[str] = ()
) -> Machine:
    """Tell the moves of one axis, given as the core writes them: sources, target, guards, reasons.

    A thing begins in the first of the states. What leads from one state of the group to another is
    said once, by the group.
    """
    arrows = tuple(
        Arrow(
            name=str(move.name),
            source=source,
            target=str(move.target),
            guards=tuple(guard.name for guard in move.guards),
            reasons=tuple(sorted(str(reason) for reason in move.reasons)),
        )
        for move in moves
        for source in _sources(move.sources, states, group)
        if not (source == GROUP and move.target in group)
    )
    every = tuple(str(state) for state in states)
    return Machine(key=key, states=every, start=every[0], arrows=arrows, group=tuple(group))


def _sources(sources: Iterable[str], states: type[StrEnum], group: Sequence[str]) -> Sequence[str]:
    named = {str(one) for one in sources}
    if group and named == set(group):
        return [GROUP]
    return [str(state) for state in states if state in named]
