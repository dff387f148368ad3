"""What was wrong with a history, after Elle (Kingsbury and Alvaro, 2020), for lists.

The longest list that was read is the order of a key's versions; from it follow the dependencies,
and a circle of dependencies is an anomaly whose name says which kinds it needs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.isolation.cycles import components, way
from tests.isolation.edges import Edge, Graph, Kind, edges_of, graph, times_of
from tests.isolation.history import Append, Fate, History, Key, Read, Txn, Value


class Anomaly(StrEnum):
    """What a history may show, after Adya's names."""

    G0 = "G0"  #: a circle of writes
    G1A = "G1a"  #: read what was never committed
    G1B = "G1b"  #: read a state in the middle of somebody's transaction
    G1C = "G1c"  #: a circle of writes and reads
    G_SINGLE = "G-single"  #: a circle with one missed write: read skew
    G2 = "G2"  #: a circle with two missed writes or more: write skew
    LOST_UPDATE = "lost update"  #: two read the same list and both appended to it
    DUPLICATE = "duplicate"  #: a value stands in a list twice
    DISORDER = "disorder"  #: two lists of one key of which neither begins the other
    INTERNAL = "internal"  #: a transaction does not see what it appended itself
    STRANGER = "stranger"  #: a value that nobody wrote


@dataclass(frozen=True)
class Finding:
    """An anomaly, who took part in it, and how."""

    anomaly: Anomaly
    txns: tuple[int, ...]
    how: str


WW = frozenset({Kind.WW, Kind.TIME})
WR = WW | {Kind.WR}
RW = WR | {Kind.RW}
MOST = 10


def check(txns: Sequence[Txn], *, in_real_time: bool = False) -> list[Finding]:
    """Return what is wrong with a history; with real time, also that nobody may see the past."""
    history = History(txns)
    edges = edges_of(history)
    if in_real_time:
        edges |= times_of(history)
    return [
        *_wrong_reads(history),
        *_disorder(history),
        *_internal(history),
        *_lost_updates(history),
        *_circles(edges),
    ]


def anomalies(findings: Sequence[Finding]) -> set[Anomaly]:
    """Name what was found, each once."""
    return {finding.anomaly for finding in findings}


def _wrong_reads(history: History) -> Iterator[Finding]:
    for txn, read in history.reads():
        if len(set(read.values)) < len(read.values):
            yield Finding(Anomaly.DUPLICATE, (txn.id,), f"{read.key} reads {read.values}")
        for value in read.values:
            writer = history.writer.get((read.key, value))
            if writer is None:
                yield Finding(Anomaly.STRANGER, (txn.id,), f"{read.key} holds {value!r}")
            elif history.txns[writer].fate is Fate.ABORTED:
                yield Finding(Anomaly.G1A, (writer, txn.id), f"{read.key} holds {value!r}")
        yield from _in_the_middle(history, txn, read)


def _in_the_middle(history: History, txn: Txn, read: Read) -> Iterator[Finding]:
    last = read.values[-1] if read.values else None
    writer = history.writer.get((read.key, last), txn.id)
    if writer != txn.id and history.last_of[writer, read.key] != last:
        yield Finding(Anomaly.G1B, (writer, txn.id), f"{read.key} ends with {last!r}")


def _disorder(history: History) -> Iterator[Finding]:
    longest = history.longest()
    for txn, read in history.reads():
        order = longest.get(read.key, ())
        if read.values != order[: len(read.values)]:
            yield Finding(Anomaly.DISORDER, (txn.id,), f"{read.key}: {read.values} and {order}")


def _internal(history: History) -> Iterator[Finding]:
    """Find reads that do not end with what the same transaction appended before."""
    for txn in history.txns.values():
        own: dict[Key, tuple[Value, ...]] = {}
        for one in txn.does:
            before = own.get(one.key, ())
            if isinstance(one, Append):
                own[one.key] = (*before, one.value)
            elif one.values[len(one.values) - len(before) :] != before:
                yield Finding(Anomaly.INTERNAL, (txn.id,), f"{one.key}: {one.values}")


def _lost_updates(history: History) -> Iterator[Finding]:
    wrote_behind: dict[tuple[Key, tuple[Value, ...]], list[int]] = {}
    for txn in history.txns.values():
        if history.counts(txn):
            wrote = {one.key for one in txn.appends()}
            for version in {(r.key, r.values) for r in txn.outside_reads() if r.key in wrote}:
                wrote_behind.setdefault(version, []).append(txn.id)
    for (key, values), ids in wrote_behind.items():
        if len(ids) > 1:
            yield Finding(Anomaly.LOST_UPDATE, tuple(ids), f"all read {key} as {values}")


def _circles(edges: frozenset[Edge]) -> Iterator[Finding]:
    """Name circles by the weakest edges they cannot do without, at most `MOST` of each name."""
    writes, reads, all_kinds = (graph(edges, kinds) for kinds in (WW, WR, RW))
    yield from _through(edges, Kind.WW, Anomaly.G0, back=writes, without=None)
    yield from _through(edges, Kind.WR, Anomaly.G1C, back=reads, without=None)
    yield from _through(edges, Kind.RW, Anomaly.G_SINGLE, back=reads, without=None)
    yield from _through(edges, Kind.RW, Anomaly.G2, back=all_kinds, without=reads)


def _through(
    edges: frozenset[Edge], kind: Kind, anomaly: Anomaly, *, back: Graph, without: Graph | None
) -> Iterator[Finding]:
    """Find circles that start with an edge of a kind and go back along a graph.

    `without` is a graph that must not lead back: such a circle has another name.
    """
    through = {edge for edge in edges if edge.kind is kind}
    home = _homes(back, through)
    inside = sorted(
        (e for e in through if e.before in home and home[e.before] == home.get(e.after)),
        key=lambda edge: (edge.before, edge.after),
    )
    found = 0
    for edge in inside:
        if found == MOST:
            return
        if without is not None and way(without, edge.after, edge.before):
            continue
        if path := way(back, edge.after, edge.before):
            found += 1
            names = " -> ".join(f"T{txn_id}" for txn_id in path)
            how = f"T{edge.before} -{edge.kind}[{edge.key}]-> {names}"
            yield Finding(anomaly, tuple(path), how)


def _homes(back: Graph, through: Collection[Edge]) -> Mapping[int, int]:
    """Say in which circle each transaction lies, the edges to start with included."""
    whole = {txn_id: set(after) for txn_id, after in back.items()}
    for edge in through:
        whole.setdefault(edge.before, set()).add(edge.after)
    joined = {txn_id: frozenset(after) for txn_id, after in whole.items()}
    return {txn_id: number for number, one in enumerate(components(joined)) for txn_id in one}
