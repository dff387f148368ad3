"""Databases that hold so many orders already, for `bench.growth` to sell from.

One order of every kind is placed, paid and shipped through the core; the rest are copies of its
rows under ids of their own, written by one statement a table with the triggers off. They are spread
over this month, as a month of sales would be, and the books balance on them. Their events carry
the columns that say what happened and not the whole row, which keeps a million orders below six
gigabytes; nothing that sells or checks reads more of them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from app.db.engine import make_engine
from app.db.transaction import begin
from bench import till
from bench.ground import Ground, alone, copied
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change, Ring
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.move import move
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from orders_core.orders.pay import pay
from orders_core.orders.place import place
from orders_core.stock import level
from orders_core.tx import Tx, metadata

KINDS = 64
PLENTY = 100_000_000
MONTH_TO_NOW = timedelta(hours=2)  # what the books' first step after a whole run does not look at
SECONDS = 900.0  # that a statement of the filling or of a whole run may take

MODELS = """
CREATE TABLE bench_model AS
SELECT row_number() OVER (ORDER BY r.id) - 1 AS kind, r.order_id, r.id AS reservation_id, i.key
FROM reservation r JOIN idempotency i ON (i.answer ->> 'order_id')::uuid = r.order_id
"""
COPIED = """
INSERT INTO {table} ({columns})
SELECT {values}
FROM (SELECT n, %(start_ms)s + n * %(span_ms)s / %(orders)s AS ms
      FROM generate_series(1, %(orders)s::bigint) n) s
JOIN bench_model b ON b.kind = s.n %% {kinds}
JOIN {table} m ON {model}
"""
SOLD = """
UPDATE level l SET on_hand = on_hand - gone.units
FROM (SELECT m.sku_id, m.warehouse, -sum(m.delta) - 1 AS units
      FROM movement m WHERE m.cause = 'sale' GROUP BY m.sku_id, m.warehouse) gone
WHERE l.sku_id = gone.sku_id AND l.warehouse = gone.warehouse
"""
TOLD = ("number", "person_id", "status", "payment", "fulfilment", "total_minor")


def _id(slot: str, of: str = "n") -> str:
    """Write an id as SQL: of the order's own millisecond, and no two alike."""
    return (
        f"(lpad(to_hex(ms), 12, '0') || '7' || lpad({slot}, 3, '0') || '8000'"
        f" || lpad(to_hex({of}), 12, '0'))::uuid"
    )


ORDER, RESERVATION, PERSON = _id("'1'"), _id("'2'"), _id("'9'", of="n / 5")
EVENT = _id("to_hex(16 + m.version)")
FIRST = 1_000_000  # of the numbers of copies
NUMBER = f"{FIRST} + n"
PAID_BY = "'bench-' || n"
TOLD_OF = ", ".join(f"'{name}', m.new -> '{name}'" for name in TOLD if name != "number")
NEW = f"jsonb_build_object('number', {NUMBER}, {TOLD_OF})"

#: Of each table the rows of the model order, and what differs in a copy of them.
COPIES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "order_line": ("m.order_id = b.order_id", {"order_id": ORDER}),
    "orders": (
        "m.id = b.order_id",
        {
            "id": ORDER,
            "number": NUMBER,
            "payment_reference": PAID_BY,
            "placed_at": "to_timestamp(ms / 1000.0)",
            "paid_at": "to_timestamp(ms / 1000.0)",
            "shipped_at": "to_timestamp(ms / 1000.0)",
        },
    ),
    "reservation": ("m.order_id = b.order_id", {"id": RESERVATION, "order_id": ORDER}),
    "movement": (
        "m.cause = 'sale' AND m.cause_id = b.reservation_id",
        {
            "id": _id("'3'"),
            "cause_id": RESERVATION,
            "written_in": "pg_current_xact_id()::text::bigint",
        },
    ),
    "payment": (
        "m.order_id = b.order_id",
        {"id": _id("'4'"), "order_id": ORDER, "reference": PAID_BY},
    ),
    "history": (
        "m.entity = 'order' AND m.entity_id = b.order_id",
        {"id": EVENT, "entity_id": ORDER, "old": "NULL", "new": NEW},
    ),
    "outbox": (
        "m.entity_id = b.order_id",
        {"id": EVENT, "entity_id": ORDER, "state": "'done'"},
    ),
    "idempotency": (
        "m.scope = 'bench' AND m.key = b.key",
        {
            "key": "md5(n::text)",
            "answer": f"jsonb_set(m.answer, '{{order_id}}', to_jsonb({ORDER}))",
        },
    ),
}


def prepare(engine: Engine) -> None:
    """Put the goods on the shelf, and sell one of each kind for the copies to be made from."""
    now = datetime.now(UTC)
    seed = Change(by="bench", why="seed", at=now, ring=Ring.NEVER)
    with begin(engine) as tx:
        price = Money(1990, "CNY")
        catalog.put(
            tx,
            [Sku(code=code(n), title_zh="货", title_en="Goods", price=price) for n in range(KINDS)],
            now=now,
        )
        for number in range(KINDS):
            name = code(number)
            level.count(tx, name, "main", on_hand=PLENTY, oversell_limit=None, change=seed)
    with begin(engine) as tx:
        placed = sold(tx, [wish(n, f"model-{n}") for n in range(KINDS)], change=seed)
        for one in placed:
            pay(tx, one.order_id, f"model-{one.number}", change=seed)
        move(tx, [one.order_id for one in placed], OrderStatus.SHIPPED, change=seed)
        tx.exec_driver_sql(MODELS)
        tx.exec_driver_sql("UPDATE outbox SET state = 'done'")


def code(number: int) -> str:
    """Name one of the goods; they are bought in turn."""
    return f"BENCH-{number % KINDS}"


def wish(number: int, key: str) -> PlaceRequest:
    """Ask for one unit of one of the goods."""
    return PlaceRequest(
        person_id=till.PERSON,
        lines=(Wanted(code(number), 1),),
        scope="bench",
        key=key,
        fingerprint=b"one",
    )


def sold(tx: Tx, wishes: Sequence[PlaceRequest], *, change: Change) -> Sequence[Placed]:
    """Place the wishes as one batch, for half an hour; every one must fit."""
    outcomes = place(tx, wishes, change=change, hold=timedelta(minutes=30))
    placed = [one for one in outcomes if isinstance(one, Placed)]
    if len(placed) < len(outcomes):
        raise TypeError(f"expected orders, got {outcomes!r}")
    return placed


def grow(ground: Ground, orders: int) -> Engine:
    """Copy the prepared database and fill the copy with so many orders; return its engine.

    The engine has one connection, which keeps its prepared statements as a worker's would.
    """
    url = copied(ground, f"bench_{orders}")
    engine = make_engine(url, pool_size=1, statement_seconds=SECONDS)
    with begin(engine) as tx:
        _fill(tx, orders)
    with alone(url) as server:
        server.execute("VACUUM (ANALYZE)")
    return engine


def _fill(tx: Tx, orders: int) -> None:
    now = datetime.now(UTC)
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    # In a month's first hours there is no past to spread over: steps then look at more.
    span = max(now - start - MONTH_TO_NOW, timedelta(seconds=1))
    facts = {
        "orders": orders,
        "start_ms": int(start.timestamp() * 1000),
        "span_ms": int(span.total_seconds() * 1000),
    }
    tx.execute(text("SET LOCAL session_replication_role = replica"))
    for table, (model, own) in COPIES.items():
        tx.exec_driver_sql(_copies(table, model, own), facts)
    tx.exec_driver_sql(SOLD)
    tx.exec_driver_sql("SELECT setval('order_number', %(next)s)", {"next": FIRST + orders + 1})


def _copies(table: str, model: str, own: Mapping[str, str]) -> str:
    names = [column.name for column in metadata.tables[table].columns]
    return COPIED.format(
        table=table,
        columns=", ".join(names),
        values=", ".join(own.get(name, f"m.{name}") for name in names),
        kinds=KINDS,
        model=model,
    )
