"""A storm: everything that the core can do, at random, on a few goods that all have in common.

As a program: `storm.py <database> <seed> <transactions>` prints what became of them.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.db.engine import make_engine
from app.db.transaction import begin, sqlstate
from orders_core.catalog import store as catalog
from orders_core.errors import CoreError
from orders_core.ids import OrderId, new_id
from orders_core.orders.allocate import Strategy
from orders_core.returns import request as returns
from orders_core.returns.receive import Came, Receipt, receive
from orders_core.returns.rma import Condition, Decision, Outcome, Payer, Reason, Verdict
from orders_core.shortage.choice import Choice, Refund, Swap, Wait
from orders_core.shortage.choose import choose
from orders_core.shortage.fill import fill
from orders_core.stock import booking, transfer
from orders_core.tx import Tx
from tests.buying import GOODS, LAMP, MUG, TEA, change
from tests.dice import dice
from tests.isolation import acts
from tests.shop import MORNING
from tests.stocked import open_warehouse

KINDS = (MUG, TEA, LAMP)
PLACES = ("main", "east")
PLENTY = 400
REMEMBERED = 60
LATEST = "SELECT id FROM orders ORDER BY id DESC LIMIT :most"


def prepare(tx: Tx) -> None:
    """Lay the goods out in two warehouses."""
    catalog.put(tx, GOODS, now=MORNING)
    for number, place in enumerate(PLACES):
        open_warehouse(tx, place, dict.fromkeys(KINDS, PLENTY), priority=100 + number)


@dataclass
class Storm:
    """One who does anything, and what they know of: orders of all, bookings of their own."""

    engine: Engine
    chance: Random
    orders: list[OrderId] = field(default_factory=list)
    booked: list[UUID] = field(default_factory=list)
    returned: list[UUID] = field(default_factory=list)
    sent: list[UUID] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    def blow(self, transactions: int) -> Counter[str]:
        """Do so many things, a transaction each; count what became of them by kind."""
        for number in range(transactions):
            if number % 20 == 0:
                self._look_around()
            act = self.chance.choices(ACTS, WEIGHTS)[0]
            self.told[self._outcome(act)] += 1
        return self.told

    def _outcome(self, act: "Act") -> str:
        try:
            with begin(self.engine) as tx:
                act(self, tx)
        except CoreError:
            return "refused"
        except (DBAPIError, psycopg.Error) as fault:
            return f"{act.__name__} {sqlstate(fault)}: {fault}"
        return "done"

    def _look_around(self) -> None:
        with begin(self.engine) as tx:
            self.orders = [
                OrderId(found) for found in tx.scalars(text(LATEST), {"most": REMEMBERED})
            ]
            self.orders = self.orders or [OrderId(new_id())]

    def order(self) -> OrderId:
        """Choose an order, the newest most often."""
        return self.orders[min(int(self.chance.expovariate(0.1)), len(self.orders) - 1)]

    def kinds(self) -> list[str]:
        """Choose goods in any order."""
        return self.chance.sample(KINDS, self.chance.randint(1, len(KINDS)))


Act = Callable[[Storm, Tx], object]


def _place(storm: Storm, tx: Tx) -> None:
    acts.buying(*((code, storm.chance.randint(1, 4)) for code in storm.kinds()))(tx)


def _place_spread(storm: Storm, tx: Tx) -> None:
    lines = [(code, storm.chance.randint(1, 4)) for code in storm.kinds()]
    acts.buying(*lines, strategy=storm.chance.choice(list(Strategy)))(tx)


def _pay(storm: Storm, tx: Tx) -> None:
    acts.paying(storm.order())(tx)


def _cancel(storm: Storm, tx: Tx) -> None:
    acts.cancelling(storm.order())(tx)


def _call_off(storm: Storm, tx: Tx) -> None:
    acts.calling_off(storm.order(), 1)(tx)


def _edit(storm: Storm, tx: Tx) -> None:
    code = storm.chance.choice(KINDS)
    acts.editing(storm.order(), code, storm.chance.randint(0, 4))(tx)


def _ship(storm: Storm, tx: Tx) -> None:
    acts.shipping(storm.order(), storm.chance.choice([None, 1]))(tx)


def _address(storm: Storm, tx: Tx) -> None:
    acts.sending_to(storm.order())(tx)


def _expire(_: Storm, tx: Tx) -> None:
    acts.expiring(tx)


def _count(storm: Storm, tx: Tx) -> None:
    acts.counting(storm.chance.choice(KINDS), storm.chance.randint(0, PLENTY))(tx)


def _receive(storm: Storm, tx: Tx) -> None:
    acts.receiving(storm.chance.choice(KINDS), storm.chance.randint(1, 40))(tx)


def _send(storm: Storm, tx: Tx) -> None:
    origin, target = storm.chance.sample(PLACES, 2)
    road = transfer.Road(origin=origin, target=target)
    sent = transfer.send(tx, road, dict.fromkeys(storm.kinds(), 1), change=change("clerk"))
    storm.sent.append(sent.row.id)


def _arrive(storm: Storm, tx: Tx) -> None:
    if storm.sent:
        transfer.arrive(tx, storm.sent.pop(), {}, token=None, change=change("clerk"))


def _choose(storm: Storm, tx: Tx) -> None:
    choices: list[Choice] = [Refund(), Wait(acts.LATER), Swap(storm.chance.choice(KINDS))]
    choose(tx, storm.order(), storm.chance.choice(choices), change=change("shopper"))


def _fill(_: Storm, tx: Tx) -> None:
    fill(tx, now=MORNING, at_most=20)


def _book(storm: Storm, tx: Tx) -> None:
    wishes = [booking.Wish(code, 1, storm.chance.choice(PLACES)) for code in storm.kinds()]
    booked = booking.book(tx, wishes, until=acts.TIME_IS_UP, change=change("shopper"))
    storm.booked.append(booked.id)


def _end_booking(storm: Storm, tx: Tx) -> None:
    if storm.booked:
        booking_id = storm.chance.choice(storm.booked[-20:])
        end = storm.chance.choice([booking.confirm, booking.release])
        end(tx, booking_id, change=change("shopper"))


def _extend(storm: Storm, tx: Tx) -> None:
    if storm.booked:
        acts.extending(storm.chance.choice(storm.booked[-20:]))(tx)


def _sweep(_: Storm, tx: Tx) -> None:
    acts.sweeping(tx)


def _ask_back(storm: Storm, tx: Tx) -> None:
    acts.asking_back(storm.order(), storm.chance.randint(1, 5_000))(tx)


def _ask_return(storm: Storm, tx: Tx) -> None:
    asked = returns.Wish(units={1: 1}, reason=Reason.DAMAGED)
    verdict = Verdict(Decision.APPROVE, Payer.SHOP, 100)
    by = change("shopper")
    one = returns.request(tx, storm.order(), asked, judge=lambda _: verdict, change=by)
    storm.returned.append(one.id)


def _receive_return(storm: Storm, tx: Tx) -> None:
    if storm.returned:
        came = [Came(position=1, units=1, condition=Condition.UNOPENED)]
        receipt = Receipt(came, "main", lambda *_: storm.chance.choice(list(Outcome)))
        receive(tx, storm.returned.pop(), receipt, change=change("dock"))


WEIGHED: dict[Act, int] = {
    _place: 20,
    _place_spread: 8,
    _pay: 14,
    _cancel: 5,
    _call_off: 5,
    _edit: 6,
    _ship: 10,
    _address: 3,
    _expire: 2,
    _count: 4,
    _receive: 4,
    _send: 3,
    _arrive: 3,
    _choose: 6,
    _fill: 3,
    _book: 4,
    _end_booking: 3,
    _extend: 2,
    _sweep: 2,
    _ask_back: 3,
    _ask_return: 3,
    _receive_return: 3,
}
ACTS, WEIGHTS = list(WEIGHED), list(WEIGHED.values())


def blow(url: str, *, seed: int, transactions: int) -> Counter[str]:
    """Do so many random things over one connection."""
    engine = make_engine(url, pool_size=1)
    told = Storm(engine, dice(seed)).blow(transactions)
    engine.dispose()
    return told


if __name__ == "__main__":
    url, seed, transactions = sys.argv[1:]
    print(json.dumps(blow(url, seed=int(seed), transactions=int(transactions))))  # noqa: T201
