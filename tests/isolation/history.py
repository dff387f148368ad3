"""A recorded history: what each transaction appended to lists and what it read of them.

Every value is appended once, so a list that was read says who wrote before it and who has not yet.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Key = Hashable
Value = Hashable


@dataclass(frozen=True, slots=True)
class Append:
    """A value was put at the end of a list."""

    key: Key
    value: Value


@dataclass(frozen=True, slots=True)
class Read:
    """A list was read, whole and in order."""

    key: Key
    values: tuple[Value, ...]


class Fate(StrEnum):
    """How a transaction ended, as far as its client knows."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    UNKNOWN = "unknown"  #: the connection broke while it was being committed


@dataclass(frozen=True, kw_only=True)
class Txn:
    """A transaction; `began` and `ended` are instants of one clock, as its client saw them."""

    id: int
    does: tuple[Append | Read, ...]
    fate: Fate = Fate.COMMITTED
    began: float = 0.0
    ended: float = float("inf")

    def appends(self) -> Iterator[Append]:
        """Yield what it appended, in order."""
        return (one for one in self.does if isinstance(one, Append))

    def outside_reads(self) -> Iterator[Read]:
        """Yield what it read of others: of each list only what it had not yet written itself."""
        own: set[Key] = set()
        for one in self.does:
            if isinstance(one, Append):
                own.add(one.key)
            elif one.key not in own:
                yield one


class History:
    """Transactions with the indexes that a checker asks."""

    def __init__(self, txns: Sequence[Txn]) -> None:
        self.txns: Mapping[int, Txn] = {txn.id: txn for txn in txns}
        self.writer: dict[tuple[Key, Value], int] = {}
        self.last_of: dict[tuple[int, Key], Value] = {}
        for txn in txns:
            for one in txn.appends():
                self.writer[one.key, one.value] = txn.id
                self.last_of[txn.id, one.key] = one.value
        self.seen = frozenset((r.key, v) for _, r in self.reads() for v in r.values)

    def reads(self) -> Iterator[tuple[Txn, Read]]:
        """Yield every read of a committed transaction."""
        for txn in self.txns.values():
            if txn.fate is Fate.COMMITTED:
                for one in txn.does:
                    if isinstance(one, Read):
                        yield txn, one

    def counts(self, txn: Txn) -> bool:
        """Say whether a transaction took effect: committed, or somebody saw what it wrote."""
        if txn.fate is Fate.UNKNOWN:
            return any((one.key, one.value) in self.seen for one in txn.appends())
        return txn.fate is Fate.COMMITTED

    def longest(self) -> Mapping[Key, tuple[Value, ...]]:
        """Return the longest list that anybody read under each key: the order of its versions."""
        found: dict[Key, tuple[Value, ...]] = {}
        for _, read in self.reads():
            if len(read.values) > len(found.get(read.key, ())):
                found[read.key] = read.values
        return found
