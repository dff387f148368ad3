"""News that was decided to wait joins its digests, in the transaction that decided it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.hub import digest_store
from app.hub.decision import Decision
from app.hub.digest import next_slot
from app.hub.digest_items import Item
from app.hub.digest_store import Place, SlotsClosed
from app.hub.question import Question
from app.hub.verdict import Because, Digest
from app.people.choices import Rhythm
from orders_core.tx import Tx


def collect(
    tx: Tx,
    decisions: Sequence[Decision],
    *,
    ask: Callable[[Decision], Question],
    facts: Callable[[Decision], Mapping[str, Any]],
    now: datetime,
) -> None:
    """Put what was folded into its slots; what comes when one has closed joins the one after it.

    Locks: slots, shared, in the order of person, channel and time.

    Args:
        ask: The question that a decision answered.
        facts: The finished variables of a decision's templates.
        now: Business time; whoever closes slots has closed none that ends later.
    """
    wanted: list[tuple[Place, Item]] = []
    asked: dict[UUID, tuple[Question, Rhythm]] = {}
    for made in decisions:
        if isinstance(made.verdict.answer, Digest):
            asked[made.id] = ask(made), _otherwise(made)
            item = _item(made, facts(made))
            places = (Place(made.wish.person_id, slot) for slot in made.verdict.answer.slots)
            wanted += [(place, item) for place in places]
    join(tx, wanted, asked, now=now)


def join(
    tx: Tx,
    wanted: Sequence[tuple[Place, Item]],
    asked: Mapping[UUID, tuple[Question, Rhythm]],
    *,
    now: datetime,
) -> None:
    """Put items into their slots, and into the ones after those that closed meanwhile.

    Where one came too late, all that was locked is let go and all is locked anew: who kept a slot
    while it asks for one that comes before it could wait in a ring.

    Args:
        asked: By verdict, the question of each item and what folds it where no rhythm does.
    """
    while wanted:
        try:
            with tx.begin_nested():
                digest_store.join(tx, wanted)
                return
        except SlotsClosed as gone:
            closed = gone.places
        wanted = [
            (_after(place, *asked[item.verdict_id], now) if place in closed else place, item)
            for place, item in wanted
        ]


def _item(made: Decision, facts: Mapping[str, Any]) -> Item:
    return Item(
        verdict_id=made.id,
        notice=made.wish.notice,
        order_id=made.wish.order_id,
        variables=facts,
        at=made.wish.decide_at,
    )


def _otherwise(made: Decision) -> Rhythm:
    """Say what folds it where no rhythm does: a full cap once a day, a night at its end."""
    is_capped = made.verdict.because is Because.CAP_REACHED
    return Rhythm.DAILY if is_capped else Rhythm.HOURLY


def _after(place: Place, question: Question, otherwise: Rhythm, now: datetime) -> Place:
    late = place.slot._replace(closes_at=max(place.slot.closes_at, now))
    return place._replace(slot=next_slot(late, question, otherwise=otherwise))
