"""The tables the product comes with: one sheet for each, which rules until a person saves another.

A sheet lies in `sheets/<name>.csv`, in the form that `sheet` reads; who wrote it is `orderbell`.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from app.rules.store import Saved

FOLDER = Path(__file__).parent / "sheets"
AUTHOR = "orderbell"
WHY = "the table the product comes with"
MADE = datetime(2026, 11, 23, tzinfo=UTC)
NAME = re.compile(r"[a-z][a-z0-9_]*")


@cache
def names() -> Sequence[str]:
    """Return the names of the tables the product comes with, in their order."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


@cache
def sheet_of(name: str) -> str | None:
    """Return the sheet a table comes with; None if the product brings no such table."""
    if not NAME.fullmatch(name) or name not in names():
        return None
    return (FOLDER / f"{name}.csv").read_text(encoding="utf-8")


def saved_of(name: str) -> Saved | None:
    """Return the table the product comes with as a version 0, which nobody saved."""
    sheet = sheet_of(name)
    if sheet is None:
        return None
    return Saved(name=name, version=0, sheet=sheet, saved_by=AUTHOR, why=WHY, saved_at=MADE)
