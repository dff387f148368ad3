"""All books on one page: what the core promises, then what the product adds."""

from collections.abc import Sequence
from pathlib import Path

from orders_core.books import check as core
from orders_core.books.check import Finding
from orders_core.tx import Tx

QUERIES = Path(__file__).with_name("invariants.sql")


def check(tx: Tx) -> Sequence[Finding]:
    """Count the breaches of every invariant there is.

    Each is one statement and so sees one moment: work that goes on meanwhile is no breach.
    """
    return [*core.check(tx), *core.check(tx, core.read_invariants(QUERIES))]


def names() -> Sequence[str]:
    """Return the name of every invariant, in the order they are checked."""
    both = (core.QUERIES, QUERIES)
    return [invariant.name for path in both for invariant in core.read_invariants(path)]
