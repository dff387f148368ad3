"""The paths on which goods are sold, each with what fits and how a buyer asks for it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from sqlalchemy import Engine

from app.db.transaction import begin
from orders_core.catalog import store as catalog
from orders_core.orders.allocate import Allocation, Strategy
from orders_core.orders.outcome import Placed
from orders_core.orders.place import place
from orders_core.stock import booking, bucket
from orders_core.stock import level as counting
from orders_core.stock.room import NotEnough
from orders_core.tx import Tx
from tests.buying import GOODS, LAMP, MUG, TEA, change, wish
from tests.dice import dice
from tests.isolation import acts
from tests.shop import MORNING
from tests.stocked import open_warehouse, sell_ahead

SLOTS, CARTS, MOST = 4, 10, 5

Units = Counter[str]
#: Asks for units of goods in a transaction of its own; returns what was got.
Ask = Callable[[Tx, Mapping[str, int], Random], Units]


@dataclass(frozen=True)
class Path:
    """A way goods are sold: how they are laid out, what fits, and how somebody asks."""

    name: str
    stock: Callable[[Tx], None]
    fits: Mapping[str, int]
    ask: Ask
    in_cart: int = 1


def _main(fits: Mapping[str, int]) -> Callable[[Tx], None]:
    def stock(tx: Tx) -> None:
        catalog.put(tx, GOODS, now=MORNING)
        for code, units in fits.items():
            counting.count(
                tx, code, "main", on_hand=units, oversell_limit=None, change=change("clerk")
            )

    return stock


def _in_three_warehouses(tx: Tx) -> None:
    _main({MUG: 0, TEA: 0})(tx)
    open_warehouse(tx, "main", {MUG: 40, TEA: 7}, priority=100)
    open_warehouse(tx, "east", {MUG: 33, TEA: 30}, priority=200)
    open_warehouse(tx, "west", {MUG: 17, TEA: 23}, priority=300)


def _ahead(tx: Tx) -> None:
    _main({LAMP: 20})(tx)
    sell_ahead(tx, LAMP, 70)


def _in_buckets(tx: Tx) -> None:
    _main({MUG: 90})(tx)
    bucket.hand_out(tx, acts.key_of(tx, MUG), slots=SLOTS, units=70, change=change("clerk"))


def _placing(tx: Tx, wanted: Mapping[str, int], _chance: Random) -> Units:
    [outcome] = place(tx, [wish(*wanted.items())], change=change("shopper"))
    return Counter(wanted) if isinstance(outcome, Placed) else Counter()


def _placing_somehow(tx: Tx, wanted: Mapping[str, int], chance: Random) -> Units:
    """Place with another strategy each time."""
    strategy = chance.choice(list(Strategy))
    request = replace(wish(*wanted.items()), allocation=Allocation(strategy))
    [outcome] = place(tx, [request], change=change("shopper"))
    return Counter(wanted) if isinstance(outcome, Placed) else Counter()


def _booking(tx: Tx, wanted: Mapping[str, int], _chance: Random) -> Units:
    wishes = [booking.Wish(code, units) for code, units in wanted.items()]
    booking.book(tx, wishes, until=acts.LATER, change=change("shopper"))
    return Counter(wanted)


def _from_buckets(tx: Tx, wanted: Mapping[str, int], chance: Random) -> Units:
    [(code, units)] = wanted.items()
    acts.reserving(code, units, slot=chance.randrange(SLOTS))(tx)
    return Counter(wanted)


def _either_way(tx: Tx, wanted: Mapping[str, int], chance: Random) -> Units:
    return chance.choice([_placing, _booking])(tx, wanted, chance)


THREE = {MUG: 90, TEA: 75, LAMP: 60}
PATHS: Sequence[Path] = (
    Path("hot", _main({MUG: 100}), {MUG: 100}, _placing),
    Path("multi-sku", _main(THREE), THREE, _placing, in_cart=3),
    Path("warehouses", _in_three_warehouses, {MUG: 90, TEA: 60}, _placing_somehow, in_cart=2),
    Path("pre-order", _ahead, {LAMP: 90}, _placing),
    Path("bucketed", _in_buckets, {MUG: 90}, _from_buckets),
    Path("bookings", _main(THREE), THREE, _either_way, in_cart=3),
)
BY_NAME = {path.name: path for path in PATHS}


def sell(engine: Engine, path: Path, *, seed: int) -> Units:
    """Ask for mixed carts, then for single units of each kind until there is none; count units."""
    chance, got = dice(seed), Units()
    codes = sorted(path.fits)
    for _ in range(CARTS):
        kinds = chance.sample(codes, chance.randint(1, path.in_cart))
        got += _try_for(engine, path, {code: chance.randint(1, MOST) for code in kinds}, chance)
    for code in chance.sample(codes, len(codes)):
        while one := _try_for(engine, path, {code: 1}, chance):
            got += one
    return got


def _try_for(engine: Engine, path: Path, wanted: Mapping[str, int], chance: Random) -> Units:
    """Ask once, in a transaction of its own; nothing where it does not fit."""
    try:
        with begin(engine) as tx:
            return path.ask(tx, wanted, chance)
    except NotEnough:
        return Counter()
