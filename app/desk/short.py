"""Missing goods become one case, however many orders lack them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.desk import case_store, short_store
from app.desk.case import Case, State
from app.desk.intent import Why
from app.desk.short_store import Found
from app.desk.sla import due_at
from app.settings import Settings
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx

PRIORITY = 2


def open_short(
    tx: Tx, ids: Sequence[OrderId], *, settings: Settings, now: datetime
) -> Sequence[Case]:
    """See that what orders are short by has its case: one for each SKU, warehouse and day.

    A case that was resolved is opened again when more is found that day. Returns those that were
    opened, first or again.
    """
    opened = []
    for found in short_store.findings(tx, ids, zone=settings.shop_zone):
        case = _new(tx, found, language=settings.shop_locale, now=now)
        if short_store.add_once(tx, case):
            opened.append(case)
            continue
        present = short_store.hold(tx, found.finding.key)
        if _is_news(present, found):
            opened.append(_again(tx, present, now))
    return opened


def _new(tx: Tx, found: Found, *, language: str, now: datetime) -> Case:
    return Case(
        id=new_id(),
        number=case_store.next_number(tx),
        person_id=None,
        order_id=None,
        state=State.OPEN,
        priority=PRIORITY,
        signals=(),
        reason=Why.SHORT,
        question=f"{found.code} · {found.finding.warehouse}",
        language=language,
        opened_at=now,
        asked_at=now,
        first_response_due_at=due_at(PRIORITY, asked_at=now),
        about=found.finding.key,
    )


def _is_news(present: Case, found: Found) -> bool:
    """Say whether more was found since the case was resolved, and is still missing."""
    return (
        present.resolved_at is not None
        and found.open_since is not None
        and found.open_since > present.resolved_at
    )


def _again(tx: Tx, case: Case, now: datetime) -> Case:
    reopened = replace(
        case,
        state=State.OPEN,
        resolved_at=None,
        asked_at=now,
        first_response_due_at=due_at(case.priority, asked_at=now),
    )
    case_store.change(tx, reopened)
    return replace(reopened, version=case.version + 1)
