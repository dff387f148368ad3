"""The tests that stand beside a table: whoever changes a row hears what it changes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.rules.axis import Value
from app.rules.engine import Judge
from app.rules.table import Example
from app.rules.value import read_value


@dataclass(frozen=True, slots=True)
class Failed:
    """An example (counted from 1) that the table answers otherwise."""

    number: int
    expected: Sequence[Mapping[str, Value]]
    found: Sequence[Mapping[str, Value]]


def failed_examples(judge: Judge) -> list[Failed]:
    """Ask the table each of its examples; return those it answers otherwise than expected."""
    tried = [(number, *_try(judge, one)) for number, one in enumerate(judge.table.examples, 1)]
    return [
        Failed(number, expected, found)
        for number, expected, found in tried
        if list(expected) != list(found)
    ]


def _try(
    judge: Judge, one: Example
) -> tuple[Sequence[Mapping[str, Value]], Sequence[Mapping[str, Value]]]:
    inputs = {column.name: column for column in judge.table.inputs}
    outputs = {column.name: column for column in judge.table.outputs}
    given = {name: read_value(text, inputs[name]) for name, text in one.given.items()}
    expected = [
        {name: read_value(text, outputs[name]) for name, text in answer.items()}
        for answer in one.expected
    ]
    return expected, judge.ask(given).answers
