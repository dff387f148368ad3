"""When people opened what they were told, which hour was chosen for them, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text

from app.campaigns.list_store import HEARD
from app.campaigns.tables import campaign_time, campaign_verdict
from app.inbox.tables import inbox_item
from app.messages.tables import message
from ml.chance.measured import Told
from ml.chance.slice import Chosen
from orders_core.ids import PersonId
from orders_core.tx import Tx

LOOKED_BACK = timedelta(days=180)
NEWEST = 5_000  # opens that everybody's week is learnt from
OPENED_WITHIN = timedelta(hours=48)

# Hours of the week are those of a person's own clock: 0 is Monday 00:00, 167 is Sunday 23:00.
OPENS = text("""
SELECT person_id, (24 * (extract(isodow FROM local) - 1) + extract(hour FROM local))::int AS hour,
       count(*) AS opens
FROM inbox_item JOIN person ON person.id = person_id
CROSS JOIN LATERAL (SELECT read_at AT TIME ZONE zone AS local) AS clock
WHERE person_id = ANY(:people) AND read_at >= :since AND read_at < :before
GROUP BY person_id, hour
""")
# Shares are added up as decimals: in whatever order they come, the sum is the same.
SHARES = text("""
WITH newest AS (
  SELECT person_id, read_at FROM inbox_item WHERE read_at < :before
  ORDER BY id DESC LIMIT :newest),
opened AS (
  SELECT (24 * (extract(isodow FROM local) - 1) + extract(hour FROM local))::int AS hour,
         1.0 / count(*) OVER (PARTITION BY person_id) AS share
  FROM newest JOIN person ON person.id = person_id
  CROSS JOIN LATERAL (SELECT read_at AT TIME ZONE zone AS local) AS clock)
SELECT hour, sum(share)::float8 AS shares FROM opened GROUP BY hour ORDER BY hour
""")


def opens_of(
    tx: Tx, people: Collection[UUID], *, before: datetime
) -> Mapping[PersonId, dict[int, int]]:
    """Count what each of these people opened in the half year before a moment, by hour of week.

    Hours are on the person's own clock; who opened nothing is not among them.
    """
    given = {"people": list(people), "since": before - LOOKED_BACK, "before": before}
    found: dict[PersonId, dict[int, int]] = {}
    for row in tx.execute(OPENS, given):
        found.setdefault(PersonId(row.person_id), {})[row.hour] = row.opens
    return found


def newest_shares(tx: Tx, *, before: datetime) -> Mapping[int, float]:
    """Add up, by hour of the week, the share of each person's newest opens that falls in it."""
    rows = tx.execute(SHARES, {"before": before, "newest": NEWEST})
    return {row.hour: row.shares for row in rows}


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
