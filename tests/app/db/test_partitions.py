"""Partitions stand before anything needs them."""

from datetime import date

import pytest
from sqlalchemy import text

from app.db.partitions import PARTITIONED, make_ahead, months_ahead
from orders_core.tx import Tx
from tests.shop import MORNING


def drop(tx: Tx, month: date) -> None:
    for table in PARTITIONED:
        tx.execute(text(f"DROP TABLE {table}_{month:%Y%m}"))


def missing(tx: Tx) -> list[str]:
    today = tx.execute(text("SELECT current_date")).scalar_one()
    names = [f"{table}_{month:%Y%m}" for month in months_ahead(today) for table in PARTITIONED]
    return [name for name in names if tx.scalar(text(f"SELECT to_regclass('{name}')")) is None]


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 1, 31), [(2026, 1), (2026, 2), (2026, 3), (2026, 4)]),
        (date(2026, 11, 22), [(2026, 11), (2026, 12), (2027, 1), (2027, 2)]),
        (date(2026, 12, 1), [(2026, 12), (2027, 1), (2027, 2), (2027, 3)]),
    ],
)
def test_this_month_and_the_next_three(today: date, months: list[tuple[int, int]]) -> None:
    assert [(one.year, one.month) for one in months_ahead(today)] == months
    assert {one.day for one in months_ahead(today)} == {1}


def test_what_stands_is_left_alone(tx: Tx) -> None:
    assert missing(tx) == []
    assert make_ahead(tx, MORNING) == "0 partitions made"


def test_what_is_missing_is_made_by_the_machines_calendar_whatever_the_shops_shows(
    tx: Tx,
) -> None:
    today = tx.execute(text("SELECT current_date")).scalar_one()
    for month in months_ahead(today)[1:]:
        drop(tx, month)
    assert len(missing(tx)) == 3 * len(PARTITIONED)

    assert make_ahead(tx, MORNING) == f"{3 * len(PARTITIONED)} partitions made"
    assert missing(tx) == []


def test_every_partitioned_table_is_cared_for(tx: Tx) -> None:
    found = tx.scalars(text("SELECT partrelid::regclass::text FROM pg_partitioned_table"))

    assert sorted(found) == sorted(PARTITIONED)
