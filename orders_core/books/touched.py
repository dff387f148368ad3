"""What a step looks at: what changed since the mark, what is broken already, and whose turn it is.

Tracked tables tell of every change by their history. Movements say in which transaction they were
written, and the ids of reservations and lines when they were made. What changes without any of
these, such as a counter or an old line falsified by hand, comes up when it is its turn: each step
looks besides at the next `IN_TURN` of every kind, so that a small shop is looked at whole by every
step and a large one by and by; the nightly whole run is the end of the tether.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from orders_core.tx import Tx

IN_TURN = 500
AT_ONCE = 10_000  # keys that one query is asked about

Touched = Mapping[str, Sequence[UUID]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What keys may be keys of: the query that finds those touched, and the table they stand in.

    The query knows `since` (machine time), `xid`, and as arrays the kinds before it by name.
    Without a table no key comes up in turn.
    """

    about: str
    query: str
    table: str | None = None


KINDS = (
    Kind(
        about="event",
        query="""
SELECT id FROM history WHERE id >= uuid7_floor(%(since)s)
UNION SELECT id FROM outbox WHERE id >= uuid7_floor(%(since)s)""",
        table="history",
    ),
    Kind(
        about="movement",
        query="SELECT id FROM movement WHERE written_in >= %(xid)s",
        table="movement",
    ),
    Kind(
        about="order",
        query="""
SELECT entity_id FROM history WHERE id >= uuid7_floor(%(since)s) AND entity = 'order'
UNION SELECT (new ->> 'order_id')::uuid FROM history
  WHERE id >= uuid7_floor(%(since)s) AND new ->> 'order_id' IS NOT NULL
UNION SELECT order_id FROM reservation WHERE id >= uuid7_floor(%(since)s)
UNION SELECT order_id FROM payment WHERE id >= uuid7_floor(%(since)s)
UNION SELECT order_id FROM shortage WHERE id >= uuid7_floor(%(since)s)
UNION SELECT order_id FROM order_line WHERE order_id >= uuid7_floor(%(since)s)
UNION SELECT r.order_id FROM movement m JOIN reservation r ON r.id = m.cause_id
  WHERE m.id = ANY(%(movement)s)""",
        table="orders",
    ),
    Kind(
        about="booking",
        query="""
SELECT id FROM booking WHERE id >= uuid7_floor(%(since)s)
UNION SELECT id FROM booking WHERE id = ANY(%(order)s)""",
        table="booking",
    ),
    Kind(
        about="transfer",
        query="""
SELECT id FROM stock_transfer WHERE id >= uuid7_floor(%(since)s)
UNION SELECT cause_id FROM movement WHERE id = ANY(%(movement)s) AND cause = 'transfer'""",
        table="stock_transfer",
    ),
    Kind(
        about="count",
        query="""
SELECT id FROM stock_count WHERE id >= uuid7_floor(%(since)s)
UNION SELECT cause_id FROM movement WHERE id = ANY(%(movement)s) AND cause = 'count'""",
        table="stock_count",
    ),
    Kind(
        about="level",
        query="""
SELECT entity_id FROM history WHERE id >= uuid7_floor(%(since)s) AND entity = 'level'
UNION SELECT l.id FROM level l JOIN movement m USING (sku_id, warehouse)
  WHERE m.id = ANY(%(movement)s)
UNION SELECT l.id FROM level l JOIN reservation r USING (sku_id, warehouse)
  WHERE r.order_id = ANY(%(order)s)""",
        table="level",
    ),
    Kind(
        about="entity",
        query="""
SELECT entity_id FROM history WHERE id >= uuid7_floor(%(since)s)
UNION SELECT parcel_id FROM checkpoint WHERE id >= uuid7_floor(%(since)s)
UNION SELECT unnest(%(order)s::uuid[]) UNION SELECT unnest(%(level)s::uuid[])""",
    ),
)

BROKEN = "SELECT key::uuid FROM books_breach WHERE invariant = ANY(%(names)s)"
TURN = """
SELECT id FROM {table}
WHERE id > coalesce((SELECT last FROM books_turn WHERE about = %(about)s),
                    '00000000-0000-0000-0000-000000000000')
ORDER BY id LIMIT %(most)s
"""
TURNED = """
INSERT INTO books_turn (about, last) VALUES (%(about)s, %(last)s)
ON CONFLICT (about) DO UPDATE SET last = excluded.last
"""
NIL = UUID(int=0)


def touched(
    tx: Tx,
    kinds: Sequence[Kind],
    *,
    since: datetime,
    xid: int,
    promised: Mapping[str, Sequence[str]],
    in_turn: int = IN_TURN,
) -> Touched:
    """Return the keys to look at, by what they are keys of.

    `promised` names the promises about each kind: what breaks one of them is looked at until it
    holds again.
    """
    found: dict[str, Sequence[UUID]] = {}
    for kind in kinds:
        facts: dict[str, Any] = {"since": since, "xid": xid}
        facts |= {name: list(keys) for name, keys in found.items()}
        keys = set(tx.exec_driver_sql(kind.query, facts).scalars())
        names = {"names": list(promised.get(kind.about, ()))}
        keys |= set(tx.exec_driver_sql(BROKEN, names).scalars())
        if kind.table:
            keys |= set(_in_turn(tx, kind.about, kind.table, most=in_turn))
        found[kind.about] = sorted(keys)
    return found


def _in_turn(tx: Tx, about: str, table: str, *, most: int) -> Sequence[UUID]:
    query = TURN.format(table=table)
    keys = tx.exec_driver_sql(query, {"about": about, "most": most}).scalars().all()
    last = keys[-1] if keys and len(keys) == most else NIL
    tx.exec_driver_sql(TURNED, {"about": about, "last": last})
    return keys
