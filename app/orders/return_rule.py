"""Whether goods may come back and what becomes of them, as two decision tables say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.rules import rule
from orders_core.ids import OrderId, show
from orders_core.returns.rma import (
    Condition,
    Decision,
    Facts,
    Judge,
    Outcome,
    Payer,
    Reason,
    Sort,
    Verdict,
)
from orders_core.tx import Tx

APPROVAL, RESTOCK = "return_approval", "return_restock"


def judge_by_table(tx: Tx, order_id: OrderId, *, now: datetime) -> Judge:
    """Return the rule that approves, rejects or leaves a return to an agent."""

    def judge(facts: Facts) -> Verdict:
        asked = rule.ask(tx, APPROVAL, given(facts), about=show("ord", order_id), now=now)
        answer = asked.answer or {}
        return Verdict(
            Decision(str(answer["decision"])),
            Payer(str(answer["who_pays"])),
            int(str(answer["refund_percent"])),
        )

    return judge


def given(facts: Facts) -> Mapping[str, Any]:
    """Return what the table looks at; what was not delivered yet was delivered 0 days ago."""
    return {
        "reason": str(facts.reason),
        "days_since_delivered": max(0, facts.days_since_delivered or 0),
        "amount": facts.amount_minor,
        "returned_before": facts.returned_before,
    }


def sort_by_table(tx: Tx, about: str, *, now: datetime) -> Sort:
    """Return the rule that restocks or scraps goods by their condition."""

    def sort(condition: Condition, reason: Reason) -> Outcome:
        looks = {"condition": str(condition), "reason": str(reason)}
        answer = rule.ask(tx, RESTOCK, looks, about=about, now=now).answer or {}
        return Outcome(str(answer["outcome"]))

    return sort
