"""The books: every promise about the data as one query that counts what breaks it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orders_core.tx import Tx

QUERIES = Path(__file__).with_name("invariants.sql")


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise: its name, the sentence that states it, and the query that counts its breaches."""

    name: str
    says: str
    query: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How often a promise is broken; 0 is in balance."""

    invariant: Invariant
    broken: int

    @property
    def holds(self) -> bool:
        """Whether nothing breaks the promise."""
        return self.broken == 0


def read_invariants(path: Path) -> Sequence[Invariant]:
    """Read a file of queries, each headed by `-- name: sentence`."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n-- ")[1:]:
        head, _, query = block.partition("\n")
        name, _, says = head.partition(": ")
        found.append(Invariant(name, says, query.strip().rstrip(";")))
    return found


def check(tx: Tx, invariants: Sequence[Invariant] | None = None) -> Sequence[Finding]:
    """Count the breaches of every invariant, or of those given."""
    asked = read_invariants(QUERIES) if invariants is None else invariants
    return [
        Finding(invariant, int(tx.exec_driver_sql(invariant.query).scalar_one()))
        for invariant in asked
    ]


def balanced(findings: Sequence[Finding]) -> Mapping[str, bool]:
    """Say of each invariant by name whether it holds."""
    return {finding.invariant.name: finding.holds for finding in findings}
