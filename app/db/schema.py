"""Every table of the product in one catalogue: importing this module declares them all."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from orders_core.tx import metadata

__all__ = ["metadata", "table_modules"]

ROOTS = ("orders_core", "app")


def table_modules() -> list[str]:
    """Name every `tables` module in alphabetical order; to stand in a room is enough to count."""
    found = []
    for root in ROOTS:
        spec = find_spec(root)
        if spec is None or not spec.submodule_search_locations:
            continue
        folder = Path(next(iter(spec.submodule_search_locations)))
        found += [f"{root}.{path.parent.name}.tables" for path in folder.glob("*/tables.py")]
    return sorted(found)


for name in table_modules():
    import_module(name)
