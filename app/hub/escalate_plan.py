"""What was kept back is planned in the transaction that decided it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.hub import escalate_store
from app.hub.decision import Decision
from app.hub.escalate import RULE, Later, due_at
from app.hub.escalate_store import Escalation
from orders_core.tx import Tx


def plan(
    tx: Tx, decisions: Sequence[Decision], facts: Callable[[Decision], Mapping[str, Any]]
) -> None:
    """Plan the channels that decisions kept back, each for the time it is needed."""
    escalate_store.plan(
        tx, [_step(made, one, facts(made)) for made in decisions for one in _kept_back(made)]
    )


def _kept_back(made: Decision) -> list[Later]:
    last = made.verdict.trace[-1] if made.verdict.trace else None
    if last is None or last.rule != RULE:
        return []
    return [Later(made.wish.notice, channel, minutes) for channel, minutes in last.inputs["later"]]


def _step(made: Decision, one: Later, facts: Mapping[str, Any]) -> Escalation:
    wish = made.wish
    return Escalation(
        verdict_id=made.id,
        person_id=wish.person_id,
        order_id=wish.order_id,
        notice=one.notice,
        channel=one.channel,
        variables=facts,
        planned_at=wish.decide_at,
        due_at=due_at(one, wish.decide_at),
    )
