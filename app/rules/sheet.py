"""A decision table as a CSV sheet, out and back in without loss. Pure.

table,refund,unique,complete
column,when amount,when tier,then action,note
sort,number >= 0,"word plain, gold",word,
rule,< 5000,-,approve,small sums are not worth a talk
example,4999,gold,approve,
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from app.rules.cell import Sort
from app.rules.column import BadColumn, Column
from app.rules.table import Example, Hit, Row, Table
from orders_core.errors import CoreError

BOM = "\ufeff"
LARGEST_CHARACTERS = 200_000
COMPLETE, PARTIAL = "complete", "partial"
BOUNDED = re.compile(r"number(?P<any> any)?(?: >= (?P<least>\S+))?(?: <= (?P<most>\S+))?")
ALTERNATIVES = " | "  # between the answers of an example of which several rows answer
FORMULA = ("=", "+", "@", "\t", "\r")  # what a spreadsheet would run


class BadSheet(CoreError):
    """A sheet that is no decision table; names the line and the cure."""

    def __init__(self, line: int, says: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {says}")


def write_sheet(table: Table) -> str:
    """Return a table as CSV, lines ending in CR LF."""
    made = io.StringIO()
    lines = csv.writer(made)
    lines.writerow(["table", table.name, table.hit, PARTIAL if table.is_partial else COMPLETE])
    heads = [f"when {c.name}" for c in table.inputs] + [f"then {c.name}" for c in table.outputs]
    lines.writerow(["column", *heads, "note"])
    lines.writerow(["sort", *(_sort(column) for column in (*table.inputs, *table.outputs)), ""])
    for row in table.rows:
        lines.writerow(["rule", *row.when, *row.then, _harmless(row.note)])
    for example in table.examples:
        lines.writerow(["example", *_example(table, example), ""])
    return made.getvalue()


def read_sheet(text: str) -> Table:
    """Read a table from CSV; whether it is sound is for `check` to say.

    Raises:
        BadSheet: With the line and what should stand there.
    """
    if len(text) > LARGEST_CHARACTERS:
        raise BadSheet(1, f"a sheet has at most {LARGEST_CHARACTERS:,} characters")
    lines = [line for line in csv.reader(io.StringIO(text.removeprefix(BOM))) if any(line)]
    if [line[0].strip() for line in lines[:3]] != ["table", "column", "sort"]:
        raise BadSheet(1, "the first three lines begin with table, column and sort")
    name, hit, is_partial = _head(lines[0])
    inputs, outputs = _columns(lines[1], lines[2])
    rows, examples = [], []
    for number, line in enumerate(lines[3:], 4):
        kind, *cells = (cell.strip() for cell in line)
        cells += [""] * (len(inputs) + len(outputs) + 1 - len(cells))
        if kind == "rule":
            rows.append(_row(cells, len(inputs), len(outputs)))
        elif kind == "example":
            examples.append(_read_example(cells, inputs, outputs))
        else:
            raise BadSheet(number, f"begins with {kind[:20]!r}; write rule or example")
    return Table(
        name=name,
        hit=hit,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        rows=tuple(rows),
        examples=tuple(examples),
        is_partial=is_partial,
    )


def _head(line: Sequence[str]) -> tuple[str, Hit, bool]:
    _, name, hit, whole, *_ = (*(cell.strip() for cell in line), "", "", "")
    if hit not in set(Hit) or whole not in {COMPLETE, PARTIAL}:
        says = "write table, its name, first or unique or collect, complete or partial"
        raise BadSheet(1, says)
    return name, Hit(hit), whole == PARTIAL


def _columns(heads: Sequence[str], sorts: Sequence[str]) -> tuple[list[Column], list[Column]]:
    found: dict[str, list[Column]] = {"when": [], "then": []}
    for head, sort in zip(heads[1:], [*sorts[1:], *[""] * len(heads)], strict=False):
        role, _, name = head.strip().partition(" ")
        if role in found:
            found[role].append(_column(name.strip(), sort.strip()))
        elif head.strip() not in {"note", ""}:
            raise BadSheet(2, f"{head[:40]!r}: a column begins with when or then, or is the note")
    return found["when"], found["then"]


def _column(name: str, sort: str) -> Column:
    try:
        if sort == Sort.FLAG:
            return Column(name=name, sort=Sort.FLAG)
        if sort == Sort.WORD or sort.startswith("word "):
            listed = sort.removeprefix("word").strip()
            words = tuple(word.strip() for word in listed.split(",") if word.strip())
            return Column(name=name, sort=Sort.WORD, words=words)
        if bounded := BOUNDED.fullmatch(sort):
            return Column(
                name=name,
                sort=Sort.NUMBER,
                least=_bound(bounded["least"]),
                most=_bound(bounded["most"]),
                is_whole=not bounded["any"],
            )
    except (BadColumn, InvalidOperation) as fault:
        raise BadSheet(3, str(fault)) from None
    raise BadSheet(3, f"{name}: write flag, word a, b, or number >= 0 <= 100 (number any: parts)")


def _bound(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _sort(column: Column) -> str:
    match column.sort:
        case Sort.WORD:
            return f"word {', '.join(column.words)}".strip()
        case Sort.FLAG:
            return "flag"
    ends = ("" if column.is_whole else " any") + (
        f" >= {column.least}" if column.least is not None else ""
    )
    return f"number{ends}" + (f" <= {column.most}" if column.most is not None else "")


def _row(cells: Sequence[str], inputs: int, outputs: int) -> Row:
    end = inputs + outputs
    return Row(tuple(cells[:inputs]), tuple(cells[inputs:end]), cells[end].lstrip("'"))


def _read_example(
    cells: Sequence[str], inputs: Sequence[Column], outputs: Sequence[Column]
) -> Example:
    given = {column.name: cell for column, cell in zip(inputs, cells, strict=False)}
    told = [cell.split(ALTERNATIVES.strip()) for cell in cells[len(inputs) :][: len(outputs)]]
    answers = [
        {column.name: value.strip() for column, value in zip(outputs, values, strict=True)}
        for values in zip(*told, strict=False)
    ]
    return Example(given, [answer for answer in answers if any(answer.values())])


def _example(table: Table, example: Example) -> Iterable[str]:
    yield from (example.given.get(column.name, "") for column in table.inputs)
    for column in table.outputs:
        yield ALTERNATIVES.join(_told(example.expected, column.name))


def _told(answers: Sequence[Mapping[str, str]], name: str) -> Sequence[str]:
    return [answer.get(name, "") for answer in answers]


def _harmless(note: str) -> str:
    """Keep a spreadsheet from running a note."""
    return f"'{note}" if note.startswith(FORMULA) else note
