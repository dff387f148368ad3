"""SQL stands in stores, in `.sql` files, and in the rooms made for it; one place commits."""

import ast
from pathlib import Path

from tests.architecture.source import PRODUCT, calls, python_files, tree

VERBS = {"select", "insert", "update", "delete", "text", "func"}
ASKING = {"execute", "exec_driver_sql", "executemany", "scalars", "scalar"}
ROOMS = (
    "app/db/",
    "orders_core/outbox/",
    "orders_core/books/",
    "app/ops/books.py",
    "app/labs/naive/",  # shown as most of us write it, SQL and all
)
ENDING = {"commit", "rollback"}


def may_hold_sql(path: Path) -> bool:
    """Say whether SQL belongs into this file."""
    is_store = path.stem == "store" or path.stem.endswith("_store") or path.stem == "tables"
    return is_store or str(path).startswith(ROOMS)


def test_sql_is_built_in_stores_only():
    astray = [
        f"{path}:{node.lineno} {sorted(taken)}"
        for path in python_files(*PRODUCT)
        if not may_hold_sql(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        and (taken := {name.name for name in node.names} & VERBS)
    ]

    assert astray == []


def test_the_database_is_asked_in_stores_only():
    astray = [
        f"{path}:{line} {name}"
        for path in python_files(*PRODUCT)
        if not may_hold_sql(path)
        for line, name in calls(path)
        if name.rpartition(".")[2] in ASKING and "." in name
    ]

    assert astray == []


def test_nothing_commits_outside_the_edge():
    astray = [
        f"{path}:{line} {name}"
        for path in python_files(*PRODUCT)
        if not str(path).startswith("app/db/")
        for line, name in calls(path)
        if name.rpartition(".")[2] in ENDING
    ]

    assert astray == []
