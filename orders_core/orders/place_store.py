"""The second round trip of placing: lines, claims, addresses, orders, answers; levels last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg.types.json import Jsonb

from orders_core.events import Change
from orders_core.ids import new_id
from orders_core.orders import gift_store
from orders_core.orders.address import ShipTo
from orders_core.orders.choose import Fits, Shelf
from orders_core.orders.outcome import Draft, Writing
from orders_core.tx import Tx, pipeline

# Lines and the reservations that claim their units, in one statement: both say the same thing.
# A line whose units come from several warehouses (none here) is claimed by WRITE_SPLIT_CLAIMS.
WRITE_LINES = """
WITH shelf AS (
  SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[])
    WITH ORDINALITY AS s (sku_id, code, title, title_zh, place)),
wish AS (
  SELECT * FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::int[], %s::bigint[], %s::int[])
    AS l (order_id, position, place, quantity, unit_minor, site)),
line AS (
  INSERT INTO order_line
    (order_id, position, sku_id, code, title, title_zh, quantity, unit_minor)
  SELECT order_id, position, sku_id, code, title, title_zh, quantity, unit_minor
  FROM wish JOIN shelf USING (place))
INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity, held_at, expires_at)
SELECT uuid7(), order_id, sku_id, (%s::text[])[site], quantity, %s, %s
FROM wish JOIN shelf USING (place) WHERE site > 0
"""

WRITE_SPLIT_CLAIMS = """
INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity, held_at, expires_at)
SELECT uuid7(), order_id, sku_id, warehouse, quantity, %s, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::int[])
  AS c (order_id, sku_id, warehouse, quantity)
"""

WRITE_ADDRESSES = """
INSERT INTO ship_to (id, order_id, name, phone, country, region, city, street, postal_code,
                     station, set_by, set_at)
SELECT a.*, %s, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::text[], %s::text[]) AS a
"""

# Arrays may be shorter than the first: what they leave out is NULL.
WRITE_ORDERS = """
INSERT INTO orders (id, number, source, reference, person_id, status, currency, total_minor,
                    deposit_minor, balance_from, ship_to, is_trial, placed_at, pay_until,
                    changed_by, change_reason, changed_at, ring)
SELECT id, number, 'shop', reference, person_id, 'placed', currency, total_minor,
       deposit_minor, balance_from, ship_to, id = ANY (%s::uuid[]), %s, %s, %s, %s, %s, %s
FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::uuid[], %s::text[], %s::bigint[],
            %s::bigint[], %s::timestamptz[], %s::uuid[])
  AS o (id, number, reference, person_id, currency, total_minor,
        deposit_minor, balance_from, ship_to)
"""

KEEP_ANSWERS = """
UPDATE idempotency i SET answer = a.answer
FROM jsonb_to_recordset(%s) AS a (scope text, key text, answer jsonb)
WHERE i.scope = a.scope AND i.key = a.key
"""

TAKE_UNITS = """
UPDATE level l SET reserved = l.reserved + t.units
FROM unnest(%s::uuid[], %s::text[], %s::int[]) AS t (sku_id, warehouse, units)
WHERE l.sku_id = t.sku_id AND l.warehouse = t.warehouse
"""

Answer = tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Fitting:
    """An order that is written: its draft, its number and what was chosen for it."""

    draft: Draft
    number: int
    fits: Fits


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch writes beside its orders: units taken by (SKU code, warehouse), and answers."""

    units: Mapping[tuple[str, str], int]
    answers: Sequence[Answer]
    pay_until: datetime | None


def write(
    tx: Tx,
    writings: Sequence[Writing],
    written: Written,
    *,
    shelves: Mapping[str, Shelf],
    change: Change,
) -> None:
    """Write what was chosen in one round trip: lines, claims, orders, answers, levels last."""
    fitting = [Fitting(w.draft, w.number, w.choice) for w in writings if isinstance(w.choice, Fits)]
    with pipeline(tx) as driver:
        if fitting:
            _write_claims(driver, fitting, shelves, times=(change.at, written.pay_until))
            addresses = _write_addresses(driver, fitting, change)
            rows = _orders(fitting, addresses)
            requests = [(order.draft.order_id, order.draft.request) for order in fitting]
            trials = array(id_ for id_, one in requests if one.is_trial)
            about = (change.at, written.pay_until, change.by, change.why, change.at, change.ring)
            driver.execute(WRITE_ORDERS, [trials, *about, *rows])
            gift_store.write(driver, [(id_, one.gift) for id_, one in requests if one.gift])
        if written.answers:
            kept = [{"scope": s, "key": k, "answer": body} for s, k, body in written.answers]
            # Planned each time: a plan kept from when the table was small would read all of it.
            driver.execute(KEEP_ANSWERS, [Jsonb(kept, dumps=orjson.dumps)], prepare=False)
        if written.units:
            ids = array(shelves[code].sku_id for code, _ in written.units)
            warehouses = [warehouse for _, warehouse in written.units]
            driver.execute(TAKE_UNITS, [ids, warehouses, array(written.units.values())])


def _write_claims(
    driver: psycopg.Connection,
    fitting: Sequence[Fitting],
    shelves: Mapping[str, Shelf],
    *,
    times: tuple[datetime, datetime | None],
) -> None:
    used = list(shelves.items())
    place_of = {code: place for place, (code, _) in enumerate(used, start=1)}
    sites: dict[str, int] = {}
    lines: list[tuple[UUID | int, ...]] = []
    split: list[tuple[UUID, UUID, str, int]] = []
    for order in fitting:
        whole = _whole(order.fits, sites)
        order_id = order.draft.order_id
        unit_minor = order.fits.bill.unit_minor
        for position, (code, quantity) in enumerate(order.fits.quantities.items(), start=1):
            site = whole.get(code, 0)
            lines.append((order_id, position, place_of[code], quantity, unit_minor[code], site))
        split += [
            (order_id, shelves[take.code].sku_id, take.warehouse, take.units)
            for take in order.fits.takes
            if take.code not in whole
        ]
    titles = zip(*((shelf.title, shelf.title_zh) for _, shelf in used), strict=True)
    goods = [array(shelf.sku_id for _, shelf in used), list(place_of), *map(list, titles)]
    columns = (array(column) for column in zip(*lines, strict=True))
    driver.execute(WRITE_LINES, [*goods, *columns, list(sites), *times])
    if split:
        ids, sku_ids, warehouses, quantities = zip(*split, strict=True)
        claims = [array(ids), array(sku_ids), list(warehouses), array(quantities)]
        driver.execute(WRITE_SPLIT_CLAIMS, [*times, *claims])


def _whole(fits: Fits, sites: dict[str, int]) -> dict[str, int]:
    """Number the warehouse of each SKU that comes from one alone; numbers are kept in `sites`."""
    return {
        take.code: sites.setdefault(take.warehouse, len(sites) + 1)
        for take in fits.takes
        if take.units == fits.quantities[take.code]
    }


def _write_addresses(
    driver: psycopg.Connection, fitting: Sequence[Fitting], change: Change
) -> Sequence[UUID | None]:
    """Write where the orders go; return the addresses' ids, none where nobody gave any."""
    given = [order.draft.request.ship_to for order in fitting]
    if not any(given):
        return []
    ids = [new_id() if address else None for address in given]
    rows = [
        (address_id, order.draft.order_id, *_address(address))
        for address_id, order, address in zip(ids, fitting, given, strict=True)
        if address
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    driver.execute(WRITE_ADDRESSES, [change.by, change.at, *columns])
    return ids


def _address(to: ShipTo) -> tuple[str | None, ...]:
    place = (to.country, to.region, to.city, to.street, to.postal_code, to.station)
    return to.name, to.phone, *place


def _orders(fitting: Sequence[Fitting], addresses: Sequence[UUID | None]) -> list[Any]:
    bills = [order.fits.bill for order in fitting]
    requests = [order.draft.request for order in fitting]
    first = [bill.deposit_minor for bill in bills]
    has_deposits = any(first)
    return [
        array(order.draft.order_id for order in fitting),
        array(order.number for order in fitting),
        [request.reference for request in requests],
        array(request.person_id for request in requests),
        [bill.currency for bill in bills],
        array(bill.total_minor for bill in bills),
        first if has_deposits else [],
        [bill.balance_from for bill in bills] if has_deposits else [],
        list(addresses),
    ]


def array(values: Iterable[UUID | int]) -> str:
    """Write ids or numbers as an array literal: a third of the time the driver's own way takes."""
    return f"{{{','.join(map(str, values))}}}"
