"""Charts as geometry: numbers in, the shapes of an SVG out. Pure; `layouts/_chart.html` draws them.

A chart has slots from left to right (hours, days). Shapes lie in a square of 1,000 units that the
page stretches to its box, so lines fit any width and letters keep their size; ticks and marks are
in percent of that box. The same numbers become the rows of the table that stands beneath.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

SIDE = 1000.0
MOST_STEPS = 5
SMALLEST = 1e-6
STEPS = (1, 2, 5, 10)
BAR_SHARE = 0.76  # of a slot's width
MOST_BEFORE_THINNING = 6

Values = Sequence[float | None]
Tone = Literal["main", "good", "wait", "bad", "calm"]


@dataclass(frozen=True, kw_only=True)
class Bars:
    """One bar a slot, from zero."""

    name: str
    values: Values
    tone: Tone = "calm"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line through the middle of each slot, broken where a value is missing."""

    name: str
    values: Values
    tone: Tone = "main"
    is_dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Steps:
    """A level line over each slot, for what holds the whole slot long."""

    name: str
    values: Values
    tone: Tone = "main"


@dataclass(frozen=True, kw_only=True)
class Band:
    """The area between two values of each slot."""

    name: str
    low: Values
    high: Values
    tone: Tone = "main"


Layer = Bars | Line | Steps | Band


@dataclass(frozen=True, kw_only=True)
class Span:
    """A marked stretch, from one place to another; both in slots, parts of a slot included."""

    name: str
    since: float
    until: float


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One path in the square; `kind` and `tone` become its classes."""

    kind: str
    tone: Tone
    path: str


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A mark at `at` percent of its axis; `is_minor` ones fall away where there is little room."""

    at: float
    label: str
    is_minor: bool = False


@dataclass(frozen=True, kw_only=True)
class Level:
    """A line across at `at` percent from the top, for a value of the vertical axis."""

    at: float
    value: float


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A marked stretch in percent; a name that would leave the box on the right is `late`."""

    name: str
    at: float
    width: float

    @property
    def is_late(self) -> bool:
        """Whether the name belongs at the end of the stretch."""
        return self.at > 60  # noqa: PLR2004 - percent


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart ready to be drawn, and the same as a table."""

    key: str  #: unique on its page
    slots: Sequence[str]
    layers: Sequence[Layer]
    shapes: Sequence[Shape]
    levels: Sequence[Level]
    ticks: Sequence[Tick]
    marks: Sequence[Mark]
    now: float | None  #: percent
    labels_follow: bool = False  #: whether a label names what begins at its tick

    @property
    def slot_width(self) -> float:
        """A slot's width in percent."""
        return 100 / max(len(self.slots), 1)

    def cells(self, index: int) -> Sequence[tuple[str, float | None, float | None]]:
        """Return what each layer says of one slot: its name, the value, and a band's upper end."""
        return [_cell(layer, index) for layer in self.layers]


def draw(  # noqa: PLR0913 - a chart has that many parts
    key: str,
    slots: Sequence[str],
    layers: Sequence[Layer],
    *,
    ticks: Mapping[int, str] | None = None,
    spans: Sequence[Span] = (),
    now: float | None = None,
    least_top: float = 1.0,
    labels_follow: bool = False,
) -> Drawing:
    """Lay out a chart.

    Args:
        key: Unique on its page; letters and digits.
        slots: What each slot is called, in full: the table's rows.
        layers: What is drawn, the lowest first; each has a value a slot.
        ticks: Labels under the chart, by the slot they stand at the left edge of.
        spans: Marked stretches behind everything.
        now: Where the line of the present stands, in slots; None draws none.
        least_top: The vertical axis reaches at least this value.
        labels_follow: Labels name the stretch that begins at their tick, not the tick itself.
    """
    top = _top(layers, least_top)
    levels = nice_levels(top)
    top = levels[-1]
    count = max(len(slots), 1)
    return Drawing(
        key=key,
        slots=slots,
        layers=layers,
        shapes=[_shape(layer, count, top) for layer in layers],
        levels=[Level(at=_round(100 - 100 * value / top), value=value) for value in levels],
        ticks=_ticks(ticks or {}, count),
        marks=[mark for span in spans if (mark := _mark(span, count))],
        now=_round(100 * now / count) if now is not None and 0 <= now <= count else None,
        labels_follow=labels_follow,
    )


def nice_levels(top: float) -> Sequence[float]:
    """Return 0 and a few round values in equal steps, the last of which is not below `top`."""
    if not math.isfinite(top) or top < SMALLEST:
        return [0.0, 1.0]
    rough = top / MOST_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * step for step in STEPS if power * step >= rough * (1 - 1e-9))
    step = max(step, 1.0) if top >= 1 else step
    return [round(step * number, 9) for number in range(math.ceil(top / step - 1e-9) + 1)]


def _top(layers: Sequence[Layer], least: float) -> float:
    highest = [
        value
        for layer in layers
        for value in (layer.high if isinstance(layer, Band) else layer.values)
        if value is not None
    ]
    return max([least, *highest])


def _cell(layer: Layer, index: int) -> tuple[str, float | None, float | None]:
    if isinstance(layer, Band):
        return layer.name, layer.low[index], layer.high[index]
    return layer.name, layer.values[index], None


def _ticks(labels: Mapping[int, str], count: int) -> Sequence[Tick]:
    thins = len(labels) > MOST_BEFORE_THINNING
    return [
        Tick(at=_round(100 * slot / count), label=label, is_minor=thins and number % 2 == 1)
        for number, (slot, label) in enumerate(sorted(labels.items()))
    ]


def _mark(span: Span, count: int) -> Mark | None:
    since, until = max(span.since, 0.0), min(span.until, float(count))
    if until <= since:
        return None
    at, width = 100 * since / count, 100 * (until - since) / count
    return Mark(name=span.name, at=_round(at), width=_round(width))


def _shape(layer: Layer, count: int, top: float) -> Shape:
    if isinstance(layer, Band):
        return Shape(kind="band", tone=layer.tone, path=_band(layer, count, top))
    if isinstance(layer, Bars):
        return Shape(kind="bars", tone=layer.tone, path=_bars(layer.values, count, top))
    if isinstance(layer, Steps):
        return Shape(kind="steps", tone=layer.tone, path=_steps(layer.values, count, top))
    kind = "line dashed" if layer.is_dashed else "line"
    return Shape(kind=kind, tone=layer.tone, path=_line(layer.values, count, top))


def _band(band: Band, count: int, top: float) -> str:
    paths = []
    for run in _runs([low if high is not None else None for low, high in _ends(band)]):
        upper = [_point(index, band.high[index] or 0, count, top) for index in run]
        lower = [_point(index, band.low[index] or 0, count, top) for index in reversed(run)]
        paths.append(f"M{'L'.join([*upper, *lower])}Z")
    return "".join(paths)


def _ends(band: Band) -> Sequence[tuple[float | None, float | None]]:
    return list(zip(band.low, band.high, strict=True))


def _line(values: Values, count: int, top: float) -> str:
    paths = []
    for run in _runs(values):
        points = [_point(index, values[index] or 0, count, top) for index in run]
        alone = "h.01" if len(points) == 1 else ""  # a dot, by its round ends
        paths.append(f"M{'L'.join(points)}{alone}")
    return "".join(paths)


def _bars(values: Values, count: int, top: float) -> str:
    width = SIDE / count * BAR_SHARE
    paths = []
    for index, value in enumerate(values):
        if value:
            left = SIDE * (index + (1 - BAR_SHARE) / 2) / count
            paths.append(
                f"M{_round(left)} {_round(SIDE)}V{_y(value, top)}h{_round(width)}V{_round(SIDE)}Z"
            )
    return "".join(paths)


def _steps(values: Values, count: int, top: float) -> str:
    paths = []
    for run in _runs(values):
        path = f"M{_round(SIDE * run[0] / count)} {_y(values[run[0]] or 0, top)}"
        for index in run:
            path += f"V{_y(values[index] or 0, top)}H{_round(SIDE * (index + 1) / count)}"
        paths.append(path)
    return "".join(paths)


def _runs(values: Values) -> Sequence[Sequence[int]]:
    """Return the stretches of slots that follow each other and have a value."""
    runs: list[list[int]] = []
    for index, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _point(index: int, value: float, count: int, top: float) -> str:
    return f"{_round(SIDE * (index + 0.5) / count)} {_y(value, top)}"


def _y(value: float, top: float) -> float:
    return _round(SIDE - SIDE * value / top)


def _round(value: float) -> float:
    return round(value, 2)
