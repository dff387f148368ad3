"""What a table forgot and where its rows contradict each other: exact, by algebra on boxes. Pure.

A row is a box: for each input column a set of atoms. What no row covers is found by taking every
row's box out of the box of everything; what is left is a gap, each with an example.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.rules.axis import Axis, Value
from orders_core.errors import CoreError

MOST_PIECES = 20_000

Box = tuple[int, ...]


class TooTangled(CoreError):
    """The rows cut each other into more pieces than can be looked through: split the table."""

    def __init__(self) -> None:
        super().__init__("this table is too tangled to check; split it into smaller ones")


@dataclass(frozen=True)
class Hole:
    """Inputs that meet: written as cells, with one example."""

    cells: tuple[str, ...]
    example: Mapping[str, Value]


@dataclass(frozen=True)
class Overlap:
    """Two rows (counted from 0) that answer the same inputs."""

    first: int
    second: int
    where: Hole


def gaps(axes: Sequence[Axis], boxes: Sequence[Box]) -> list[Hole]:
    """Return what no row covers, in boxes that do not overlap.

    Raises:
        TooTangled: If there would be more than 20,000 pieces on the way.
    """
    left = [tuple(axis.whole for axis in axes)]
    for box in boxes:
        left = _without(left, box)
    return [hole(axes, piece) for piece in left]


def unreached(boxes: Sequence[Box]) -> list[int]:
    """Return the rows that no input reaches because those before them take all of it."""
    return [at for at, box in enumerate(boxes) if not _left_of(box, boxes[:at])]


def reached(boxes: Sequence[Box], at: int) -> Box | None:
    """Return a part of a row's box that no row before it takes; None if they take all of it."""
    left = _left_of(boxes[at], boxes[:at])
    return left[0] if left else None


def overlaps(axes: Sequence[Axis], boxes: Sequence[Box]) -> list[Overlap]:
    """Return every pair of rows that answer the same inputs."""
    return [
        Overlap(first, second, hole(axes, met))
        for second, later in enumerate(boxes)
        for first, earlier in enumerate(boxes[:second])
        if (met := meet(earlier, later)) is not None
    ]


def meet(one: Box, other: Box) -> Box | None:
    """Return what two boxes share, if anything."""
    shared = tuple(a & b for a, b in zip(one, other, strict=True))
    return shared if all(shared) else None


def hole(axes: Sequence[Axis], box: Box) -> Hole:
    """Write a box as cells, with an example out of it."""
    return Hole(
        tuple(axis.show(mask) for axis, mask in zip(axes, box, strict=True)),
        {axis.column.name: axis.example(mask) for axis, mask in zip(axes, box, strict=True)},
    )


def _left_of(box: Box, earlier: Sequence[Box]) -> list[Box]:
    left = [box]
    for other in earlier:
        left = _without(left, other)
        if not left:
            break
    return left


def _without(pieces: Sequence[Box], box: Box) -> list[Box]:
    left = [rest for piece in pieces for rest in _subtract(piece, box)]
    if len(left) > MOST_PIECES:
        raise TooTangled
    return left


def _subtract(piece: Box, box: Box) -> Iterator[Box]:
    """Yield what is left of a piece: for each column the part outside, before that inside."""
    if meet(piece, box) is None:
        yield piece
        return
    inside: Box = ()
    for at, (have, taken) in enumerate(zip(piece, box, strict=True)):
        if have & ~taken:
            yield (*inside, have & ~taken, *piece[at + 1 :])
        inside = (*inside, have & taken)
