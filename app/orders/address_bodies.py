"""What the doors of addresses, invoices and stations read and show."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import ConfigDict

from app.http.body import Body, Line
from app.orders.bodies import AddressBody
from orders_core.ids import OrderId, show
from orders_core.orders.address import ShipTo
from orders_core.orders.address_station import Station
from orders_core.orders.invoice import Invoice

Short = Annotated[str, Line(200)]


class ShipToBody(AddressBody):
    """Whom an order is to go to, and where: a street, or a station that it is fetched from."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "林小雨",
                    "country": "CN",
                    "region": "浙江省",
                    "city": "杭州市",
                    "street": "文三路 1 号",
                    "phone": "+86 139 0000 0000",
                }
            ]
        }
    )


class InvoiceBody(Body):
    """To whom the invoice is: a company's has a tax number, a person's has none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "小满杂货有限公司",
                    "tax_number": "91350100M000100Y43",
                    "email": "books@shopper.example",
                }
            ]
        }
    )

    title: Annotated[str, Line(100)]
    tax_number: Annotated[str, Line(30)] | None = None
    email: Annotated[str, Line(120)] | None = None

    def invoice(self) -> Invoice:
        """Return the core's form of it, unchecked."""
        return Invoice(title=self.title, tax_number=self.tax_number, email=self.email)


class StationBody(Body):
    """A place where goods are kept until they are fetched; `name` as it stands on labels there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "文三路驿站",
                    "country": "CN",
                    "region": "浙江省",
                    "city": "杭州市",
                    "street": "文三路 12 号",
                }
            ]
        }
    )

    name: Short
    country: Annotated[str, Line(2)]
    city: Short
    street: Short
    region: Short | None = None
    postal_code: Annotated[str, Line(12)] | None = None
    is_open: bool = True

    def station(self, code: str) -> Station:
        """Return the station under its code."""
        return Station(code=code.strip(), **self.model_dump())


def ship_to_body(order_id: OrderId, to: ShipTo) -> dict[str, Any]:
    """Show where an order goes."""
    return {"order": show("ord", order_id), **asdict(to)}


def invoice_body(order_id: OrderId, one: Invoice) -> dict[str, Any]:
    """Show an invoice that was asked for."""
    return {"order": show("ord", order_id), **asdict(one)}


def station_body(station: Station) -> dict[str, Any]:
    """Show a station."""
    return asdict(station)
