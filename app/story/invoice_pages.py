"""Asking for the invoice of an order, from its own page."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from app.people.choices import ChannelName
from app.story.act_pages import WRONG, Knock, Visitor, begin, enter, shown
from app.story.acts import NO_END, Action
from app.story.facts import Facts
from app.story.look_pages import View
from orders_core.orders.invoice import HOME, BadInvoice, Flaw, Invoice
from orders_core.orders.invoice_ask import ask_invoice

router = APIRouter(include_in_schema=False)

MOST = 400


class InvoiceForm(BaseModel):
    """What was typed; `kind` says whether it is to a company."""

    model_config = ConfigDict(extra="ignore", str_max_length=MOST)

    version: int
    kind: Literal["person", "company"] = "person"
    title: str = ""
    tax_number: str = ""
    email: str = ""

    def invoice(self, *, country: str) -> Invoice:
        """Return the invoice.

        Raises:
            BadInvoice: For the first field that cannot be right.
        """
        number = self.tax_number if self.kind == "company" else ""
        made = Invoice(title=self.title, tax_number=number, email=self.email)
        checked = made.checked(country=country)
        if self.kind == "company" and checked.tax_number is None and country == HOME:
            raise BadInvoice("tax_number", Flaw.MISSING)
        return checked


@router.get("/o/{token}/invoice")
def form(at: Visitor) -> Response:
    """Ask what is to be written on it."""
    view = enter(at, Action.INVOICE)
    return view if isinstance(view, Response) else _shown(at, view)


@router.post("/o/{token}/invoice")
def ask(at: Visitor, typed: Annotated[InvoiceForm, Form()]) -> Response:
    """Ask for it; the last word counts."""
    view = begin(at, Action.INVOICE, typed.version)
    if isinstance(view, Response):
        return view
    try:
        wanted = typed.invoice(country=country_of(view.facts))
    except BadInvoice as fault:
        return _shown(at, view, typed=typed, fault=fault)
    ask_invoice(at.tx, at.order_id, wanted, window=NO_END, change=at.change("invoice_asked"))
    return at.back("invoice")


def country_of(facts: Facts) -> str:
    """Say where the invoice is for: where the order goes, else where its money is used."""
    if facts.address is not None:
        return facts.address.country
    return HOME if facts.order.currency == "CNY" else ""


def _shown(
    at: Knock, view: View, *, typed: InvoiceForm | None = None, fault: BadInvoice | None = None
) -> Response:
    return shown(
        at,
        view,
        "story/invoice.html",
        status=WRONG if fault else 200,
        typed=typed or _known(view.facts),
        fault=fault,
        is_home=country_of(view.facts) == HOME,
    )


def _known(facts: Facts) -> InvoiceForm:
    emails = facts.person.addresses.get(ChannelName.EMAIL, ())
    asked = facts.invoice or replace(
        Invoice(title=facts.person.name), email=emails[0] if emails else None
    )
    return InvoiceForm(
        version=facts.order.version,
        kind="company" if asked.tax_number else "person",
        title=asked.title,
        tax_number=asked.tax_number or "",
        email=asked.email or "",
    )
