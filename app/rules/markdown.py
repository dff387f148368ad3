"""A table as a page of requirements: rows, an example of each, and what is left open. Pure."""

from collections.abc import Iterator, Sequence

from app.rules.axis import Value
from app.rules.check import check
from app.rules.table import Table
from app.words.say import say


def requirements(table: Table, locale: str, *, version: int | None = None) -> str:
    """Return the page in Markdown, in one language."""
    return "\n".join(_page(table, locale, version)) + "\n"


def _page(table: Table, locale: str, version: int | None) -> Iterator[str]:
    inputs, outputs = table.inputs, table.outputs
    yield f"## {table.name}" + (f" · {say(locale, 'rules.version', n=version)}" if version else "")
    yield ""
    yield say(locale, f"rules.hit.{table.hit}")
    yield ""
    heads = ["#", *(c.name for c in inputs), *(f"→ {c.name}" for c in outputs)]
    yield line([*heads, say(locale, "rules.for_example"), say(locale, "rules.note")])
    yield line(["---"] * (len(heads) + 2))
    for at, row in enumerate(table.rows):
        shown = example_line(table, at)
        yield line([str(at + 1), *(cell or "-" for cell in row.when), *row.then, shown, row.note])
    yield ""
    yield from _gaps(table, locale)


def example_line(table: Table, at: int) -> str:
    """Return inputs that a row (counted from 0) answers, in one line."""
    return ", ".join(f"{name} {_shown(value)}" for name, value in table.example_of(at).items())


def _gaps(table: Table, locale: str) -> Iterator[str]:
    holes = check(table).holes
    yield say(locale, "rules.gaps" if holes else "rules.no_gaps")
    for one in holes:
        cells = zip((column.name for column in table.inputs), one.cells, strict=True)
        yield "- " + ", ".join(f"{name} {cell}" for name, cell in cells if cell != "-")


def line(cells: Sequence[str]) -> str:
    """Return a line of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
