"""The stations in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from orders_core.orders.tables import pickup_station
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Station:
    """A place where goods are kept until they are fetched."""

    code: str
    name: str
    country: str
    city: str
    street: str
    region: str | None = None
    postal_code: str | None = None
    is_open: bool = True


COLUMNS = [pickup_station.c[name] for name in Station.__dataclass_fields__]


def put(tx: Tx, station: Station) -> None:
    """Write a station, or write it again."""
    facts = asdict(station)
    tx.execute(
        insert(pickup_station)
        .values(facts)
        .on_conflict_do_update(index_elements=["code"], set_=facts)
    )


def find(tx: Tx, code: str) -> Station | None:
    """Read one station."""
    found = _read(tx, select(*COLUMNS).where(pickup_station.c.code == code))
    return found[0] if found else None


def in_city(tx: Tx, country: str, city: str, *, at_most: int) -> Sequence[Station]:
    """Read the open stations of a city, by name; one name may be the beginning of the other."""
    own, asked = func.lower(pickup_station.c.city), city.strip().lower()
    is_same = or_(  # 上海 and 上海市 are one city
        func.starts_with(asked, own), func.starts_with(own, asked)
    )
    wanted = select(*COLUMNS).where(
        pickup_station.c.country == country, is_same, pickup_station.c.is_open
    )
    return _read(tx, wanted.order_by(pickup_station.c.name, pickup_station.c.code).limit(at_most))


def page(tx: Tx, *, after: str, at_most: int) -> Sequence[Station]:
    """Read stations in code order."""
    wanted = select(*COLUMNS).where(pickup_station.c.code > after)
    return _read(tx, wanted.order_by(pickup_station.c.code).limit(at_most))


def _read(tx: Tx, wanted: Select[tuple[object, ...]]) -> Sequence[Station]:
    return [Station(**row._mapping) for row in tx.execute(wanted)]
