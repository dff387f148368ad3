"""Weigh a campaign before it goes: the real decision about everybody, at their own send time.

A page asks, the worker counts chunk by chunk and keeps how far it came; nothing is locked but the
count itself, and nobody is told.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from app.campaigns import best, reach_store, segment, segment_store, store
from app.campaigns.best_time import hours_for
from app.campaigns.campaign import NOTICE, CampaignMoved, Draft, State, Timing
from app.campaigns.due import due
from app.campaigns.plan import plan
from app.campaigns.reach_store import Found, Reach, question
from app.campaigns.segment_store import Among, Someone
from app.campaigns.told_store import outcome_of
from app.hub.policy import read_policy
from app.hub.verdict import Digest, Skip, Verdict
from app.hub.weigh import weigh
from app.people.choices import BELLS
from app.settings import Settings
from orders_core.ids import PersonId, show
from orders_core.tx import Tx

CHUNK = 1000
WEIGHABLE = frozenset({State.DRAFT, State.SCHEDULED})


def ask(tx: Tx, campaign_id: UUID, *, settings: Settings, now: datetime) -> UUID:
    """Ask the worker to count whom a campaign would reach; return the id of the count.

    Raises:
        CampaignMoved: If it has begun: then what was decided tells.
    """
    held = store.hold(tx, campaign_id)
    if held.state not in WEIGHABLE:
        raise CampaignMoved(held.ref, held.state, "weighed")
    reach_store.forget_unfinished(tx, held.id)
    made = plan(tx, held.draft, shop_zone=settings.shop_zone, now=now)
    return reach_store.ask(
        tx, held.id, asked_for=question(held.draft), as_of=made.as_of, asked=made.asked, now=now
    )


def weigh_chunk(tx: Tx, *, settings: Settings, now: datetime) -> int:
    """Weigh the next people of the oldest count that was asked for; return how many, 0 for none.

    A count that comes to its end with nobody left answers 1, for it was finished.
    """
    asked = reach_store.take(tx)
    if asked is None:
        return 0
    draft = _draft(asked)
    among = Among(segment=draft.segment, as_of=asked.as_of, after=asked.after)
    people = segment_store.chunk(tx, among, at_most=CHUNK)
    times = _times(tx, asked, draft, people, shop_zone=settings.shop_zone)
    verdicts = weigh(tx, NOTICE, times, policy=read_policy(tx, settings))
    is_last = len(people) < CHUNK
    found = _found(people, verdicts, dict(times))
    reach_store.add(tx, asked, found, counted_at=now if is_last else None)
    return max(1, len(people))


def _draft(asked: Reach) -> Draft:
    wall = asked.asked_for["wall"]
    return Draft(
        name="",
        segment=segment.read(asked.asked_for["segment"]),
        timing=Timing(asked.asked_for["timing"]),
        wall=datetime.fromisoformat(wall) if wall else None,
    )


def _times(
    tx: Tx, asked: Reach, draft: Draft, people: Sequence[Someone], *, shop_zone: str
) -> list[tuple[PersonId, datetime]]:
    now, named = asked.asked_at, draft.wall
    if draft.timing is Timing.BEST and named is not None:
        chosen = hours_for(tx, asked.campaign_id, named, people, before=now)
        return [
            (one.id, best.due_at(named, chosen[one.id].taken, one.zone, now=now)) for one in people
        ]
    zones = {someone.zone for someone in people}
    at = {zone: due(draft, zone, shop_zone=shop_zone, now=now).at for zone in zones}
    return [(someone.id, at[someone.zone]) for someone in people]


def _found(
    people: Sequence[Someone],
    verdicts: Sequence[tuple[PersonId, Verdict]],
    times: Mapping[PersonId, datetime],
) -> Found:
    examples: dict[str, list[str]] = defaultdict(list)
    hours: Counter[str] = Counter()
    for who, verdict in verdicts:
        examples[outcome_of(verdict)].append(show("per", who))
        if (heard_at := _heard_at(verdict, times[who])) is not None:
            hours[_hour(heard_at)] += 1
    return Found(
        outcomes={outcome: len(those) for outcome, those in examples.items()},
        examples=examples,
        hours=hours,
        people=len(people),
        after=people[-1].id if people else None,
    )


def _heard_at(verdict: Verdict, at: datetime) -> datetime | None:
    """Say when somebody would hear of it: bells that wait ring later, and so do digests."""
    match verdict.answer:
        case Skip():
            return None
        case Digest(at_once=others) if not BELLS.isdisjoint(others):
            return at
    return verdict.until or at


def _hour(at: datetime) -> str:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
