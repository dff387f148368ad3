"""Columns that hold one of a few words of ours, asked for so that their indexes serve."""

from typing import Any

from sqlalchemy import Text, bindparam
from sqlalchemy.sql.operators import OperatorType


class Word(Text):
    """Text whose words stand in the statement itself wherever the column is compared with them.

    An index `WHERE state = 'queued'` serves a plan made once for all values only if the word is
    part of the statement; bound beside it, every such question reads the whole table.
    """

    class Comparator(Text.Comparator[str]):
        """Compares with words as literals, with everything else as ever."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
            """Write one word, or each of several, into the statement."""
            return super().operate(op, *map(_in_the_statement, other), **kwargs)

    comparator_factory = Comparator


def _in_the_statement(other: Any) -> Any:
    if isinstance(other, str):
        return bindparam(None, other, Text(), literal_execute=True)
    if isinstance(other, (tuple, list, set, frozenset)):
        return bindparam(None, sorted(other), Text(), expanding=True, literal_execute=True)
    return other
