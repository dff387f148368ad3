"""The product's own source, as the architecture tests read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("app", "channels", "ml", "orders_core")
EVERYTHING = (*PRODUCT, "bench", "tests")


def python_files(*folders: str) -> list[Path]:
    """List the Python files under some of our folders, as paths from the root."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in found)


def sql_files() -> list[Path]:
    """List the product's `.sql` files, as paths from the root."""
    found = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.sql")]
    return sorted(path.relative_to(ROOT) for path in found)


def text(path: Path) -> str:
    """Read a file of ours."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """Parse a Python file of ours."""
    return ast.parse(text(path))


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and written name of every call in a file, for example `datetime.now`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)
