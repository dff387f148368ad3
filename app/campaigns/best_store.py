"""When people opened what they were told, which hour was chosen for them, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from app.campaigns.list_store import HEARD
from app.campaigns.tables import campaign_time, campaign_verdict
from app.inbox.tables import inbox_item
from app.messages.tables import message
from app.people.tables import person
from ml.chance.measured import Told
from ml.chance.slice import Chosen
from orders_core.ids import PersonId
from orders_core.tx import Tx

LOOKED_BACK = timedelta(days=180)
NEWEST = 5_000  # opens that everybody's week is learnt from
OPENED_WITHIN = timedelta(hours=48)

Opens = Mapping[PersonId, list[datetime]]


def opens_of(tx: Tx, people: Collection[UUID], *, before: datetime) -> Opens:
    """Return when each of these people opened something in the half year before a moment."""
    rows = tx.execute(
        select(inbox_item.c.person_id, inbox_item.c.read_at).where(
            inbox_item.c.person_id.in_(people),
            inbox_item.c.read_at >= before - LOOKED_BACK,
            inbox_item.c.read_at < before,
        )
    )
    found: dict[PersonId, list[datetime]] = {}
    for row in rows:
        found.setdefault(PersonId(row.person_id), []).append(row.read_at)
    return found


def newest_opens(tx: Tx, *, before: datetime) -> Sequence[tuple[str, list[datetime]]]:
    """Return the newest opens of all, by person, each with the zone they live in."""
    newest = (
        select(inbox_item.c.person_id, inbox_item.c.read_at)
        .where(inbox_item.c.read_at < before)
        .order_by(inbox_item.c.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    together = select(person.c.zone, func.array_agg(newest.c.read_at)).join(
        person, person.c.id == newest.c.person_id
    )
    rows = tx.execute(together.group_by(person.c.id, person.c.zone).order_by(person.c.id))
    return [(zone, list(opened)) for zone, opened in rows]


def add(
    tx: Tx, campaign_id: UUID, chosen: Mapping[PersonId, Chosen[int]], *, now: datetime
) -> None:
    """Keep which hour was chosen for people who are decided about now, and how likely it was."""
    if chosen:
        rows = [
            {
                "campaign_id": campaign_id,
                "person_id": person_id,
                "hour": one.taken,
                "best": one.best,
                "propensity": one.propensity,
                "told_at": now,
            }
            for person_id, one in chosen.items()
        ]
        tx.execute(insert(campaign_time), rows)


def told(tx: Tx, campaign_id: UUID, *, named: int, now: datetime) -> Sequence[Told]:
    """Return what came of the hours of people who had another best hour than the one named.

    Only of those who heard of it two days ago or longer: all had as long to open it.
    """
    opened = (
        select(inbox_item.c.id)
        .join(message, message.c.id == inbox_item.c.id)
        .where(
            message.c.verdict_id == campaign_verdict.c.verdict_id,
            inbox_item.c.read_at <= campaign_time.c.told_at + OPENED_WITHIN,
        )
        .exists()
    )
    rows = tx.execute(
        select(
            (campaign_time.c.hour == campaign_time.c.best).label("is_best"),
            (campaign_time.c.hour == named).label("is_named"),
            campaign_time.c.propensity,
            opened.label("opened"),
        )
        .join(
            campaign_verdict,
            (campaign_verdict.c.campaign_id == campaign_time.c.campaign_id)
            & (campaign_verdict.c.person_id == campaign_time.c.person_id),
        )
        .where(
            campaign_time.c.campaign_id == campaign_id,
            campaign_time.c.best.is_not(None),
            campaign_time.c.best != named,
            campaign_time.c.told_at <= now - OPENED_WITHIN,
            campaign_verdict.c.outcome.in_(HEARD),
        )
    )
    return [Told(row.is_best, row.is_named, row.propensity, row.opened) for row in rows]


def counted(tx: Tx, campaign_id: UUID) -> tuple[int, int]:
    """Return for how many people an hour was chosen, and of how many their own was known."""
    wanted = select(func.count(), func.count(campaign_time.c.best)).where(
        campaign_time.c.campaign_id == campaign_id
    )
    chosen, known = tx.execute(wanted).one()
    return int(chosen), int(known)


def erase(tx: Tx, person_id: UUID) -> None:
    """Forget which hours were chosen for somebody."""
    tx.execute(delete(campaign_time).where(campaign_time.c.person_id == person_id))
