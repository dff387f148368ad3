"""A row for every tracked table, put in by hand, and a change that is told."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from orders_core.ids import new_id
from orders_core.tx import Tx

WHO = "changed_by, change_reason, changed_at"
SET_UP = (
    "INSERT INTO sku (id, code, title_zh, title_en, price_minor, currency, created_at)"
    " VALUES ('00000000-0000-7000-8000-0000000000aa', 'SAMPLE', '样品', 'Sample', 1, 'CNY', now())"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO price_list (code, name_zh, name_en, currency)"
    " VALUES ('SAMPLES', '样品', 'Samples', 'CNY') ON CONFLICT DO NOTHING",
)

#: The columns that a row must have, and their values.
SAMPLES: Mapping[str, Mapping[str, str]] = {
    "orders": {
        "number": "1",
        "source": "'shop'",
        "person_id": "uuid7()",
        "status": "'placed'",
        "currency": "'CNY'",
        "total_minor": "0",
        "placed_at": "now()",
    },
    "refund": {
        "order_id": "uuid7()",
        "amount_minor": "1",
        "currency": "'CNY'",
        "cause": "'edited'",
        "cause_id": "uuid7()",
        "asked_at": "now()",
    },
    "order_return": {
        "order_id": "uuid7()",
        "state": "'requested'",
        "reason": "'broken'",
        "who_pays": "'shop'",
        "refund_percent": "100",
        "currency": "'CNY'",
        "requested_at": "now()",
    },
    "level": {
        "sku_id": "'00000000-0000-7000-8000-0000000000aa'",
        "warehouse": "'samples'",
        "on_hand": "5",
    },
    "price": {
        "price_list": "'SAMPLES'",
        "sku_id": "'00000000-0000-7000-8000-0000000000aa'",
        "price_minor": "1",
    },
    "parcel": {"carrier": "'sf'", "number": "'SAMPLE'"},
}

#: A column to change, its new value in SQL, and as the event tells it.
CHANGES: Mapping[str, tuple[str, str, object]] = {
    "orders": ("reference", "'W-1'", "W-1"),
    "refund": ("reference", "'R-1'", "R-1"),
    "order_return": ("carrier", "'sf'", "sf"),
    "level": ("low_at", "2", 2),
    "price": ("price_minor", "2", 2),
    "parcel": ("last_place", "'Hangzhou'", "Hangzhou"),
}


def add(tx: Tx, table: str, *, into: str | None = None) -> UUID:
    """Put the sample of a table into it, or into another of its shape; return its id."""
    for statement in SET_UP:
        tx.execute(text(statement))
    entity_id, sample = new_id(), SAMPLES[table]
    tx.execute(
        text(
            f"INSERT INTO {into or table} (id, {', '.join(sample)}, {WHO})"  # noqa: S608 - our own words
            f" VALUES (:id, {', '.join(sample.values())}, 'root@psql', 'sample', now())"
        ),
        {"id": entity_id},
    )
    return entity_id
