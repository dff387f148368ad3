"""Asks a table: the rows are evaluated by ZEN Engine, from the JSON it reads. No database.

The engine knows "first" and "all"; that one row at most answers a UNIQUE table was shown when the
table was checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
import zen

from app.rules.axis import Value
from app.rules.cell import Cell, Flag, Span, Spans, Words
from app.rules.check import demand_sound
from app.rules.table import Hit, Table
from app.rules.value import as_number, read_value
from orders_core.errors import CoreError

START, RULES, END = "start", "rules", "end"
HITS = {Hit.FIRST: "first", Hit.UNIQUE: "first", Hit.COLLECT: "collect"}


class MissingInput(CoreError):
    """The table asks for something that was not given, or was given what it cannot hold."""

    def __init__(self, table: str, column: str, says: str) -> None:
        self.table, self.column = table, column
        super().__init__(f"table {table} asks for {column}: {says}")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a table answered: the rows that fit (from 1) and what each of them says."""

    rows: tuple[int, ...]
    answers: tuple[Mapping[str, Value], ...]

    @property
    def answer(self) -> Mapping[str, Value] | None:
        """The one answer of a table of which one row answers; None if none fits."""
        return self.answers[0] if self.answers else None


class Judge:
    """A sound table, made ready to be asked many times."""

    def __init__(self, table: Table) -> None:
        self.table = demand_sound(table)
        self._answers = answers(table)
        content = orjson.dumps(jdm(table)).decode()
        self._decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(content))

    def ask(self, given: Mapping[str, Any]) -> Ruling:
        """Answer what the table says of these inputs; more may be given than it asks for.

        Raises:
            MissingInput: If an input is missing or is nothing the column can hold.
        """
        asked = {
            column.name: _input(self.table, column.name, given) for column in self.table.inputs
        }
        found = self._decision.evaluate(
            {name: plain(value) for name, value in asked.items()}, {"trace": True}
        )
        hits = found["trace"][RULES]["traceData"] or []
        rows = [hit["index"] for hit in (hits if isinstance(hits, list) else [hits])]
        return Ruling(tuple(at + 1 for at in rows), tuple(self._answers[at] for at in rows))


def answers(table: Table) -> tuple[Mapping[str, Value], ...]:
    """Return what each row of a sound table says."""
    return tuple(
        {
            column.name: read_value(text, column)
            for text, column in zip(row.then, table.outputs, strict=True)
        }
        for row in table.rows
    )


def jdm(table: Table) -> Mapping[str, Any]:
    """Return a table in the engine's JSON: an entry, the table, an exit."""
    columns = [*table.inputs, *table.outputs]
    fields = [{"id": c.name, "name": c.name, "field": c.name} for c in columns]
    rules = [
        {"_id": str(number)}
        | {c.name: _written(cell) for c, cell in zip(table.inputs, cells, strict=True)}
        | {c.name: _literal(told[c.name]) for c in table.outputs}
        for number, (cells, told) in enumerate(zip(table.cells, answers(table), strict=True), 1)
    ]
    content = {
        "hitPolicy": HITS[table.hit],
        "inputs": fields[: len(table.inputs)],
        "outputs": fields[len(table.inputs) :],
        "rules": rules,
    }
    return {
        "nodes": [
            _node(START, "inputNode", {}),
            _node(RULES, "decisionTableNode", content),
            _node(END, "outputNode", {}),
        ],
        "edges": [_edge(START, RULES), _edge(RULES, END)],
    }


def _node(name: str, kind: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    place = {"x": 0, "y": 0}
    return {"id": name, "type": kind, "name": name, "position": place, "content": content}


def _edge(source: str, target: str) -> Mapping[str, str]:
    return {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}


def _written(cell: Cell) -> str:
    """Write a cell as the engine's expression."""
    match cell:
        case Spans(spans):
            return ", ".join(_range(span) for span in spans)
        case Flag(is_set):
            return "true" if is_set else "false"
        case Words(words, are_excluded):
            listed = ", ".join(f'"{word}"' for word in sorted(words))
            return f"not ($ in [{listed}])" if are_excluded else listed
    return ""


def _range(span: Span) -> str:
    if span.low is None:
        return f"{'<' if span.high_open else '<='} {span.high:f}"
    if span.high is None:
        return f"{'>' if span.low_open else '>='} {span.low:f}"
    if span.low == span.high:
        return f"{span.low:f}"
    opens, closes = "(" if span.low_open else "[", ")" if span.high_open else "]"
    return f"{opens}{span.low:f}..{span.high:f}{closes}"


def _literal(value: Value) -> str:
    return orjson.dumps(plain(value)).decode()


def plain(value: Value) -> int | float | str | bool:
    """Return a value as JSON writes it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _input(table: Table, name: str, given: Mapping[str, Any]) -> Value:
    column = next(column for column in table.inputs if column.name == name)
    found: object = given.get(name)
    if isinstance(found, int | float | Decimal) and not isinstance(found, bool):
        found = as_number(found)
    says = column.refuses(found)
    if says or not isinstance(found, Decimal | str | bool):
        raise MissingInput(table.name, name, says)
    return found
