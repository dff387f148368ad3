"""The columns we read: our own, documented here, and those of the Olist public data set.

A column is a field of its model; its name is the field's. An empty cell is an absent value. A
column we do not know is left alone and said so.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from app.http.body import Line
from app.http.faults import problem_of
from app.intake.csv.inspecting import FileRefused
from app.intake.snapshot import PersonReference, Time, of_this_age
from app.orders.bodies import Currency
from orders_core.errors import CoreError
from orders_core.orders.order import OrderStatus

OLIST_ZONE = ZoneInfo("America/Sao_Paulo")
ROUNDED = re.compile(r"\d+(\.\d+)?[Ee]\+?\d+")
Model = TypeVar("Model", bound=BaseModel)


class RowRefused(CoreError):
    """One row cannot be taken, and why."""


def _whole_number(text: str) -> str:
    if ROUNDED.fullmatch(text):
        raise PydanticCustomError("rounded", "was rounded by a spreadsheet")
    return text


def _local(text: object) -> datetime:
    """Read a time without a zone as the clock in São Paulo showed it, where Olist sells."""
    try:
        naive = datetime.fromisoformat(str(text))
    except ValueError:
        raise PydanticCustomError(
            "bad_datetime", "is no time such as 2017-10-02 10:56:33"
        ) from None
    return naive.replace(tzinfo=naive.tzinfo or OLIST_ZONE).astimezone(UTC)


def _amount(text: object) -> Decimal:
    try:
        amount = Decimal(str(text))
    except InvalidOperation:
        raise PydanticCustomError("not_amount", "is no amount such as 59.90") from None
    if not amount.is_finite() or not 0 <= amount < 10**12:
        raise PydanticCustomError("out_of_range", "must be an amount from 0 to below 10^12")
    return amount


def _units(text: object) -> int:
    if isinstance(text, str) and text.isascii() and text.isdigit() and 1 <= int(text) <= 10**6:
        return int(text)
    raise PydanticCustomError("quantity_out_of_range", "must be a whole number from 1 to 1000000")


Reference = Annotated[str, Line(64), AfterValidator(_whole_number)]
Phone = Annotated[str, Line(40), AfterValidator(_whole_number)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Units = Annotated[int, BeforeValidator(_units)]
Local = Annotated[datetime, BeforeValidator(_local), AfterValidator(of_this_age)]


class Columns(BaseModel):
    """Base of the models: a row's cells by column, the unknown ones left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class OurOrder(Columns):
    """One order in our own form. Times name their zone: 2026-11-22T09:30:00+08:00.

    `order` and `customer` are the shop's own references. The order has passed every state that has
    a time. `status` is only needed where it is further than the times show: that state is then
    taken as reached at an unknown time. `total` is in major units with a decimal point; left out,
    it is the sum of the items. `source` names the shop, `csv` if left out.
    """

    order: Reference
    customer: Annotated[PersonReference, AfterValidator(_whole_number)]
    placed_at: Time
    paid_at: Time | None = None
    shipped_at: Time | None = None
    delivered_at: Time | None = None
    cancelled_at: Time | None = None
    status: OrderStatus | None = None
    currency: Currency
    total: Amount | None = None
    source: Annotated[str, Line(200)] = "csv"
    name: Annotated[str, Line(100)] | None = None
    email: Annotated[str, Line(320)] | None = None
    phone: Phone | None = None
    locale: Annotated[str, Line(35)] | None = None
    zone: Annotated[str, Line(64)] | None = None
    carrier: Annotated[str, Line(40)] | None = None
    parcel_number: Annotated[str, Line(64), AfterValidator(_whole_number)] | None = None
    promised_at: Time | None = None


class OurItem(Columns):
    """One line of an order in our own form; `unit_price` in major units of the order's currency."""

    order: Reference
    code: Annotated[str, Line(64)]
    title: Annotated[str, Line(300)]
    quantity: Units
    unit_price: Amount


class OlistOrder(Columns):
    """One order of `olist_orders_dataset.csv`; its times are the clock in São Paulo."""

    order_id: Reference
    customer_id: Reference
    order_status: Annotated[str, Line(40)]
    order_purchase_timestamp: Local
    order_approved_at: Local | None = None
    order_delivered_carrier_date: Local | None = None
    order_delivered_customer_date: Local | None = None
    order_estimated_delivery_date: Local | None = None


class OlistItem(Columns):
    """One unit sold, of `olist_order_items_dataset.csv`; prices in BRL."""

    order_id: Reference
    product_id: Reference
    price: Amount
    freight_value: Amount


class OlistPayment(Columns):
    """One payment of `olist_order_payments_dataset.csv`, in BRL."""

    order_id: Reference
    payment_value: Amount


class OlistCustomer(Columns):
    """One customer of `olist_customers_dataset.csv`: a new `customer_id` for every order."""

    customer_id: Reference
    customer_unique_id: Reference
    customer_state: Annotated[str, Line(2)]


def read_row(model: type[Model], cells: Mapping[str, str]) -> Model:
    """Read one row; empty cells are absent.

    Raises:
        RowRefused: With the first column that cannot be taken, and why.
    """
    try:
        return model.model_validate({name: cell for name, cell in cells.items() if cell})
    except ValidationError as fault:
        errors = [{**error, "loc": ("body", *error["loc"])} for error in fault.errors()]
        first = problem_of(errors).errors[0]
        raise RowRefused(f"{first.pointer.removeprefix('/')} {first.detail}") from None


def check_header(model: type[Columns], header: Sequence[str]) -> list[str]:
    """Check that no column is missing; return those that are not read.

    Raises:
        FileRefused: With the missing column, and the one that was probably meant.
    """
    for name, field in model.model_fields.items():
        if field.is_required() and name not in header:
            near = get_close_matches(name, set(header) - set(model.model_fields), n=1)
            hint = f' (is it "{near[0]}"?)' if near else ""
            raise FileRefused(f'column "{name}" is missing{hint}')
    return [name for name in header if name not in model.model_fields]


def order_columns(header: Sequence[str]) -> type[OurOrder] | type[OlistOrder]:
    """Say by its header which of the two forms an orders file has."""
    return OlistOrder if "order_purchase_timestamp" in header else OurOrder
