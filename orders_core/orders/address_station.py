"""Pickup stations that the shop's carriers bring goods to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orders_core.errors import NotFound
from orders_core.orders import address_station_store as store
from orders_core.orders.address import ShipTo
from orders_core.orders.address_station_store import Station
from orders_core.tx import Tx

__all__ = ["At", "Station", "find", "near", "page", "put", "sent_to"]

MOST_NEAR = 20


@dataclass(frozen=True)
class At:
    """A place that stations are looked for in; `country` is ISO 3166-1 alpha-2."""

    country: str
    city: str


def put(tx: Tx, station: Station) -> None:
    """Write a station; one that exists takes the new facts, and orders on their way keep theirs.

    Raises:
        BadAddress: If nothing could be sent there.
    """
    sent_to(ShipTo(name=station.name, country=station.country, street=station.street), station)
    store.put(tx, station)


def find(tx: Tx, code: str) -> Station:
    """Read an open station.

    Raises:
        NotFound: If there is none of that code, or it was closed.
    """
    station = store.find(tx, code)
    if station is None or not station.is_open:
        raise NotFound("pickup station", code)
    return station


def near(tx: Tx, at: At) -> Sequence[Station]:
    """Return the open stations of a city, by name; of no city in particular none."""
    if not at.city.strip():
        return []
    return store.in_city(tx, at.country, at.city, at_most=MOST_NEAR)


def page(tx: Tx, *, after: str, at_most: int) -> Sequence[Station]:
    """Return the stations in code order, those behind `after`."""
    return store.page(tx, after=after, at_most=at_most)


def sent_to(address: ShipTo, station: Station) -> ShipTo:
    """Return an address with the goods left at a station for the same person.

    Raises:
        BadAddress: If nothing could be sent there.
    """
    return replace(
        address,
        country=station.country,
        region=station.region,
        city=station.city,
        street=station.street,
        postal_code=station.postal_code,
        station=station.name,
    )
