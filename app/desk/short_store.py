"""Findings of missing goods, and the orders that one of them left short."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Date, cast, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.desk.case import Case
from app.desk.case_store import COLUMNS, case_of
from app.desk.finding import Finding, read_finding
from app.desk.tables import support_case
from app.people.tables import person
from orders_core.catalog.tables import sku
from orders_core.ids import OrderId, SkuId
from orders_core.orders.tables import orders
from orders_core.shortage.short import OWED, State
from orders_core.shortage.tables import shortage
from orders_core.tx import Tx

IN_ORDER = {state: place for place, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, the code of its goods, and when the last of it was found that is still open."""

    finding: Finding
    code: str
    open_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One order that a finding left short, and what its shopper chose; times are business time."""

    order_id: OrderId
    number: int
    name: str
    code: str
    units: int
    state: State
    payment: str
    found_at: datetime
    wait_until: datetime | None
    chosen_at: datetime | None
    settled_at: datetime | None


def findings(tx: Tx, ids: Sequence[OrderId], *, zone: str) -> list[Found]:
    """Return the findings that orders are short by, each once."""
    day = cast(func.timezone(zone, shortage.c.found_at), Date).label("day")
    is_open = shortage.c.state.in_(OWED)
    rows = tx.execute(
        select(
            shortage.c.sku_id,
            shortage.c.warehouse,
            day,
            sku.c.code,
            func.max(shortage.c.found_at).filter(is_open).label("open_since"),
        )
        .join(sku, sku.c.id == shortage.c.sku_id)
        .where(shortage.c.order_id.in_(ids))
        .group_by(shortage.c.sku_id, shortage.c.warehouse, day, sku.c.code)
        .order_by(sku.c.code, shortage.c.warehouse, day)
    )
    return [
        Found(
            Finding(SkuId(row.sku_id), row.warehouse, row.day, zone),
            row.code,
            row.open_since,
        )
        for row in rows
    ]


def missing(tx: Tx, about: str) -> list[Missing]:
    """Return the orders that a finding left short: whose shopper has not chosen first."""
    finding = read_finding(about)
    begins, ends = finding.span
    rows = tx.execute(
        select(
            shortage,
            orders.c.number,
            orders.c.payment,
            sku.c.code,
            func.coalesce(person.c.name, "").label("name"),
        )
        .join(orders, orders.c.id == shortage.c.order_id)
        .join(sku, sku.c.id == shortage.c.sku_id)
        .outerjoin(person, person.c.id == orders.c.person_id)
        .where(
            shortage.c.sku_id == finding.sku_id,
            shortage.c.warehouse == finding.warehouse,
            shortage.c.found_at >= begins,
            shortage.c.found_at < ends,
        )
        .order_by(shortage.c.found_at, shortage.c.id)
    )
    names = [field.name for field in fields(Missing) if field.name not in {"units", "state"}]
    found = [
        Missing(
            **{name: getattr(row, name) for name in names},
            units=row.quantity,
            state=State(row.state),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: IN_ORDER[one.state])


def add_once(tx: Tx, case: Case) -> bool:
    """Write a case about a finding; False where it has one."""
    values = {field.name: getattr(case, field.name) for field in fields(case)}
    writing = (
        upsert(support_case)
        .values(**values | {"signals": []})
        .on_conflict_do_nothing(
            index_elements=["about"], index_where=support_case.c.about.is_not(None)
        )
        .returning(support_case.c.id)
    )
    return tx.scalar(writing) is not None


def hold(tx: Tx, about: str) -> Case:
    """Lock and return the case about a finding, which there is."""
    wanted = select(*COLUMNS).where(support_case.c.about == about).with_for_update()
    return case_of(tx.execute(wanted).one())
