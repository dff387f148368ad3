"""The models, each beside the plain way on the same splits of the same data, in one run."""

from collections.abc import Callable, Mapping
from importlib import import_module

from bench.data import NoData

Say = Callable[[str], None]

#: What is measured: each part is a module with `measure(say)`, which returns its figures.
PARTS: Mapping[str, str] = {
    "load": "bench.models_load",
    "events": "bench.models_events",
    "staffing": "bench.models_staffing",
    "answers": "bench.models_answers",
    "late": "bench.models_late",
    "what_if": "bench.models_what_if",
    "channels": "bench.models_channels",
}


def run(_ground: object, say: Say, *, part: list[str] | None = None) -> Mapping[str, object]:
    """Measure every part, or those that are named; what lacks its data says so."""
    figures: dict[str, object] = {}
    for name in part or PARTS:
        say(f"models: {name}")
        try:
            figures[name] = import_module(PARTS[name]).measure(say)
        except NoData as fault:
            figures[name] = {"not_measured": str(fault)}
    return figures
