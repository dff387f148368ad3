"""A step is due: seen by now, too late, or decided again through the same door as all else.

The row of the step is held until the commit, and no decision ever waits for one: two workers never
ring the same, and one that dies leaves it due.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.hub import escalate_store
from app.hub.catalogue import find
from app.hub.digest_items import Item
from app.hub.digest_today import Today, today
from app.hub.escalate_store import Escalation, State
from app.hub.meet import meet
from app.hub.notify import notify
from app.hub.policy import Policy
from app.hub.wish import Wish
from app.people.choices import ChannelName
from app.people.recipient import Recipient
from orders_core.ids import PersonId
from orders_core.tx import Tx


def ring(tx: Tx, *, policy: Policy, now: datetime, at_most: int) -> int:
    """Settle steps that are due at business time `now`; return how many.

    Locks: the steps, then as `notify`.
    """
    due = escalate_store.take(tx, now=now, at_most=at_most)
    states = {step_id: _state(step, now) for step_id, step in due.items()}
    again = {step_id: step for step_id, step in due.items() if states[step_id] is State.DECIDED}
    if again:
        people = meet(tx, {step.person_id for step in again.values()})
        stand = today(tx, [_item(step) for step in again.values()])
        notify(tx, _wishes(again, people, stand, policy, now), policy=policy, now=now)
    escalate_store.settle(tx, states)
    return len(due)


def _state(step: Escalation, now: datetime) -> State:
    if step.is_seen:
        return State.SEEN
    is_late = now >= find(step.notice).useful_until(step.planned_at, step.variables)
    return State.LATE if is_late else State.DECIDED


def _wishes(
    steps: Mapping[UUID, Escalation],
    people: Mapping[PersonId, Recipient],
    stand: Today,
    policy: Policy,
    now: datetime,
) -> list[Wish]:
    wishes = []
    for step_id, step in steps.items():
        asked = stand.question(_item(step), people[step.person_id], policy.bounds, now)
        on_it = replace(asked.notice, channels=(ChannelName(step.channel),), is_gathered=True)
        wishes.append(
            Wish(
                dispatch=f"escalate:{step_id}",
                notice=step.notice,
                person_id=step.person_id,
                order_id=step.order_id,
                variables=step.variables,
                decide_at=now,
                standing=asked.standing,
                told_as=on_it,
            )
        )
    return wishes


def _item(step: Escalation) -> Item:
    return Item(
        verdict_id=step.verdict_id,
        notice=step.notice,
        order_id=step.order_id,
        variables=step.variables,
        at=step.planned_at,
    )
