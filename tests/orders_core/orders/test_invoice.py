"""The invoice of an order: checked, one in force, the last word counts, not for ever."""

from datetime import timedelta

import pytest

from orders_core.ids import OrderId
from orders_core.orders.invoice import BadInvoice, Closed, Flaw, Invoice, InvoiceClosed
from orders_core.orders.invoice_ask import WINDOW, ask_invoice, invoice_of
from orders_core.orders.order import OrderStatus
from orders_core.outbox.reading import history_of
from orders_core.tx import Tx
from tests.buying import MUG, bought, change, fill, moved, order, paid, rows
from tests.shop import MORNING

CODE = "91350100M000100Y43"  # of the standard's own example
TRADER = "11010519491231002X"
PERSON = Invoice(title="林小雨", email="lin@shopper.example")
COMPANY = Invoice(title="小满杂货有限公司", tax_number=CODE)


@pytest.fixture
def mine(tx: Tx) -> OrderId:
    """An order that was paid."""
    fill(tx, {MUG: 5})
    return paid(tx, bought(tx, (MUG, 1)))


@pytest.mark.parametrize("number", [CODE, CODE.lower(), "9135 0100 M000 100Y 43", TRADER])
def test_a_tax_number_of_china_has_eighteen_characters_that_fit(number: str) -> None:
    checked = Invoice(title=" A  B ", tax_number=number).checked(country="CN")

    assert checked.tax_number in {CODE, TRADER}
    assert checked.title == "A B"


@pytest.mark.parametrize(
    ("given", "country", "field", "flaw"),
    [
        (Invoice(title=" "), "CN", "title", Flaw.MISSING),
        (Invoice(title="x" * 101), "CN", "title", Flaw.TOO_LONG),
        (Invoice(title="a\x07"), "CN", "title", Flaw.BAD_MARKS),
        (Invoice(title="x", email="nobody"), "CN", "email", Flaw.BAD_EMAIL),
        (Invoice(title="x", tax_number=CODE[:15]), "CN", "tax_number", Flaw.NOT_18),
        (Invoice(title="x", tax_number=CODE[:-1] + "4"), "CN", "tax_number", Flaw.BAD_TAX_NUMBER),
        (
            Invoice(title="x", tax_number="I" + CODE[1:]),
            "CN",
            "tax_number",
            Flaw.BAD_TAX_NUMBER,
        ),
        (Invoice(title="x", tax_number="NL-1!"), "NL", "tax_number", Flaw.BAD_TAX_NUMBER),
    ],
)
def test_a_field_that_cannot_be_right_is_named(
    given: Invoice, country: str, field: str, flaw: Flaw
) -> None:
    with pytest.raises(BadInvoice) as refused:
        given.checked(country=country)

    assert (refused.value.field, refused.value.flaw) == (field, flaw)


def test_a_vat_number_abroad_is_taken_as_it_is() -> None:
    vat = Invoice(title="Ashby Ltd", tax_number="gb 123456789").checked(country="GB")

    assert vat.tax_number == "GB123456789"


def test_of_two_invoices_the_last_is_in_force_and_both_are_kept(tx: Tx, mine: OrderId) -> None:
    ask_invoice(tx, mine, PERSON, change=change("shopper"))
    ask_invoice(tx, mine, COMPANY, change=change("shopper"))

    assert invoice_of(tx, mine) == COMPANY
    assert rows(tx, "invoice") == 2
    assert history_of(tx, mine)[-1].type == "order.invoice_asked"


def test_the_same_invoice_twice_is_asked_for_once(tx: Tx, mine: OrderId) -> None:
    first = ask_invoice(tx, mine, PERSON, change=change())
    version = order(tx, mine).version

    assert ask_invoice(tx, mine, PERSON, change=change()) == first
    assert rows(tx, "invoice") == 1
    assert order(tx, mine).version == version


def test_it_can_be_changed_until_its_days_after_the_delivery_are_over(
    tx: Tx, mine: OrderId
) -> None:
    moved(tx, moved(tx, mine, OrderStatus.SHIPPED), OrderStatus.DELIVERED)
    ask_invoice(tx, mine, PERSON, change=change(at=MORNING + WINDOW))

    with pytest.raises(InvoiceClosed) as refused:
        ask_invoice(tx, mine, COMPANY, change=change(at=MORNING + WINDOW + timedelta(seconds=1)))

    assert refused.value.because is Closed.TOO_LATE
    ask_invoice(
        tx, mine, COMPANY, window=2 * WINDOW, change=change(at=MORNING + WINDOW + timedelta(days=1))
    )


def test_nothing_was_bought_so_nothing_is_invoiced(tx: Tx, mine: OrderId) -> None:
    moved(tx, mine, OrderStatus.CANCELLED)

    with pytest.raises(InvoiceClosed) as refused:
        ask_invoice(tx, mine, PERSON, change=change())

    assert refused.value.because is Closed.CANCELLED
