"""The one value that an input or an answer is, out of what somebody wrote. Pure."""

from decimal import Decimal

from app.rules.axis import Value
from app.rules.cell import BadCell, Cell, Flag, Spans, Words, read_cell
from app.rules.column import Column


def value_of(cell: Cell) -> Value | None:
    """Return the one value that an answer's cell holds; None if it holds none or several."""
    match cell:
        case Flag(is_set):
            return is_set
        case Words(words, False) if len(words) == 1:
            return next(iter(words))
        case Spans((span,)) if span.low is not None and span.low == span.high:
            return span.low
    return None


def read_value(text: str, column: Column) -> Value:
    """Read an input or answer of a column.

    Raises:
        BadCell: If it is not one value of the column's sort.
    """
    value = value_of(read_cell(text, column.sort))
    if value is None:
        raise BadCell(text, f"{column.name} is one {column.sort}")
    return value


def as_number(value: Decimal | int | float) -> Decimal:
    """Return a number exactly as it is written."""
    return Decimal(str(value))
