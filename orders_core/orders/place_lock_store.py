"""The first round trip of placing: claim keys, lock levels, read prices, draw numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import psycopg
from psycopg.types.json import Jsonb

from orders_core.orders.allocate import Site
from orders_core.orders.choose import PlaceRequest, Shelf, Stock
from orders_core.orders.outcome import Draft
from orders_core.orders.pricing import Preorder, Tag, Tariff
from orders_core.tx import Tx, pipeline

KEY_WAIT = "SET LOCAL lock_timeout = '1s'"
USUAL_WAIT = "SET LOCAL lock_timeout TO DEFAULT"

TAKE_KEYS = """
INSERT INTO idempotency (scope, key, fingerprint, answer)
SELECT scope, key, decode(fingerprint, 'hex'), answer
FROM jsonb_to_recordset(%s) AS k (scope text, key text, fingerprint text, answer jsonb)
ON CONFLICT DO NOTHING
RETURNING scope, key
"""

# Once a pre-order's time has come, nothing is sold of its goods beyond those that are there.
LOCK_LEVELS = """
SELECT s.code, s.id, s.title_en, s.title_zh, s.price_minor, s.currency,
       l.warehouse, w.country, w.region, w.priority,
       CASE WHEN p.units > p.arrived AND p.warehouse = l.warehouse
              AND (p.ended_at IS NOT NULL OR p.release_at <= %(at)s)
         THEN GREATEST(l.on_hand - l.reserved, 0)
         ELSE l.on_hand + l.oversell_limit - l.reserved END - l.safety_stock - l.short,
       CASE WHEN p.ended_at IS NULL AND p.release_at > %(at)s THEN p.release_at END,
       p.deposit_minor
FROM level l JOIN sku s ON s.id = l.sku_id
JOIN warehouse w ON w.code = l.warehouse AND w.sells
LEFT JOIN preorder p ON p.sku_id = l.sku_id
WHERE s.code = ANY(%(codes)s)
ORDER BY l.sku_id, l.warehouse
FOR UPDATE OF l
"""

READ_TARIFFS = """
SELECT DISTINCT ON (l.code, s.code) l.code, l.currency, l.is_default, s.code, p.price_minor
FROM price_list l
LEFT JOIN (price p JOIN sku s ON s.id = p.sku_id AND s.code = ANY(%(codes)s))
  ON p.price_list = l.code
  AND coalesce(p.valid_from <= %(at)s, true) AND coalesce(p.valid_until > %(at)s, true)
WHERE l.code = ANY(%(lists)s) OR l.is_default AND l.currency = ANY(%(currencies)s)
ORDER BY l.code, s.code, p.valid_from DESC NULLS LAST
"""

TAKE_NUMBERS = "SELECT nextval('order_number') FROM generate_series(1, %s)"

ANSWERS = """
SELECT i.scope, i.key, i.fingerprint, i.answer, born.new
FROM unnest(%s::text[], %s::text[]) AS n (scope, key)
JOIN idempotency i ON i.scope = n.scope AND i.key = n.key
LEFT JOIN history born ON born.entity_id = (i.answer->>'order_id')::uuid AND born.version = 1
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What the first round trip brought: keys that are ours, stock under lock, order numbers."""

    new_keys: frozenset[tuple[str, str]]
    stock: Stock
    numbers: Sequence[int]


def lock(tx: Tx, drafts: Sequence[Draft], *, at: datetime) -> Taken:
    """Claim the keys, lock the levels in SKU order and draw the numbers, in one round trip.

    Every level of the wanted SKUs in a warehouse that sells is locked. A key that another
    transaction holds is waited for at most a second.
    """
    keyed = sorted(
        (d for d in drafts if d.request.key), key=lambda d: (d.request.scope, d.request.key)
    )
    requests = [draft.request for draft in drafts]
    with pipeline(tx) as driver:
        claims = driver.cursor()
        if keyed:
            driver.execute(KEY_WAIT)
            claims.execute(TAKE_KEYS, [_json([_claim(draft) for draft in keyed])])
            driver.execute(USUAL_WAIT)
        reading = _ask(driver, requests, at)
        numbers = driver.execute(TAKE_NUMBERS, [len(drafts)])
    # Read behind the block: a fetch inside would ask the server once more before the sync does.
    new_keys = frozenset(claims.fetchall()) if keyed else frozenset()
    return Taken(new_keys, _stock(*reading), [number for (number,) in numbers.fetchall()])


def look(tx: Tx, requests: Sequence[PlaceRequest], *, at: datetime) -> Stock:
    """Read again what this transaction has locked."""
    with pipeline(tx) as driver:
        reading = _ask(driver, requests, at)
    return _stock(*reading)


def answers(tx: Tx, names: Sequence[tuple[str, str]]) -> Sequence[tuple[Any, ...]]:
    """Read what was answered before under (scope, key) names, and how their orders first stood."""
    with pipeline(tx) as driver:
        rows = driver.execute(ANSWERS, [list(column) for column in zip(*names, strict=True)])
        return rows.fetchall()


Cursor = psycopg.Cursor[tuple[Any, ...]]


def _ask(
    driver: psycopg.Connection, requests: Sequence[PlaceRequest], at: datetime
) -> tuple[Cursor, Cursor | None]:
    """Queue the question for levels, and that for price lists where somebody asks for one."""
    codes = sorted({line.code for request in requests for line in request.lines})
    levels = driver.execute(LOCK_LEVELS, {"codes": codes, "at": at})
    lists = sorted({request.price_list for request in requests if request.price_list})
    currencies = sorted({request.currency for request in requests if request.currency})
    if not lists and not currencies:
        return levels, None
    asked = {"codes": codes, "at": at, "lists": lists, "currencies": currencies}
    return levels, driver.execute(READ_TARIFFS, asked)


def _stock(levels: Cursor, tariffs: Cursor | None) -> Stock:
    shelves: dict[str, Shelf] = {}
    available: dict[str, dict[str, int]] = {}
    sites: dict[str, Site] = {}
    for row in levels.fetchall():
        code, warehouse, units = row[0], row[6], row[10]
        available.setdefault(code, {})[warehouse] = units
        if warehouse not in sites:
            sites[warehouse] = Site(*row[6:10])
        if code not in shelves:
            shelves[code] = _shelf(row, available[code])
    return Stock(shelves=shelves, sites=sites, tariffs=_tariffs(tariffs) if tariffs else {})


def _shelf(row: tuple[Any, ...], available: Mapping[str, int]) -> Shelf:
    _, sku_id, title, title_zh, price_minor, currency, *_, release_at, deposit_minor = row
    preorder = Preorder(release_at, deposit_minor) if release_at else None
    return Shelf(
        sku_id=sku_id,
        title=title,
        title_zh=title_zh,
        tag=Tag(price_minor, currency, preorder),
        available=available,
    )


def _tariffs(rows: Cursor) -> Mapping[str, Tariff]:
    prices: dict[str, dict[str, int]] = {}
    heads: dict[str, tuple[str, bool]] = {}
    for code, currency, is_default, sku, price_minor in rows.fetchall():
        heads[code] = currency, is_default
        listed = prices.setdefault(code, {})
        if sku is not None:
            listed[sku] = price_minor
    return {code: Tariff(code, *head, prices[code]) for code, head in heads.items()}


def _claim(draft: Draft) -> dict[str, Any]:
    return {
        "scope": draft.request.scope,
        "key": draft.request.key,
        "fingerprint": draft.request.fingerprint.hex(),
        "answer": draft.promise(),
    }


def _json(rows: Sequence[Mapping[str, Any]]) -> Jsonb:
    return Jsonb(rows, dumps=orjson.dumps)
