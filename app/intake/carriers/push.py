"""Take what a carrier pushed: relabellings, then scans, each as often as it likes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from app.db.transaction import attempt
from app.intake.carriers.contract import Push, Relabelled
from app.intake.envelope import FUTURE
from app.intake.ring import Notify
from orders_core.errors import NotFound
from orders_core.events import Change, Ring
from orders_core.parcels.attach import ParcelTaken
from orders_core.parcels.relabel import LabelInUse, relabel
from orders_core.parcels.scan import Scan, ScanOutcome, record
from orders_core.tx import Tx

MOST_SCANS = 500  # in one transaction
RECENT = timedelta(hours=48)  # what was scanned before rings nobody

log = structlog.get_logger()


@dataclass(frozen=True)
class Taken:
    """What became of a push: scans that were news, known before, or refused for their time."""

    accepted: int = 0
    duplicate: int = 0
    ahead: int = 0


def take(engine: Engine, push: Push, *, by: str, now: datetime) -> Taken:
    """Keep a push, in transactions of at most 500 scans; half of one kept is kept for good.

    Whatever is said twice changes nothing, so the carrier may send the whole again. A scan that
    lies more than a day ahead of the shop's clock is left out.
    """
    for one in push.relabelled:
        _relabel(engine, one, by=by, now=now)
    _note(push, by)
    sane = [scan for scan in push.scans if scan.checkpoint.at <= now + FUTURE]
    outcomes: list[ScanOutcome] = []
    for some in _cut(sane):
        outcomes += _record(engine, some, by=by, now=now)
    accepted = outcomes.count(ScanOutcome.ACCEPTED)
    return Taken(accepted, len(outcomes) - accepted, len(push.scans) - len(sane))


def _record(
    engine: Engine, scans: Sequence[Scan], *, by: str, now: datetime
) -> Sequence[ScanOutcome]:
    ring = Notify(now - RECENT).ring(Ring.NOW)
    return attempt(engine, lambda tx: record(tx, scans, by=by, at=now, ring=ring)).outcomes


def _cut(scans: Sequence[Scan]) -> Iterator[Sequence[Scan]]:
    for at in range(0, len(scans), MOST_SCANS):
        yield scans[at : at + MOST_SCANS]


def _relabel(engine: Engine, one: Relabelled, *, by: str, now: datetime) -> None:
    """Relabel; where that cannot be, the push is taken all the same: asking again helps nobody."""
    change = Change(by=by, why="relabelled", at=now)

    def work(tx: Tx) -> None:
        relabel(tx, one.name, to=one.to, change=change)

    try:
        attempt(engine, work)
    except (NotFound, LabelInUse, ParcelTaken) as refusal:
        log.warning("relabelling_refused", by=by, why=type(refusal).__name__)


def _note(push: Push, by: str) -> None:
    for one in push.subscriptions:
        log.info("carrier_watch", by=by, carrier=one.name[0], watch=one.watch, says=one.says)
