"""The statements of placing: driver statements in two pipelines, `place_*.sql` beside this file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from orders_core.events import Change
from orders_core.orders.choose import Fits, Shelf
from orders_core.orders.outcome import Draft, Writing
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

LOCK_LEVELS = """
SELECT s.code, s.id, l.warehouse, s.title_en, s.title_zh, s.price_minor, s.currency,
       l.on_hand + l.oversell_limit - l.reserved
FROM level l JOIN sku s ON s.id = l.sku_id
WHERE s.code = ANY(%s) AND l.warehouse = %s
ORDER BY l.sku_id, l.warehouse
FOR UPDATE OF l
"""

TAKE_NUMBERS = "SELECT nextval('order_number') FROM generate_series(1, %s)"

ANSWERS = """
SELECT i.scope, i.key, i.fingerprint, i.answer, born.new
FROM unnest(%s::text[], %s::text[]) AS n (scope, key)
JOIN idempotency i ON i.scope = n.scope AND i.key = n.key
LEFT JOIN history born ON born.entity_id = (i.answer->>'order_id')::uuid AND born.version = 1
"""

# Lines and the reservations that claim their units, in one statement: both say the same thing.
WRITE_LINES = """
WITH shelf AS (
  SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[])
    WITH ORDINALITY AS s (sku_id, code, title, title_zh, unit_minor, place)),
line AS (
  INSERT INTO order_line
    (order_id, position, sku_id, code, title, title_zh, quantity, unit_minor)
  SELECT l.order_id, l.position, s.sku_id, s.code, s.title, s.title_zh, l.quantity, s.unit_minor
  FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::int[])
    AS l (order_id, position, place, quantity) JOIN shelf s USING (place)
  RETURNING order_id, sku_id, quantity)
INSERT INTO reservation (id, order_id, sku_id, warehouse, quantity)
SELECT uuid7(), order_id, sku_id, %s, quantity FROM line
"""

WRITE_ORDERS = """
INSERT INTO orders (id, number, source, reference, person_id, status, currency, total_minor,
                    placed_at, changed_by, change_reason, changed_at, ring)
SELECT id, number, 'shop', reference, person_id, 'placed', currency, total_minor,
       %s, %s, %s, %s, %s
FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::uuid[], %s::text[], %s::bigint[])
  AS o (id, number, reference, person_id, currency, total_minor)
"""

KEEP_ANSWERS = """
UPDATE idempotency i SET answer = a.answer
FROM jsonb_to_recordset(%s) AS a (scope text, key text, answer jsonb)
WHERE i.scope = a.scope AND i.key = a.key
"""

TAKE_UNITS = """
UPDATE level l SET reserved = l.reserved + t.units
FROM unnest(%s::uuid[], %s::int[]) AS t (sku_id, units)
WHERE l.sku_id = t.sku_id AND l.warehouse = %s
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What the first round trip brought: keys that are ours, shelves under lock, order numbers."""

    new_keys: frozenset[tuple[str, str]]
    shelves: Mapping[str, Shelf]
    numbers: Sequence[int]


def lock(tx: Tx, drafts: Sequence[Draft], codes: Sequence[str], *, warehouse: str) -> Taken:
    """Claim the keys, lock the levels in SKU order and draw the numbers, in one round trip.

    A key that another transaction holds is waited for at most a second.
    """
    keyed = sorted(
        (d for d in drafts if d.request.key), key=lambda d: (d.request.scope, d.request.key)
    )
    with pipeline(tx) as driver:
        claims = driver.cursor()
        if keyed:
            driver.execute(KEY_WAIT)
            claims.execute(TAKE_KEYS, [_json([_claim(draft) for draft in keyed])])
            driver.execute(USUAL_WAIT)
        levels = driver.execute(LOCK_LEVELS, [list(codes), warehouse])
        numbers = driver.execute(TAKE_NUMBERS, [len(drafts)])
    # Read behind the block: a fetch inside would ask the server once more before the sync does.
    new_keys = frozenset(claims.fetchall()) if keyed else frozenset()
    shelves = {row[0]: _shelf(row) for row in levels.fetchall()}
    return Taken(new_keys, shelves, [number for (number,) in numbers.fetchall()])


def _claim(draft: Draft) -> dict[str, Any]:
    return {
        "scope": draft.request.scope,
        "key": draft.request.key,
        "fingerprint": draft.request.fingerprint.hex(),
        "answer": draft.promise(),
    }


def _shelf(row: tuple[Any, ...]) -> Shelf:
    _, sku_id, warehouse, title, title_zh, price_minor, currency, available = row
    return Shelf(
        sku_id=sku_id,
        warehouse=warehouse,
        title=title,
        title_zh=title_zh,
        price_minor=price_minor,
        currency=currency,
        available=available,
    )


def answers(tx: Tx, names: Sequence[tuple[str, str]]) -> Sequence[tuple[Any, ...]]:
    """Read what was answered before under (scope, key) names, and how their orders first stood."""
    with pipeline(tx) as driver:
        rows = driver.execute(ANSWERS, [list(column) for column in zip(*names, strict=True)])
        return rows.fetchall()


def write(
    tx: Tx,
    writings: Sequence[Writing],
    *,
    shelves: Mapping[str, Shelf],
    units: Mapping[str, int],
    change: Change,
    answers: Sequence[tuple[str, str, Mapping[str, Any]]],
) -> None:
    """Write what was chosen in one round trip: lines, claims, orders, answers, levels last."""
    fitting = [(w, w.choice) for w in writings if isinstance(w.choice, Fits)]
    with pipeline(tx) as driver:
        if fitting:
            driver.execute(WRITE_LINES, _lines(fitting, shelves))
            driver.execute(WRITE_ORDERS, _orders(fitting, change))
        if answers:
            kept = [{"scope": scope, "key": key, "answer": body} for scope, key, body in answers]
            # Planned each time: a plan kept from when the table was small would read all of it.
            driver.execute(KEEP_ANSWERS, [_json(kept)], prepare=False)
        if units:
            taken = [(shelves[code], count) for code, count in units.items()]
            warehouse = taken[0][0].warehouse
            ids = [shelf.sku_id for shelf, _ in taken]
            counts = [count for _, count in taken]
            driver.execute(TAKE_UNITS, [array(ids), array(counts), warehouse])


def _lines(fitting: Sequence[tuple[Writing, Fits]], shelves: Mapping[str, Shelf]) -> list[Any]:
    used = list(shelves.items())
    place_of = {code: place for place, (code, _) in enumerate(used, start=1)}
    rows = [
        (writing.draft.order_id, position, place_of[code], quantity)
        for writing, fits in fitting
        for position, (code, quantity) in enumerate(fits.quantities.items(), start=1)
    ]
    return [
        array(shelf.sku_id for _, shelf in used),
        [code for code, _ in used],
        [shelf.title for _, shelf in used],
        [shelf.title_zh for _, shelf in used],
        array(shelf.price_minor for _, shelf in used),
        *(array(column) for column in zip(*rows, strict=True)),
        used[0][1].warehouse,
    ]


def _orders(fitting: Sequence[tuple[Writing, Fits]], change: Change) -> list[Any]:
    return [
        *(change.at, change.by, change.why, change.at, change.ring),
        array(writing.draft.order_id for writing, _ in fitting),
        array(writing.number for writing, _ in fitting),
        [writing.draft.request.reference for writing, _ in fitting],
        array(writing.draft.request.person_id for writing, _ in fitting),
        [fits.currency for _, fits in fitting],
        array(fits.total_minor for _, fits in fitting),
    ]


def _json(rows: Sequence[Mapping[str, Any]]) -> Jsonb:
    return Jsonb(rows, dumps=orjson.dumps)


def array(values: Iterable[UUID | int]) -> str:
    """Write ids or numbers as an array literal: a third of the time the driver's own way takes."""
    return f"{{{','.join(map(str, values))}}}"
