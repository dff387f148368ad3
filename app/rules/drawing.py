"""A state machine as the shapes of a drawing: layers from left to right, arrows between. Pure.

Each state stands in a column: how many moves it is away from the start at most, moves that lead
back left out. Arrows to the right leave and enter in the middle; those that skip a column pass
above or below what stands there; those that lead back run beneath.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.rules.machine import Machine
from app.rules.mermaid import pairs

WIDTH, HEIGHT = 120, 44  # of a box, in units of the drawing
GAP_X, GAP_Y = 102, 58
MARGIN, LINE = 24, 15
LOOP = 26


@dataclass(frozen=True, slots=True)
class Box:
    """A state: its upper left corner, its size, and whether nothing leads out of it."""

    state: str
    x: float
    y: float
    height: float
    is_end: bool
    members: tuple[str, ...] = ()

    @property
    def middle(self) -> float:
        """Its middle from top to bottom."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Curve:
    """An arrow: its path, and its moves' names at a point of it."""

    path: str
    names: tuple[str, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole; width and height hold everything."""

    width: float
    height: float
    start: str
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    box_width: int = WIDTH


def draw(machine: Machine) -> Drawing:
    """Lay a machine out."""
    arrows = pairs(machine)
    columns = columns_of(machine, list(arrows))
    boxes = _boxes(machine, columns)
    curves, bottom = _curves(boxes, columns, arrows)
    highest = min([curve.y for curve in curves] + [box.y for box in boxes.values()])
    lowered = {node: replace(box, y=box.y + MARGIN - highest) for node, box in boxes.items()}
    curves, bottom = _curves(lowered, columns, arrows)
    width = max(box.x for box in lowered.values()) + WIDTH + MARGIN
    first = lowered[machine.first]
    start = f"M {MARGIN - 22} {first.middle} L {first.x - 6} {first.middle}"
    return Drawing(width, bottom + MARGIN, start, tuple(lowered.values()), tuple(curves))


def _curves(
    boxes: Mapping[str, Box],
    columns: Mapping[str, int],
    arrows: Mapping[tuple[str, str], Sequence[str]],
) -> tuple[list[Curve], float]:
    """Return the arrows, and how far down the drawing reaches with them."""
    bottom = max(box.y + box.height for box in boxes.values())
    curves = []
    for ends, names in arrows.items():
        curve, deep = _curve(boxes, columns, ends, tuple(names), bottom)
        bottom += deep
        curves.append(curve)
    lowest = max([curve.y + LINE * len(curve.names) for curve in curves], default=0)
    return curves, max(bottom, lowest)


def columns_of(machine: Machine, arrows: Sequence[tuple[str, str]]) -> Mapping[str, int]:
    """Return the column of each node: its longest way from the start, ways back left out."""
    onward = _onward(machine.first, arrows)
    column = dict.fromkeys(machine.nodes, 0)
    for _ in machine.nodes:  # each round settles at least one more layer
        for source, target in onward:
            column[target] = max(column[target], column[source] + 1)
    return column


def _onward(first: str, arrows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the arrows that close no ring, looked at from the start."""
    kept: list[tuple[str, str]] = []
    for source, target in sorted(arrows, key=lambda pair: _distance(first, arrows)[pair[0]]):
        if source != target and not _leads(kept, target, source):
            kept.append((source, target))
    return kept


def _distance(first: str, arrows: Sequence[tuple[str, str]]) -> Mapping[str, int]:
    found, edge = {first: 0}, [first]
    while edge:
        edge = [t for s, t in arrows if s in edge and t not in found]
        found |= {one: max(found.values()) + 1 for one in edge}
    return {one: found.get(one, len(arrows)) for pair in arrows for one in pair}


def _leads(arrows: Sequence[tuple[str, str]], source: str, target: str) -> bool:
    reached, edge = {source}, {source}
    while edge:
        edge = {t for s, t in arrows if s in edge} - reached
        reached |= edge
    return target in reached


def _boxes(machine: Machine, columns: Mapping[str, int]) -> dict[str, Box]:
    """Place the nodes of each column beneath each other, all columns about one middle."""
    stacks: dict[int, list[str]] = {}
    for node in machine.nodes:
        stacks.setdefault(columns[node], []).append(node)
    tall = max(_stack_height(machine, stack) for stack in stacks.values())
    boxes: dict[str, Box] = {}
    for column, stack in sorted(stacks.items()):
        y = MARGIN + LOOP + (tall - _stack_height(machine, stack)) / 2
        for node in stack:
            members = machine.group if node not in machine.states else ()
            x = MARGIN + column * (WIDTH + GAP_X)
            height = _height(machine, node)
            boxes[node] = Box(node, x, y, height, node in machine.ends, members)
            y += height + GAP_Y
    return boxes


def _height(machine: Machine, node: str) -> float:
    is_group = node not in machine.states
    return HEIGHT + (len(machine.group) * LINE if is_group else 0)


def _stack_height(machine: Machine, stack: Sequence[str]) -> float:
    return sum(_height(machine, node) for node in stack) + GAP_Y * (len(stack) - 1)


def _curve(
    boxes: Mapping[str, Box],
    columns: Mapping[str, int],
    ends: tuple[str, str],
    names: tuple[str, ...],
    floor: float,
) -> tuple[Curve, float]:
    """Return an arrow, and how much deeper the drawing becomes by it."""
    source, target = boxes[ends[0]], boxes[ends[1]]
    if source is target:
        return _loop(source, names), 0
    if columns[ends[1]] > columns[ends[0]]:
        return _forward(source, target, columns[ends[1]] - columns[ends[0]], names), 0
    deep = LINE * len(names) + LOOP
    return _back(source, target, names, floor + deep / 2), deep


def _loop(box: Box, names: tuple[str, ...]) -> Curve:
    x, y = box.x + WIDTH / 2, box.y
    path = f"M {x - 18} {y} C {x - 26} {y - LOOP}, {x + 26} {y - LOOP}, {x + 18} {y - 5}"
    return Curve(path, names, x, y - LOOP - 3 - LINE * (len(names) - 1))


def _forward(source: Box, target: Box, columns: int, names: tuple[str, ...]) -> Curve:
    x1, y1, x2, y2 = source.x + WIDTH, source.middle, target.x - 5, target.middle
    bow = 0.0 if columns == 1 else _bow(source, target) * columns
    reach = (x2 - x1) / 2
    path = f"M {x1} {y1} C {x1 + reach} {y1 + bow}, {x2 - reach} {y2 + bow}, {x2} {y2}"
    middle = (y1 + y2) / 2 + bow * 0.75
    return Curve(path, names, (x1 + x2) / 2, middle - LINE * (len(names) - 1) / 2 - 5)


def _bow(source: Box, target: Box) -> float:
    """Say which way an arrow that skips columns bends: away from what stands between."""
    return -44.0 if target.middle <= source.middle else 44.0


def _back(source: Box, target: Box, names: tuple[str, ...], floor: float) -> Curve:
    x1, x2 = source.x + WIDTH / 2 - 14, target.x + WIDTH / 2 + 14
    y1, y2 = source.y + source.height, target.y + target.height + 5
    path = f"M {x1} {y1} C {x1} {floor}, {x2} {floor}, {x2} {y2}"
    middle = (y1 + y2) / 8 + floor * 0.75
    return Curve(path, names, (x1 + x2) / 2, middle - LINE * (len(names) - 1) / 2 - 5)
