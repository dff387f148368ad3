"""Who goes short when the shelf holds less than was promised, and what may follow. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from orders_core.ids import OrderId
from orders_core.orders.order import NOT_YET_PAID, OrdersError, Payment


class State(StrEnum):
    """Where a shortage stands; the last four are its ends."""

    OPEN = "open"  #: the shopper has not chosen yet
    WAITING = "waiting"  #: for goods, until a day they chose
    SWAPPED = "swapped"  #: another SKU goes instead
    REFUNDED = "refunded"  #: the units are off the order, and their money goes back
    FILLED = "filled"  #: goods came in and are held for the order again
    CANCELLED = "cancelled"  #: the order let go of the units otherwise


class Act(StrEnum):
    """What ends a shortage, or makes it wait; the first three are the shopper's to choose."""

    WAIT = "wait"
    SWAP = "swap"
    REFUND = "refund"
    FILL = "fill"
    LET_GO = "let_go"


#: What the shopper may choose among.
CHOICES = frozenset({Act.WAIT, Act.SWAP, Act.REFUND})
OWED = frozenset({State.OPEN, State.WAITING})

MOVES: Mapping[Act, Mapping[State, State]] = {
    Act.WAIT: dict.fromkeys(OWED, State.WAITING),  # another day may be chosen
    Act.SWAP: dict.fromkeys(OWED, State.SWAPPED),
    Act.REFUND: dict.fromkeys(OWED, State.REFUNDED),
    Act.FILL: dict.fromkeys(OWED, State.FILLED),
    Act.LET_GO: dict.fromkeys(OWED, State.CANCELLED),
}


class ShortageError(OrdersError):
    """A shortage cannot be settled as it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one order holds of a SKU in a warehouse, and what a rule may want to know of it."""

    order_id: OrderId
    units: int
    payment: Payment
    placed_at: datetime
    total_minor: int
    currency: str
    is_partly_shipped: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """When an order gets its units, 1 first, and what its shopper may choose if it gets none."""

    rank: int
    choices: frozenset[Act] = CHOICES


#: A rule that gives every order its turn; it must be the same for the same order.
Rank = Callable[[Held], Turn]


@dataclass(frozen=True, slots=True)
class Loss:
    """So many units that an order loses."""

    held: Held
    units: int
    turn: Turn


def paid_first(held: Held) -> Turn:
    """Serve who has paid, then who has paid a deposit, then who has not: where no table rules."""
    if held.payment not in NOT_YET_PAID:
        return Turn(1)
    return Turn(2 if held.payment is Payment.DEPOSIT_PAID else 3)


def losers(held: Sequence[Held], missing: int, rank: Rank) -> Sequence[Loss]:
    """Choose who loses exactly `missing` units: the last rank first, in it who came last.

    An order loses no more than is missing, so that the last of them may keep a part.
    """
    turns = [(rank(one), one) for one in held]
    turns.sort(key=lambda turn: (turn[0].rank, turn[1].placed_at, turn[1].order_id), reverse=True)
    lost = []
    for turn, one in turns:
        if missing <= 0:
            break
        units = min(one.units, missing)
        missing -= units
        lost.append(Loss(one, units, turn))
    return lost
