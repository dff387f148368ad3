"""What was decided under a campaign about whom: one line a person, and a count by outcome."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.campaigns.tables import campaign_tally, campaign_verdict
from app.hub.decision import Decision
from app.hub.verdict import Verdict
from app.messages.tables import message
from orders_core.tx import Tx

SENT_AT_ONCE = "send"

ADD = """
INSERT INTO campaign_verdict (campaign_id, person_id, verdict_id, outcome)
SELECT %(campaign)s::uuid, * FROM unnest(%(people)s::uuid[], %(verdicts)s::uuid[],
                                         %(outcomes)s::text[])
"""


def outcome_of(verdict: Verdict) -> str:
    """Name what became of a person: `send`, or the reason that holds the bells or ends it."""
    return verdict.because.value if verdict.because else SENT_AT_ONCE


def add(tx: Tx, campaign_id: UUID, decisions: Sequence[Decision]) -> None:
    """Write what was decided, once for each person, and count it."""
    if not decisions:
        return
    outcomes = [outcome_of(decision.verdict) for decision in decisions]
    tx.exec_driver_sql(
        ADD,
        {
            "campaign": campaign_id,
            "people": [decision.wish.person_id for decision in decisions],
            "verdicts": [decision.id for decision in decisions],
            "outcomes": outcomes,
        },
    )
    counted = insert(campaign_tally).values(
        [
            {"campaign_id": campaign_id, "outcome": outcome, "people": people}
            for outcome, people in sorted(Counter(outcomes).items())
        ]
    )
    more = campaign_tally.c.people + counted.excluded.people
    keys = [campaign_tally.c.campaign_id, campaign_tally.c.outcome]
    tx.execute(counted.on_conflict_do_update(index_elements=keys, set_={"people": more}))


def tally(tx: Tx, campaign_id: UUID) -> Mapping[str, int]:
    """Count the people decided about by outcome."""
    rows = tx.execute(
        select(campaign_tally.c.outcome, campaign_tally.c.people).where(
            campaign_tally.c.campaign_id == campaign_id
        )
    )
    return dict(rows.all())


def people(
    tx: Tx, campaign_id: UUID, outcome: str, *, after: UUID | None, at_most: int
) -> Sequence[UUID]:
    """Return the people of an outcome in the order of ids, behind `after`."""
    wanted = select(campaign_verdict.c.person_id).where(
        campaign_verdict.c.campaign_id == campaign_id, campaign_verdict.c.outcome == outcome
    )
    if after is not None:
        wanted = wanted.where(campaign_verdict.c.person_id > after)
    return tx.scalars(wanted.order_by(campaign_verdict.c.person_id).limit(at_most)).all()


def about(tx: Tx, campaign_id: UUID, person_id: UUID) -> tuple[UUID, str] | None:
    """Return the verdict about somebody under a campaign and its outcome, if there is one."""
    row = tx.execute(
        select(campaign_verdict.c.verdict_id, campaign_verdict.c.outcome).where(
            campaign_verdict.c.campaign_id == campaign_id,
            campaign_verdict.c.person_id == person_id,
        )
    ).one_or_none()
    return (row.verdict_id, row.outcome) if row else None


def queued_verdicts(tx: Tx, campaign_id: UUID, *, at_most: int) -> Sequence[UUID]:
    """Return verdicts of a campaign of which a message is still queued."""
    wanted = (
        select(campaign_verdict.c.verdict_id)
        .join(message, message.c.verdict_id == campaign_verdict.c.verdict_id)
        .where(campaign_verdict.c.campaign_id == campaign_id, message.c.state == "queued")
        .limit(at_most)
    )
    return sorted(set(tx.scalars(wanted)))


def is_on_its_way(tx: Tx, campaign_id: UUID) -> bool:
    """Say whether a message of a campaign is queued, or held by a worker this moment."""
    on_its_way = exists().where(
        campaign_verdict.c.campaign_id == campaign_id,
        message.c.verdict_id == campaign_verdict.c.verdict_id,
        message.c.state.in_(("queued", "sending")),
    )
    return bool(tx.scalar(select(on_its_way)))


def messages_by_state(tx: Tx, campaign_id: UUID) -> Mapping[str, int]:
    """Count the messages of a campaign by the state they are in."""
    rows = tx.execute(
        select(message.c.state, func.count())
        .join(campaign_verdict, campaign_verdict.c.verdict_id == message.c.verdict_id)
        .where(campaign_verdict.c.campaign_id == campaign_id)
        .group_by(message.c.state)
    )
    return dict(rows.all())
