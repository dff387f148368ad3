"""All books on one page: what the core promises, then what the product adds."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from orders_core.books import check as core
from orders_core.books import run as runs
from orders_core.books.promise import Finding, Invariant, read_invariants
from orders_core.books.run import Run
from orders_core.books.run_store import Kept
from orders_core.books.touched import KINDS, Kind
from orders_core.tx import Tx

QUERIES = Path(__file__).with_name("invariants.sql")
REST_SECONDS = 30.0  # of machine time between two steps, however fast the shop's clock runs

#: An event is handled and a message sent a while after they were written: steps look back further.
LATER = "- interval '15 minutes'"
OURS = (
    Kind(
        about="news",
        query=f"SELECT id FROM history WHERE id >= uuid7_floor(%(since)s {LATER})",  # noqa: S608 - our own words
        table="history",
    ),
    Kind(
        about="verdict",
        query="SELECT id FROM verdict WHERE id >= uuid7_floor(%(since)s)",
        table="verdict",
    ),
    Kind(
        about="message",
        query=f"SELECT id FROM message WHERE id >= uuid7_floor(%(since)s {LATER})",  # noqa: S608 - our own words
        table="message",
    ),
)


def promises() -> Sequence[Invariant]:
    """Return every promise there is, in the order they are checked."""
    return [*core.promises(), *read_invariants(QUERIES)]


def names() -> Sequence[str]:
    """Return the name of every promise, in the order they are checked."""
    return [promise.name for promise in promises()]


def check(tx: Tx, *, now: datetime | None = None) -> Sequence[Finding]:
    """Ask every promise of all rows, and keep nothing.

    Each is one statement and so sees one moment: work that goes on meanwhile is no breach.
    """
    return core.check(tx, promises(), now=now)


def run_whole(tx: Tx, *, now: datetime) -> Run:
    """Ask every promise of all rows and keep what was found."""
    return runs.run_whole(tx, promises(), now=now)


def run_step(tx: Tx, *, now: datetime) -> Run:
    """Ask every promise of what changed since the last run and keep what was found."""
    return runs.run_step(tx, promises(), (*KINDS, *OURS), now=now)


def latest(tx: Tx) -> Kept | None:
    """Return what the last run found; None where there was none yet."""
    return runs.latest(tx)


def step_by_step(tx: Tx, due_at: datetime) -> str:
    """Take the next step, as the scheduler asks every minute of business time."""
    last = latest(tx)
    if last and last.age_seconds < REST_SECONDS:
        return "checked a moment ago"
    return _note(run_step(tx, now=due_at))


def at_night(tx: Tx, due_at: datetime) -> str:
    """Check everything, as the scheduler asks once a day."""
    return _note(run_whole(tx, now=due_at))


def _note(run: Run) -> str:
    broken = [found.invariant.name for found in run.findings if not found.holds]
    return f"{run.kind}: {', '.join(broken) or 'balanced'}, {run.seconds} s"
