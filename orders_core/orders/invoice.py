"""What a shopper wants written on the invoice of an order. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from orders_core.errors import CoreError
from orders_core.ids import OrderId, show
from orders_core.orders.order import Order, OrdersError, Payment, Standing

HOME = "CN"
MOST_TITLE, MOST_EMAIL = 100, 120
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
ELSEWHERE = re.compile(r"[0-9A-Z]{4,20}")
CODE_LENGTH = 18
# GB 32100-2015: the letters a company's code is made of, and what each place counts.
CODE_MARKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(CODE_LENGTH - 1))
# GB 11643-1999: a sole trader's code may be their identity number.
PERSON = re.compile(r"[0-9]{17}[0-9X]")
PERSON_WEIGHTS = tuple(pow(2, CODE_LENGTH - 1 - place, 11) for place in range(CODE_LENGTH - 1))
PERSON_CHECKS = "10X98765432"


class Flaw(StrEnum):
    """What is wrong with what was asked for. Append only: pages have words for them."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    BAD_MARKS = "bad_marks"
    NOT_18 = "not_18"  #: a company's code in China has eighteen characters
    BAD_TAX_NUMBER = "bad_tax_number"  #: its check digit does not fit, or its characters
    BAD_EMAIL = "bad_email"


class Closed(StrEnum):
    """Why no invoice can be asked for. Append only: pages have words for them."""

    CANCELLED = "cancelled"  #: and nothing was bought
    REFUNDED = "refunded"
    TOO_LATE = "too_late"
    MIRRORED = "mirrored"


class BadInvoice(CoreError):
    """A field of the invoice is missing or cannot be right."""

    def __init__(self, field: str, flaw: Flaw) -> None:
        self.field, self.flaw = field, flaw
        super().__init__(f"the invoice cannot be written: {field} is {flaw.replace('_', ' ')}")

    @property
    def facts(self) -> Mapping[str, str]:
        """What a program needs of it."""
        return {"field": self.field, "flaw": self.flaw}


class InvoiceClosed(OrdersError):
    """No invoice can be asked for, or changed, any more."""

    def __init__(self, order_id: OrderId, because: Closed) -> None:
        self.order_id, self.because = order_id, because
        told = because.replace("_", " ")
        super().__init__(f"no invoice can be asked for order {show('ord', order_id)}: {told}")


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """An invoice to a person, or to a company by its tax number."""

    title: str
    tax_number: str | None = None  #: none: to a person
    email: str | None = None

    def checked(self, *, country: str) -> "Invoice":
        """Return the invoice with its fields trimmed, once each can be right.

        Args:
            country: ISO 3166-1 alpha-2; in China a tax number has eighteen characters and a check.

        Raises:
            BadInvoice: For the first field that cannot be right.
        """
        title = _text("title", self.title, MOST_TITLE)
        if not title:
            raise BadInvoice("title", Flaw.MISSING)
        email = _text("email", self.email or "", MOST_EMAIL)
        if email and not EMAIL.fullmatch(email):
            raise BadInvoice("email", Flaw.BAD_EMAIL)
        number = "".join((self.tax_number or "").split()).upper()
        if number:
            _check_number(number, country)
        return Invoice(title=title, tax_number=number or None, email=email or None)


def closed(order: Order, *, window: timedelta, at: datetime) -> Closed | None:
    """Say why no invoice can be asked for an order, or None where one can.

    Args:
        window: How long after the order was delivered it may be asked for or changed.
    """
    if order.mirrored:
        return Closed.MIRRORED
    if order.standing is Standing.CANCELLED:
        return Closed.CANCELLED
    if order.payment in {Payment.REFUND_DUE, Payment.REFUNDED}:
        return Closed.REFUNDED
    if order.delivered_at is not None and at > order.delivered_at + window:
        return Closed.TOO_LATE
    return None


def _text(field: str, value: str, most: int) -> str:
    text = " ".join(value.split())
    if not text.isprintable():
        raise BadInvoice(field, Flaw.BAD_MARKS)
    if len(text) > most:
        raise BadInvoice(field, Flaw.TOO_LONG)
    return text


def _check_number(number: str, country: str) -> None:
    if country != HOME:
        if not ELSEWHERE.fullmatch(number):
            raise BadInvoice("tax_number", Flaw.BAD_TAX_NUMBER)
        return
    if len(number) != CODE_LENGTH:
        raise BadInvoice("tax_number", Flaw.NOT_18)
    if not (_is_company(number) or _is_person(number)):
        raise BadInvoice("tax_number", Flaw.BAD_TAX_NUMBER)


def _is_company(number: str) -> bool:
    """Say whether it is a unified social credit code: 31 characters, weighed by powers of 3."""
    if any(mark not in CODE_MARKS for mark in number):
        return False
    weighed = zip(number[:-1], CODE_WEIGHTS, strict=True)
    total = sum(CODE_MARKS.index(mark) * weight for mark, weight in weighed)
    return CODE_MARKS[-total % 31] == number[-1]


def _is_person(number: str) -> bool:
    """Say whether it is an identity number: weighed by powers of 2, its check may be an X."""
    if not PERSON.fullmatch(number):
        return False
    weighed = zip(number[:-1], PERSON_WEIGHTS, strict=True)
    return PERSON_CHECKS[sum(int(mark) * weight for mark, weight in weighed) % 11] == number[-1]
