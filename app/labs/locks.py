"""One row, stripes over it, buckets beside it, batches of it: how fast, where, and how exact."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from random import Random
from statistics import median
from uuid import UUID

from sqlalchemy import Engine

from app.db.transaction import attempt
from app.labs import locks_store as store
from app.labs.crowd import crowd
from app.labs.lab import Place
from app.labs.study import Found, Study, Table, Telling
from app.labs.study_page import telling
from app.words.say import say
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change
from orders_core.ids import PersonId, SkuId
from orders_core.locks.stripe import hold_stripes
from orders_core.money import Money
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.outcome import Placed
from orders_core.orders.place import WAREHOUSE, place
from orders_core.stock import bucket, level
from orders_core.stock.room import NotEnough
from orders_core.tx import Tx

ROUNDS, SECONDS = 3, 0.1  # in turn, so that a busy moment of the machine hits every way
THREADS, SLOTS, BATCH = 8, 8, 64
MANY, IN_CART, LAST = 24, 3, 120
PLENTY = 10_000_000
NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
CHANGE = Change(by="lab", why="bought", at=NOW)
BUYER = PersonId(UUID("00000000-0000-7000-8000-00000000000b"))
GOODS = tuple(f"GOODS-{number:02}" for number in range(MANY))

Cart = Sequence[str]
#: Buys carts in one transaction for a thread of this number; returns how many got theirs.
Buy = Callable[[Tx, Sequence[Cart], int], int]


@dataclass(frozen=True)
class Way:
    """A way to sell: what it does in a transaction, and how many carts it takes at once."""

    name: str
    buy: Buy
    at_once: int = 1
    slots: int = 0  #: buckets that each level's units are handed to

    def code(self, goods: str) -> str:
        """Goods in buckets are goods of their own."""
        return f"{self.name.upper()}-{goods}" if self.slots else goods


@dataclass(frozen=True)
class Load:
    """Who buys what: so many threads, each so many of so many kinds of goods."""

    name: str
    threads: int
    kinds: int
    in_cart: int


LOADS = (
    Load("alone", 1, 1, 1),
    Load("hot", THREADS, 1, 1),
    Load("carts", THREADS, MANY, IN_CART),
)


def _place(tx: Tx, carts: Sequence[Cart], _thread: int) -> int:
    requests = [
        PlaceRequest(
            person_id=BUYER,
            lines=tuple(Wanted(code, 1) for code in cart),
            scope="lab",
            key=None,
            fingerprint=b"",
        )
        for cart in carts
    ]
    return sum(isinstance(one, Placed) for one in place(tx, requests, change=CHANGE))


def _striped(stripes: int) -> Buy:
    def buy(tx: Tx, carts: Sequence[Cart], thread: int) -> int:
        hold_stripes(tx, [code for cart in carts for code in cart], stripes=stripes, wait_ms=5_000)
        return _place(tx, carts, thread)

    return buy


def _from_buckets(ids: Mapping[str, SkuId], slots: int) -> Buy:
    def buy(tx: Tx, carts: Sequence[Cart], thread: int) -> int:
        [cart] = carts
        goods = sorted(((code, ids[code]) for code in cart), key=lambda one: one[1])
        order_id = store.write_order(tx, goods, who=BUYER, at=NOW)
        for _, sku_id in goods:
            key = (sku_id, WAREHOUSE)
            bucket.reserve(tx, order_id, key, 1, slot=thread % slots, change=CHANGE)
        return 1

    return buy


def run(at: Place, *, rounds: int = ROUNDS) -> Found:
    """Measure every way under every load, then sell the last units each way."""
    ways = _ways(at.engine)
    rates = _rates(at.engine, ways, rounds=rounds)
    sold = {way.name: _to_the_last(at.engine, way) for way in ways}
    figures: dict[str, object] = {
        way.name: {**rates[way.name], "of_last_units": LAST, "sold": sold[way.name][0]}
        for way in ways
    }
    return Found(figures, lambda locale: _tell(locale, ways, rates, sold))


def _ways(engine: Engine) -> Sequence[Way]:
    """Stock the goods of every way; units of buckets are handed out."""
    bare = [
        Way("row", _place),
        Way("stripes_1", _striped(1)),
        Way("stripes_256", _striped(256)),
        Way("batch", _place, at_once=BATCH),
    ]
    ids: dict[str, SkuId] = {}
    bucketed = [
        Way("bucket_1", _from_buckets(ids, 1), slots=1),
        Way("bucket_8", _from_buckets(ids, SLOTS), slots=SLOTS),
    ]
    ways = [*bare, *bucketed]
    stocked = [(way, GOODS, PLENTY) for way in (bare[0], *bucketed)]
    for way, goods, units in [*stocked, *((way, [_last(way)], LAST) for way in ways)]:
        ids.update(attempt(engine, partial(_stock, way, goods, units)))
    return ways


def _last(way: Way) -> str:
    return f"LAST-{way.name.upper()}"


def _stock(way: Way, goods: Sequence[str], units: int, tx: Tx) -> Mapping[str, SkuId]:
    price = Money(store.PRICE_MINOR, "CNY")
    codes = [way.code(one) for one in goods]
    catalog.put(tx, [Sku(code=c, title_zh=c, title_en=c, price=price) for c in codes], now=NOW)
    for code in codes:
        level.count(tx, code, WAREHOUSE, on_hand=units, oversell_limit=None, change=CHANGE)
    ids = store.skus(tx, codes)
    if way.slots:
        for sku_id in sorted(ids.values()):
            bucket.hand_out(tx, (sku_id, WAREHOUSE), slots=way.slots, change=CHANGE)
    return ids


def _rates(engine: Engine, ways: Sequence[Way], *, rounds: int) -> Mapping[str, Mapping[str, int]]:
    """Return the carts each way sells a second under each load: the median of rounds in turn."""
    found: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for way in ways:
            for load in LOADS:
                found.setdefault((way.name, load.name), []).append(_rate(engine, way, load))
    return {
        way.name: {load.name: round(median(found[way.name, load.name])) for load in LOADS}
        for way in ways
    }


def _rate(engine: Engine, way: Way, load: Load) -> float:
    def work(_held: object, thread: int) -> tuple[int, float]:
        chance = Random(thread)  # noqa: S311 - the same carts every way
        codes = [way.code(one) for one in GOODS[: load.kinds]]
        began, sold = time.monotonic(), 0
        while time.monotonic() - began < SECONDS:
            carts = [chance.sample(codes, load.in_cart) for _ in range(way.at_once)]
            sold += attempt(engine, partial(_bought, way, carts, thread))
        return sold, time.monotonic() - began

    done = crowd(nullcontext, work, threads=load.threads)
    return sum(sold for sold, _ in done) / max(seconds for _, seconds in done)


def _bought(way: Way, carts: Sequence[Cart], thread: int, tx: Tx) -> int:
    return way.buy(tx, carts, thread)


def _to_the_last(engine: Engine, way: Way) -> tuple[int, int]:
    """Sell what is there until every thread is refused; return units sold and how many a second."""
    code = way.code(_last(way))

    def work(_held: object, thread: int) -> int:
        sold = 0
        while True:
            carts = [[code]] * min(way.at_once, LAST // THREADS)
            try:
                got = attempt(engine, partial(_bought, way, carts, thread))
            except NotEnough:
                return sold
            sold += got
            if got < len(carts):
                return sold

    began = time.monotonic()
    sold = sum(crowd(nullcontext, work, threads=THREADS))
    return sold, round(sold / (time.monotonic() - began))


def _tell(
    locale: str,
    ways: Sequence[Way],
    rates: Mapping[str, Mapping[str, int]],
    sold: Mapping[str, tuple[int, int]],
) -> Telling:
    loads = [say(locale, f"labs.load_{load.name}") for load in LOADS]
    speed = Table(
        say(locale, "labs.locks_speed"),
        [say(locale, "labs.way"), *loads],
        [
            [
                say(locale, f"labs.way_{way.name}"),
                *(_beside(rates[way.name][load.name], rates["row"][load.name]) for load in LOADS),
            ]
            for way in ways
        ],
    )
    exact = Table(
        say(locale, "labs.locks_last", units=LAST),
        [say(locale, f"labs.{word}") for word in ("way", "sold", "a_second")],
        [[say(locale, f"labs.way_{w.name}"), *map(str, sold[w.name])] for w in ways],
    )
    return telling(
        locale,
        "locks",
        [speed, exact],
        threads=THREADS,
        batch=_times(rates["batch"]["hot"], rates["row"]["hot"]),
        buckets=_times(rates["bucket_8"]["hot"], rates["bucket_1"]["hot"]),
        buckets_alone=_times(rates["bucket_8"]["alone"], rates["bucket_1"]["alone"]),
        one_stripe=_times(rates["stripes_1"]["carts"], rates["stripes_256"]["carts"]),
        stripes=_times(rates["stripes_256"]["hot"], rates["row"]["hot"]),
    )


def _beside(rate: int, row: int) -> str:
    return f"{rate:,} ({_times(rate, row)})"


def _times(one: int, other: int) -> str:
    return f"{one / max(other, 1):.2f}×"


LAB = Study(name="locks", run=run)
