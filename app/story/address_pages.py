"""Sending an order elsewhere, from its own page: to another door, or to a pickup station."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from app.http.pages import settings_of
from app.people.choices import ChannelName
from app.story.act_pages import WRONG, Knock, Visitor, begin, enter, shown
from app.story.acts import Action
from app.story.look_pages import View
from app.words import show
from orders_core.errors import NotFound
from orders_core.orders import address_station as stations
from orders_core.orders.address import BadAddress, ShipTo
from orders_core.orders.address_change import addresses_before, set_address

router = APIRouter(include_in_schema=False)

MOST = 400  # characters of a field that are looked at; the core says how many are too many
Typed = Annotated[str, Form(max_length=MOST)]
WHY = "address_changed"
HOMES = {"zh": "CN", "en": ""}  # what a form begins with where nothing is known


class AddressForm(BaseModel):
    """What was typed."""

    model_config = ConfigDict(extra="ignore", str_max_length=MOST)

    version: int
    name: str = ""
    phone: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    street: str = ""
    postal_code: str = ""

    def ship_to(self) -> ShipTo:
        """Return the address.

        Raises:
            BadAddress: For the first field that cannot be right.
        """
        return ShipTo(**self.model_dump(exclude={"version"}))


@router.get("/o/{token}/address")
def form(at: Visitor, city: Annotated[str, Query(max_length=MOST)] = "") -> Response:
    """Show where the order goes, and offer another door, a station, or an address from before."""
    view = enter(at, Action.ADDRESS)
    return view if isinstance(view, Response) else _shown(at, view, city=city)


@router.post("/o/{token}/address")
def change(at: Visitor, typed: Annotated[AddressForm, Form()]) -> Response:
    """Send the order to another door."""
    view = begin(at, Action.ADDRESS, typed.version)
    if isinstance(view, Response):
        return view
    try:
        to = typed.ship_to()
    except BadAddress as fault:
        return _shown(at, view, typed=typed.model_dump(), fault=fault)
    set_address(at.tx, at.order_id, to, change=at.change(WHY))
    return at.back("address")


@router.post("/o/{token}/station")
def to_station(at: Visitor, version: Annotated[int, Form()], code: Typed) -> Response:
    """Leave the order at a station for the same person."""
    view = begin(at, Action.STATION, version)
    if isinstance(view, Response):
        return view
    station = stations.find(at.tx, code)
    try:
        person = ShipTo(**{**_known(at, view), "country": station.country, "street": "-"})
    except BadAddress as fault:  # nobody knows whom it is for: the form above asks
        return _shown(at, view, fault=fault)
    to = stations.sent_to(person, station)
    set_address(at.tx, at.order_id, to, change=at.change(WHY))
    return at.back("station")


@router.post("/o/{token}/address/again")
def again(at: Visitor, version: Annotated[int, Form()], was: Annotated[UUID, Form()]) -> Response:
    """Send the order where it went before: this takes a change back."""
    view = begin(at, Action.ADDRESS, version)
    if isinstance(view, Response):
        return view
    before = addresses_before(at.tx, at.order_id)
    if was not in before:
        raise NotFound("address", was)
    set_address(at.tx, at.order_id, before[was], change=at.change(WHY))
    return at.back("address")


def _shown(
    at: Knock,
    view: View,
    *,
    city: str = "",
    typed: dict[str, Any] | None = None,
    fault: BadAddress | None = None,
) -> Response:
    known = _known(at, view)
    place = stations.At(known["country"], city or known["city"])
    return shown(
        at,
        view,
        "story/address.html",
        status=WRONG if fault else 200,
        typed=typed or known,
        fault=fault,
        countries=show.countries(view.locale),
        city=place.city,
        stations=stations.near(at.tx, place),
        before=addresses_before(at.tx, at.order_id),
    )


def _known(at: Knock, view: View) -> dict[str, str]:
    """Return what a form begins with: the address in force, else what is known of the person."""
    to, person = view.facts.address, view.facts.person
    if to is not None:
        return {name: getattr(to, name) or "" for name in FIELDS}
    phones = person.addresses.get(ChannelName.SMS, ())
    home = HOMES.get(settings_of(at.request).shop_locale, "")
    blank = dict.fromkeys(FIELDS, "")
    return {**blank, "name": person.name, "phone": phones[0] if phones else "", "country": home}


FIELDS = tuple(name for name in AddressForm.model_fields if name != "version")
