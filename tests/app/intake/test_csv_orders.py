"""Rows of orders files become the steps their orders took."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.intake.csv.inspecting import FileRefused
from app.intake.csv.orders import OrdersFile, open_orders
from app.intake.csv.reading import Reject
from app.intake.csv.steps import History
from app.intake.draft import Draft
from orders_core.orders.order import Line, OrderStatus

OURS = ("order", "customer", "placed_at", "paid_at", "shipped_at", "delivered_at", "currency")
OLIST = (
    "order_id",
    "customer_id",
    "order_status",
    "order_purchase_timestamp",
    "order_approved_at",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
)
NINE, TEN, ELEVEN = (f"2026-03-02T{hour:02}:00:00+08:00" for hour in (9, 10, 11))
PLACED, PAID, SHIPPED, DELIVERED, CANCELLED = OrderStatus


def written(
    folder: Path, header: Sequence[str], *rows: Sequence[str], name: str = "orders.csv"
) -> Path:
    path = folder / name
    path.write_text("".join(",".join(row) + "\n" for row in (header, *rows)))
    return path


def read(path: Path, items: Path | None = None) -> tuple[OrdersFile, list[History | Reject]]:
    with open_orders(path, items=items, region="CN") as file:
        return file, [one for _, one in file.histories()]


def history(path: Path, items: Path | None = None) -> History:
    (one,) = read(path, items)[1]
    assert isinstance(one, History), one
    return one


def our(folder: Path, **cells: str) -> Path:
    row: dict[str, str] = {
        "order": "A1",
        "customer": "c-1",
        "placed_at": NINE,
        "currency": "CNY",
        "total": "98.00",
    } | cells
    return written(folder, list(row), list(row.values()))


def olist(folder: Path, status: str, *times: str, name: str = "orders.csv") -> Path:
    return written(folder, OLIST, ("o1", "c1", status, *times), name=name)


def shown(steps: Sequence[Draft]) -> list[tuple[str, str, bool]]:
    return [(s.status.value, f"{s.occurred_at:%d %H:%M}", s.is_guessed) for s in steps]


def test_every_time_in_a_row_is_a_step_at_its_own_time(tmp_path: Path) -> None:
    steps = history(our(tmp_path, paid_at=TEN, shipped_at=ELEVEN)).steps()

    assert shown(steps) == [
        ("placed", "02 01:00", False),
        ("paid", "02 02:00", False),
        ("shipped", "02 03:00", False),
    ]
    assert [step.source_version for step in steps] == [1, 2, 3]


def test_a_step_said_to_lie_before_the_one_ahead_waits_for_it_and_keeps_its_own_time(
    tmp_path: Path,
) -> None:
    *_, shipped = history(our(tmp_path, paid_at=ELEVEN, shipped_at=TEN)).steps()

    assert shipped.occurred_at == datetime(2026, 3, 2, 3, tzinfo=UTC)
    assert shipped.moments[SHIPPED] == datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_a_missing_time_is_a_step_not_taken(tmp_path: Path) -> None:
    steps = history(our(tmp_path, delivered_at=ELEVEN)).steps()

    assert [step.status for step in steps] == [PLACED, DELIVERED]


def test_a_status_further_than_any_time_is_reached_at_an_unknown_time(tmp_path: Path) -> None:
    steps = history(our(tmp_path, paid_at=TEN, status="delivered")).steps()

    assert shown(steps)[-1] == ("delivered", "02 02:00", True)
    assert DELIVERED not in steps[-1].moments


def test_a_parcel_is_tied_once_the_order_has_left(tmp_path: Path) -> None:
    path = our(tmp_path, shipped_at=TEN, carrier="sf", parcel_number="SF1", promised_at=ELEVEN)

    placed, shipped = history(path).steps()

    assert placed.parcels == ()
    assert [parcel.number for parcel in shipped.parcels] == ["SF1"]


def test_items_beside_the_orders_are_their_lines_and_their_total(tmp_path: Path) -> None:
    orders = written(tmp_path, OURS, ("A1", "c-1", NINE, "", "", "", "CNY"))
    items = written(
        tmp_path,
        ("order", "code", "title", "quantity", "unit_price"),
        ("A1", "MUG", "Mug", "2", "49.00"),
        ("A2", "BOWL", "Bowl", "1", "20"),
        ("A1", "TEA", "Tea", "1", "20.5"),
        name="items.csv",
    )

    one = history(orders, items)

    assert one.total_minor == 11850
    assert one.lines[0] == Line(code="MUG", title="Mug", quantity=2, unit_minor=4900)


def test_what_is_said_of_a_customer_is_checked(tmp_path: Path) -> None:
    path = our(tmp_path, name="林小雨", phone="13800138000", locale="zh-CN", zone="Asia/Shanghai")

    customer = history(path).customer

    assert (customer.reference, customer.name, customer.locale) == ("c-1", "林小雨", "zh")
    assert list(customer.contacts.values()) == ["+8613800138000"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"placed_at": ""}, "placed_at is required"),
        ({"placed_at": "2026-03-02T09:00:00"}, "placed_at must name its zone"),
        ({"placed_at": "2026-02-30T09:00:00Z"}, "placed_at is no time of the calendar"),
        ({"placed_at": "46082.375"}, "placed_at must be an RFC 3339 time"),
        ({"phone": "1.38E+10"}, "phone was rounded by a spreadsheet"),
        ({"order": "2.02E+15"}, "order was rounded by a spreadsheet"),
        ({"phone": "021-62345678"}, "phone: this number cannot receive SMS"),
        ({"email": "nobody"}, "email: "),
        ({"zone": "Asia/Peking"}, "did you mean Asia/Shanghai"),
        ({"currency": "RMB"}, "did you mean CNY"),
        ({"total": "12,50"}, None),
        ({"total": "1e3x"}, "total is no amount"),
        ({"total": "NaN"}, "total must be an amount from 0"),
        ({"total": "0.001"}, "more decimals"),
        ({"status": "lost"}, "status must be"),
        ({"source": "shop"}, "source: 'shop' is this shop"),
    ],
)
def test_a_row_that_cannot_be_taken_says_which_column_and_why(
    tmp_path: Path, cells: dict[str, str], reason: str | None
) -> None:
    (one,) = read(our(tmp_path, **cells))[1]

    assert isinstance(one, Reject)
    assert one.line == 2
    assert (reason or "cells where the header has") in one.reason


def test_a_missing_column_refuses_the_file_and_names_the_likely_one(tmp_path: Path) -> None:
    path = written(
        tmp_path, ("order", "custommer", "placed_at", "currency"), ("1", "2", NINE, "CNY")
    )

    with pytest.raises(FileRefused, match=r'column "customer" is missing \(is it "custommer"\?\)'):
        read(path)


def test_columns_nobody_reads_are_said(tmp_path: Path) -> None:
    file, _ = read(our(tmp_path, colour="red"))

    assert "columns not read: colour" in file.notes


def test_an_olist_row_is_read_on_the_clock_of_sao_paulo(tmp_path: Path) -> None:
    times = (
        "2017-10-02 10:56:33",
        "2017-10-02 11:07:15",
        "2017-10-04 19:55:00",
        "2017-10-10 21:25:13",
    )
    one = history(olist(tmp_path, "delivered", *times, "2017-10-18 00:00:00"))

    assert [step.status for step in one.steps()] == [PLACED, PAID, SHIPPED, DELIVERED]
    assert one.times[PLACED] == datetime(2017, 10, 2, 13, 56, 33, tzinfo=UTC)
    assert (one.source, one.reference, one.currency) == ("olist", "o1", "BRL")


def test_an_olist_cancellation_has_no_time_and_tells_nobody(tmp_path: Path) -> None:
    steps = history(olist(tmp_path, "canceled", "2017-10-02 10:56:33", "", "", "", "")).steps()

    assert [(s.status, s.is_guessed) for s in steps] == [(PLACED, False), (CANCELLED, True)]


def test_what_olist_has_beside_its_orders_is_found(tmp_path: Path) -> None:
    orders = olist(
        tmp_path, "created", "2017-10-02 10:56:33", "", "", "", "", name="olist_orders.csv"
    )
    item = ("o1", "1", "p1", "s1", "2017-10-08", "58.90", "13.29")
    header = (
        "order_id",
        "order_item_id",
        "product_id",
        "seller_id",
        "limit",
        "price",
        "freight_value",
    )
    written(tmp_path, header, item, item, name="olist_order_items.csv")
    customer = ("c1", "u1", "69000", "manaus", "AM")
    columns = ("customer_id", "customer_unique_id", "zip", "city", "customer_state")
    written(tmp_path, columns, customer, name="olist_customers.csv")

    one = history(orders)

    assert [(line.code, line.quantity, line.unit_minor) for line in one.lines] == [("p1", 2, 5890)]
    assert one.total_minor == 2 * (5890 + 1329)
    assert (one.customer.reference, one.customer.zone) == ("olist:u1", "America/Manaus")


def test_without_items_the_payments_are_the_total(tmp_path: Path) -> None:
    orders = olist(
        tmp_path, "created", "2017-10-02 10:56:33", "", "", "", "", name="olist_orders.csv"
    )
    header = ("order_id", "payment_sequential", "payment_type", "payment_value")
    paid = [("o1", str(n), "voucher", "10.01") for n in (1, 2)]
    written(tmp_path, header, *paid, name="olist_order_payments.csv")

    one = history(orders)

    assert (one.total_minor, one.lines) == (2002, ())
    assert one.customer.zone == "America/Sao_Paulo"


def test_invented_contacts_are_said_to_be(tmp_path: Path) -> None:
    file, (one, *_) = read(olist(tmp_path, "created", "2017-10-02 10:56:33", "", "", "", ""))

    assert isinstance(one, History)
    assert list(one.customer.contacts.values()) == ["c1@olist.example"]
    assert any("invented" in note for note in file.notes)


@pytest.mark.parametrize(
    ("status", "bought", "reason"),
    [
        ("lost", "2017-10-02 10:56:33", "order_status must be one of: created"),
        ("created", "", "order_purchase_timestamp is required"),
        ("created", "yesterday", "order_purchase_timestamp is no time such as"),
        ("created", "1899-01-01 00:00:00", "must lie between 2000 and 2100"),
    ],
)
def test_an_olist_row_that_cannot_be_taken_says_why(
    tmp_path: Path, status: str, bought: str, reason: str
) -> None:
    (one,) = read(olist(tmp_path, status, bought, "", "", "", ""))[1]

    assert isinstance(one, Reject)
    assert reason in one.reason


def test_a_bad_row_beside_the_orders_costs_its_order_only(tmp_path: Path) -> None:
    orders = written(tmp_path, OURS, *[(f"A{n}", "c", NINE, "", "", "", "CNY") for n in (1, 2)])
    items = written(
        tmp_path,
        ("order", "code", "title", "quantity", "unit_price"),
        ("A1", "MUG", "Mug", "0", "49.00"),
        name="items.csv",
    )

    bad, good = read(orders, items)[1]

    assert isinstance(bad, Reject)
    assert "items.csv: quantity must be a whole number" in bad.reason
    assert isinstance(good, History)


def test_another_file_beside_it_is_another_content(tmp_path: Path) -> None:
    orders: Any = written(tmp_path, OURS, ("A1", "c-1", NINE, "", "", "", "CNY"))
    header = ("order", "code", "title", "quantity", "unit_price")
    items = written(tmp_path, header, ("A1", "M", "Mug", "1", "1"), name="items.csv")

    assert read(orders)[0].sha256 != read(orders, items)[0].sha256
