"""A desk of the tests: who asks, who answers, and what the house was set to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.desk.case import Case, Entry
from app.desk.intent import Why
from app.desk.open import Opened, Question, open_case
from app.desk.reply import Words, reply
from app.hub.policy import Policy, read_policy
from app.people import store as people
from app.people.recipient import Recipient
from app.settings import Settings
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.cast import ANA
from tests.shop import MORNING

AGENT, OTHER = "staff:lan@shop.example", "staff:olga@shop.example"


def policy(tx: Tx) -> Policy:
    """Return the policy of a test shop."""
    return read_policy(tx, Settings(mode="test", public_url="https://shop.example"))


def asks(
    tx: Tx,
    words: str = "我要退款",
    *,
    who: Recipient = ANA,
    order_id: OrderId | None = None,
    because: Why = Why.OUT_OF_SCOPE,
    at: datetime = MORNING,
) -> Opened:
    """Let somebody ask what a person must answer."""
    question = Question(
        person=people.find(tx, who.person_id),
        text=words,
        because=because,
        order_id=order_id,
        language="zh",
    )
    return open_case(tx, question, policy=policy(tx), now=at)


def answers(
    tx: Tx,
    case: Case | UUID,
    words: str = "已为您提交退款。",
    *,
    at: datetime = MORNING,
    **more: Any,
) -> Entry:
    """Let an agent answer; `more` is what else `Words` takes."""
    said = Words(**{"text": words, "by": AGENT, "key": str(new_id()), **more})
    case_id = case.id if isinstance(case, Case) else case
    return reply(tx, case_id, said, policy=policy(tx), now=at)


def sent(tx: Tx, notice: str) -> list[tuple[str, str]]:
    """Return the messages of a notice: channel and state, in the order of channels."""
    rows = tx.execute(
        text("SELECT channel, state FROM message WHERE notice = :notice ORDER BY channel"),
        {"notice": notice},
    )
    return [(row.channel, row.state) for row in rows]


def claim_all(tx: Tx) -> None:
    """Let a worker hold every queued message."""
    tx.execute(text("UPDATE message SET state = 'sending' WHERE state = 'queued'"))
