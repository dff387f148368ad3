"""16 shoppers at once, the same six things, carts in any order: who ends in a circle?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from random import Random
from typing import TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.db.transaction import DEADLOCK, begin, sqlstate
from app.labs import circle
from app.labs.circle import Circle, Step
from app.labs.crowd import crowd
from app.labs.deadlock_store import break_circles_soon, break_circles_soon_in
from app.labs.lab import Place
from app.labs.ledger_store import fresh
from app.labs.naive import deadlock as naive_way
from app.labs.study import Cell, Columns, Found, Study, Table, Telling
from app.labs.study_page import telling
from app.labs.terminals import Refused, Waits
from app.words.say import say
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change
from orders_core.ids import PersonId
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.outcome import Placed
from orders_core.orders.place import WAREHOUSE, place
from orders_core.stock import level
from orders_core.tx import Tx

GOODS = (circle.FIRST, circle.SECOND, "LAMP", "MUG", "PILLOW", "BOWL")
THREADS, EACH, IN_CART = 8, 20, 3
PLENTY = 1_000_000
BUYER = PersonId(UUID("00000000-0000-7000-8000-00000000000b"))
NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)

Cart = Sequence[str]
Tool = TypeVar("Tool")


def run(at: Place) -> Found:
    """Let a crowd buy both ways, then stage one circle and look at it closely."""
    fresh(at, naive_way.TABLES.format(codes=", ".join(f"'{code}'" for code in GOODS)))
    with begin(at.engine) as tx:
        _stock(tx)
    naive_sold, naive_circles = _crowd(lambda: _plain(at), naive_way.buy, psycopg.Error)
    ours_sold, ours_circles = _crowd(lambda: nullcontext(at.engine), _order, DBAPIError)
    figures = {
        "carts": THREADS * EACH,
        "naive_sold": naive_sold,
        "naive_deadlocks": naive_circles,
        "ours_sold": ours_sold,
        "ours_deadlocks": ours_circles,
    }
    staged, in_order = circle.naive(at), circle.ours(at, _buy)
    return Found(figures, lambda locale: _tell(locale, figures, staged, in_order))


def _crowd(
    tool: Callable[[], AbstractContextManager[Tool]],
    buy: Callable[[Tool, Cart], object],
    fault_type: type[DBAPIError] | type[psycopg.Error],
) -> tuple[int, int]:
    """Let every thread buy its carts once; return how many were sold and how many deadlocked."""

    def work(held: Tool, thread: int) -> tuple[int, int]:
        sold = circles = 0
        chance = Random(thread)  # noqa: S311 - the same carts both ways
        for _ in range(EACH):
            try:
                buy(held, chance.sample(GOODS, IN_CART))
                sold += 1
            except fault_type as fault:
                if sqlstate(fault) != DEADLOCK:
                    raise
                circles += 1
        return sold, circles

    sold, circles = zip(*crowd(tool, work, threads=THREADS), strict=True)
    return sum(sold), sum(circles)


@contextmanager
def _plain(at: Place) -> Iterator[psycopg.Connection]:
    with at.plain() as connection:
        break_circles_soon(connection)
        yield connection


def _order(engine: Engine, cart: Cart) -> None:
    with begin(engine) as tx:
        break_circles_soon_in(tx)
        _buy(tx, cart)


def _buy(tx: Tx, cart: Cart) -> None:
    lines = tuple(Wanted(code, 1) for code in cart)
    request = PlaceRequest(person_id=BUYER, lines=lines, scope="lab", key=None, fingerprint=b"")
    [outcome] = place(tx, [request], change=Change(by="lab", why="bought", at=NOW))
    if not isinstance(outcome, Placed):
        raise TypeError(f"expected an order, got {outcome!r}")


def _stock(tx: Tx) -> None:
    change = Change(by="lab", why="seed", at=NOW)
    price = Money(15800, "CNY")
    catalog.put(tx, [Sku(code=c, title_zh=c, title_en=c, price=price) for c in GOODS], now=NOW)
    for code in GOODS:
        level.count(tx, code, WAREHOUSE, on_hand=PLENTY, oversell_limit=None, change=change)


def _tell(
    locale: str, figures: Mapping[str, int], staged: Circle, in_order: Sequence[Step]
) -> Telling:
    load = Table(
        say(locale, "labs.deadlock_load", threads=THREADS),
        [say(locale, f"labs.{word}") for word in ("what", "naive", "ours")],
        [
            [
                say(locale, f"labs.figure.{row}"),
                str(figures[f"naive_{key}"]),
                str(figures[f"ours_{key}"]),
            ]
            for row, key in (("carts_sold", "sold"), ("deadlocks", "deadlocks"))
        ],
    )
    locks = Table(
        say(locale, "labs.deadlock_locks"),
        [say(locale, f"labs.lock_{word}") for word in ("who", "mode", "on", "state")],
        [[*row[:3], say(locale, f"labs.lock_{row[3]}")] for row in staged.locks],
    )
    told = telling(
        locale,
        "deadlock",
        [load, locks],
        carts=figures["carts"],
        goods=len(GOODS),
        naive=figures["naive_deadlocks"],
        ours=figures["ours_deadlocks"],
    )
    columns = [
        _columns(locale, say(locale, "labs.naive"), staged.steps, staged.detail),
        _columns(locale, say(locale, "labs.ours"), in_order, say(locale, "labs.one_lock_order")),
    ]
    return Telling(told.question, told.tables, told.sentence, told.why, columns)


def _columns(locale: str, name: str, steps: Sequence[Step], verdict: str) -> Columns:
    head = ["T1", "T2"]
    return Columns(name, verdict, head, [_cell(locale, step, head) for step in steps])


def _cell(locale: str, step: Step, head: Sequence[str]) -> Cell:
    column = head.index(step.terminal)
    if isinstance(step.seen, Waits):
        who = ", ".join(step.seen.on)
        return Cell(column, step.statement, say(locale, "labs.waits_for", who=who), "waits")
    if isinstance(step.seen, Refused):
        return Cell(
            column, step.statement, say(locale, "labs.refused_with", state=DEADLOCK), "refused"
        )
    return Cell(column, step.statement, say(locale, "labs.done"))


LAB = Study(name="deadlock", run=run)
