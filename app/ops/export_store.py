"""What the rooms hold of one person, row by row, for the person to take away."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from app.campaigns.tables import campaign_time
from app.desk.tables import case_entry, support_case
from app.hub.tables import verdict
from app.inbox.tables import inbox_item
from app.people.tables import habit, tired
from orders_core.ids import PersonId
from orders_core.orders.tables import orders
from orders_core.tx import Tx

INBOX = ("id", "order_id", "notice", "title", "body", "arrived_at", "read_at", "archived_at")
CASES = ("id", "number", "order_id", "state", "question", "opened_at", "resolved_at")
ORDERS = ("id", "number", "source", "reference", "status", "placed_at")
HOURS = ("campaign_id", "hour", "best", "told_at")
VERDICTS = (
    "id",
    "notice",
    "order_id",
    "answer",
    "because",
    "decided_by",
    "until",
    "decided_at",
    "trace",
)


def inbox_of(tx: Tx, person_id: PersonId) -> Sequence[dict[str, Any]]:
    """Return every line of a person's inbox, the oldest first."""
    wanted = select(*(inbox_item.c[name] for name in INBOX))
    return _rows(tx, wanted.where(inbox_item.c.person_id == person_id).order_by(inbox_item.c.id))


def verdicts_of(tx: Tx, person_id: PersonId) -> Sequence[dict[str, Any]]:
    """Return everything that was decided about a person, with every rule asked, oldest first."""
    wanted = select(*(verdict.c[name] for name in VERDICTS))
    return _rows(tx, wanted.where(verdict.c.person_id == person_id).order_by(verdict.c.id))


def cases_of(tx: Tx, person_id: PersonId) -> Sequence[dict[str, Any]]:
    """Return what a person asked, the oldest case first."""
    wanted = select(*(support_case.c[name] for name in CASES))
    theirs = support_case.c.person_id == person_id
    return _rows(tx, wanted.where(theirs).order_by(support_case.c.id))


def entries_of(tx: Tx, person_id: PersonId) -> Sequence[dict[str, Any]]:
    """Return what was written in a person's cases, in order."""
    wanted = select(case_entry.c.case_id, case_entry.c.author, case_entry.c.text, case_entry.c.at)
    joined = wanted.join(support_case, support_case.c.id == case_entry.c.case_id)
    theirs = support_case.c.person_id == person_id
    return _rows(tx, joined.where(theirs).order_by(case_entry.c.id))


def orders_of(tx: Tx, person_id: PersonId) -> Sequence[dict[str, Any]]:
    """Return which orders are a person's, the oldest first."""
    wanted = select(*(orders.c[name] for name in ORDERS))
    return _rows(tx, wanted.where(orders.c.person_id == person_id).order_by(orders.c.id))


def risk_of(tx: Tx, person_id: PersonId) -> dict[str, Any] | None:
    """Return how likely a person refuses offers, in percent, and why most; None if not known."""
    wanted = select(tired.c.percent, tired.c.because, tired.c.at)
    return next(iter(_rows(tx, wanted.where(tired.c.person_id == person_id))), None)


def habits_of(tx: Tx, person_id: PersonId) -> Sequence[dict[str, Any]]:
    """Return how much of what rang where a person opened, and the share that is read from it."""
    row = tx.execute(select(habit.c.seen, habit.c.at).where(habit.c.person_id == person_id))
    return [
        {"about": about, "channel": channel, "told": told, "seen": seen}
        | {"mean_thousandths": mean, "deviation_thousandths": deviation, "at": kept.at}
        for kept in row
        for about, channels in sorted(kept.seen.items())
        for channel, (told, seen, mean, deviation) in sorted(channels.items())
    ]


def hours_of(tx: Tx, person_id: PersonId) -> Sequence[dict[str, Any]]:
    """Return which hour of a day was chosen for a person by which campaign, the oldest first."""
    wanted = select(*(campaign_time.c[name] for name in HOURS))
    theirs = campaign_time.c.person_id == person_id
    return _rows(tx, wanted.where(theirs).order_by(campaign_time.c.told_at))


def _rows(tx: Tx, wanted: Select[Any]) -> Sequence[dict[str, Any]]:
    return [dict(row._mapping) for row in tx.execute(wanted)]
