"""Who must come before whom: the dependencies that a history proves."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from tests.isolation.history import History, Key, Txn, Value


class Kind(StrEnum):
    """Why one transaction must come before another."""

    WW = "ww"  #: the other appended right behind it
    WR = "wr"  #: the other read what it appended
    RW = "rw"  #: it did not see what the other appended
    TIME = "time"  #: it had ended when the other began


@dataclass(frozen=True, slots=True)
class Edge:
    """One dependency."""

    before: int
    after: int
    kind: Kind
    key: Key = None


Graph = Mapping[int, frozenset[int]]


def edges_of(history: History) -> frozenset[Edge]:
    """Return what the lists prove: ww, wr and rw."""
    longest = history.longest()
    unseen = _unseen(history)
    found: set[Edge] = set()
    for key, values in longest.items():
        found.update(_writes(history, key, values, unseen[key]))
    for txn in history.txns.values():
        if history.counts(txn):
            found.update(_of_reads(history, txn, longest, unseen))
    return frozenset(edge for edge in found if edge.before != edge.after)


def _unseen(history: History) -> Mapping[Key, list[int]]:
    """Say who appended under each key what nobody saw: it stands behind all that was seen."""
    found: dict[Key, list[int]] = defaultdict(list)
    for txn in history.txns.values():
        if history.counts(txn):
            for one in txn.appends():
                if (one.key, one.value) not in history.seen:
                    found[one.key].append(txn.id)
    return found


def _writes(
    history: History, key: Key, values: tuple[Value, ...], unseen: list[int]
) -> Iterator[Edge]:
    writers = [history.writer[key, value] for value in values if (key, value) in history.writer]
    for before, after in pairwise(writers):
        yield Edge(before, after, Kind.WW, key)
    if writers:
        yield from (Edge(writers[-1], after, Kind.WW, key) for after in unseen)


def _of_reads(
    history: History,
    txn: Txn,
    longest: Mapping[Key, tuple[Value, ...]],
    unseen: Mapping[Key, list[int]],
) -> Iterator[Edge]:
    for read in txn.outside_reads():
        if read.values and (writer := history.writer.get((read.key, read.values[-1]))) is not None:
            yield Edge(writer, txn.id, Kind.WR, read.key)
        order = longest.get(read.key, ())
        if read.values != order[: len(read.values)]:
            continue  # no version of this order: told as such elsewhere
        behind = [history.writer.get((read.key, value)) for value in order[len(read.values) :]][:1]
        for missed in behind or unseen[read.key]:
            if missed is not None:
                yield Edge(txn.id, missed, Kind.RW, read.key)


def times_of(history: History) -> frozenset[Edge]:
    """Return who had ended when another began; only the latest of those that ended are named."""
    instants = sorted(
        (at, is_begin, txn.id)
        for txn in history.txns.values()
        if history.counts(txn)
        for at, is_begin in ((txn.began, True), (txn.ended, False))
    )
    before: dict[int, frozenset[int]] = {}
    latest: frozenset[int] = frozenset()
    found: set[Edge] = set()
    for _, is_begin, txn_id in instants:
        if is_begin:
            before[txn_id] = latest
            found.update(Edge(ended, txn_id, Kind.TIME) for ended in latest)
        else:
            latest = (latest - before[txn_id]) | {txn_id}
    return frozenset(found)


def graph(edges: frozenset[Edge], kinds: frozenset[Kind]) -> Graph:
    """Return who leads to whom by edges of some kinds."""
    found: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        if edge.kind in kinds:
            found[edge.before].add(edge.after)
    return {txn_id: frozenset(after) for txn_id, after in found.items()}
