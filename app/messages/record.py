"""Write down what became of messages, all of one call in one transaction, while they are ours."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError

from app.db.transaction import attempt
from app.errors import EngineUnreachable
from app.jobs.crash import crash_point
from app.messages import counters, store, suppression_store, template_store
from app.messages.message import Claimed, Next, State
from app.messages.reply_to import ReplyTo
from app.templating.render import Renderer
from app.templating.sources import Version
from channels.contract import Channel
from orders_core.clock import Clock
from orders_core.tx import Tx

RECORD_PAUSE_SECONDS = 0.5

log = structlog.get_logger()

Result = tuple[Claimed, Next]
Beside = Callable[[Tx, Collection[UUID]], None]


def _always() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What delivering needs. `may_go_on` turns False when the process is told to stop."""

    engine: Engine
    clock: Clock
    channels: Mapping[str, Channel]
    renderer: Renderer
    lease_seconds: float = 60
    worker: str | None = None
    replies: ReplyTo | None = None  # where letters are answered, if the house receives mail
    may_go_on: Callable[[], bool] = _always
    kept: set[bytes] = field(default_factory=set)  # templates that are in the database for sure


def nothing_beside(_tx: Tx, _recorded: Collection[UUID]) -> None:
    """Write nothing beside the results."""


def record(
    desk: Delivery,
    results: Sequence[Result],
    *,
    until: float,
    beside: Beside = nothing_beside,
) -> Collection[UUID]:
    """Write the results down, patiently until the monotonic time `until`; return whose were ours.

    `beside` writes in the same transaction, and is told which messages were still ours.
    """
    recorded = _write_patiently(desk, results, until, beside)
    crash_point("deliver.after_record")
    desk.kept.update(then.version.key for _, then in results if then.version)
    count([(message, then) for message, then in results if message.id in recorded])
    fenced = len(results) - len(recorded)
    if fenced:
        counters.FENCED.inc(fenced)
        log.warning("results_fenced", messages=fenced)
    return recorded


def _write_patiently(
    desk: Delivery, results: Sequence[Result], until: float, beside: Beside
) -> Collection[UUID]:
    """Write the results down; a database that is away is asked again while the lease lasts.

    What a provider answered is worth the wait: forgotten, it would be sent a second time.
    """
    while True:
        try:
            return attempt(desk.engine, lambda tx: _write(tx, desk, results, beside))
        except DataError:  # it will not be taken the next time either
            raise
        except (DBAPIError, EngineUnreachable):
            if time.monotonic() + RECORD_PAUSE_SECONDS >= until:
                raise
            time.sleep(RECORD_PAUSE_SECONDS)


def _write(tx: Tx, desk: Delivery, results: Sequence[Result], beside: Beside) -> Collection[UUID]:
    now = desk.clock.now()
    recorded = store.record(tx, results, now=now)
    template_store.keep(tx, _new_versions(desk, results), now=now)
    dead = [(m.channel, m.address) for m, then in results if then.address_is_dead]
    suppression_store.suppress(tx, dead, reason="address_is_dead", now=now)
    beside(tx, recorded)
    crash_point("deliver.before_commit")
    return recorded


def _new_versions(desk: Delivery, results: Sequence[Result]) -> list[Version]:
    """Return the templates that nobody of this desk has kept yet."""
    used = {then.version for _, then in results if then.version is not None}
    return [version for version in used if version.key not in desk.kept]


def count(results: Sequence[Result]) -> None:
    """Count what was settled, for whoever scrapes it."""
    for message, then in results:
        if then.state is not State.QUEUED:
            counters.SETTLED.labels(message.channel, message.kind, then.state.value).inc()
