"""Goods that come back: the states of a return, and what may follow what, as data. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from orders_core.ids import OrderId, SkuId, show
from orders_core.orders.order import OrdersError


class State(StrEnum):
    """Where a return stands."""

    REQUESTED = "requested"  #: asked for, and nobody said yes yet
    APPROVED = "approved"  #: the goods may come
    REJECTED = "rejected"  #: they may not
    RECEIVED = "received"  #: they came, and their money is asked back
    CLOSED = "closed"  #: the money went back, or none was due


class Reason(StrEnum):
    """Why somebody sends goods back. Append only: stored returns are read for years."""

    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    NOT_AS_DESCRIBED = "not_as_described"
    DOES_NOT_FIT = "does_not_fit"
    ARRIVED_LATE = "arrived_late"
    CHANGED_MIND = "changed_mind"
    OTHER = "other"


class Decision(StrEnum):
    """What a rule says to a wish to return."""

    APPROVE = "approve"
    ASK = "ask"  #: an agent decides
    REJECT = "reject"


class Payer(StrEnum):
    """Who pays for the way back."""

    SHOP = "shop"
    SHOPPER = "shopper"


class Condition(StrEnum):
    """How goods look when they come back."""

    UNOPENED = "unopened"
    OPENED = "opened"
    USED = "used"
    DAMAGED = "damaged"
    INCOMPLETE = "incomplete"


class Outcome(StrEnum):
    """What becomes of goods that came back."""

    RESTOCKED = "restocked"
    SCRAPPED = "scrapped"


class Why(StrEnum):
    """Why somebody moved a return."""

    ASKED_BY_SHOPPER = "asked_by_shopper"
    BY_TABLE = "by_table"
    BY_AGENT = "by_agent"
    CAME_BACK = "came_back"
    REFUND_MADE = "refund_made"
    NOTHING_TO_REFUND = "nothing_to_refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Units of one line of the order; `unit_minor` is what one cost."""

    position: int
    sku_id: SkuId
    code: str
    quantity: int
    unit_minor: int
    restocked: int = 0
    scrapped: int = 0

    @property
    def received(self) -> int:
        """Units that came."""
        return self.restocked + self.scrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A return as it stands; times are business time, money in minor units of `currency`."""

    id: UUID
    order_id: OrderId
    state: State
    reason: Reason
    who_pays: Payer
    refund_percent: int
    amount_minor: int | None  #: asked back, once the goods were received
    currency: str
    carrier: str | None
    parcel_number: str | None
    requested_at: datetime
    decided_at: datetime | None = None
    received_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1
    lines: tuple[Line, ...] = ()

    @property
    def ref(self) -> str:
        """The id as it is shown."""
        return show("ret", self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a rule looks at: why, how long after delivery, how much, how often before.

    `days_since_delivered` is None while nothing was delivered yet; `amount_minor` is what the units
    cost; `returned_before` counts the person's other returns.
    """

    reason: Reason
    days_since_delivered: int | None
    amount_minor: int
    currency: str
    returned_before: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says: the decision, who pays the way back, how much of the price goes back."""

    decision: Decision
    who_pays: Payer = Payer.SHOPPER
    refund_percent: int = 100


Judge = Callable[[Facts], Verdict]
Sort = Callable[[Condition, Reason], Outcome]


def ask_an_agent(_facts: Facts) -> Verdict:
    """Leave every return to an agent: where no table rules."""
    return Verdict(Decision.ASK)


class ReturnError(OrdersError):
    """A return cannot do what was asked of it."""


@dataclass(frozen=True)
class Guard:
    """A condition of a move; `says` completes "… because", `helps` names the way out."""

    name: str
    holds: Callable[[Return], bool]
    says: str
    helps: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that may happen to a return, as data."""

    name: str
    sources: frozenset[State]
    target: State
    guards: tuple[Guard, ...] = ()
    reasons: frozenset[Why] = field(default_factory=frozenset)
    axis: str = "state"


HAS_UNITS = Guard(
    "has_units",
    lambda one: bool(one.lines),
    "no units of it are named",
    "name the lines and how many units come back",
)
NOTHING_OWED = Guard(
    "received", lambda one: one.received_at is not None, "nothing came yet", "receive the goods"
)
APPROVE = Move(
    name="approve",
    sources=frozenset({State.REQUESTED}),
    target=State.APPROVED,
    reasons=frozenset({Why.BY_TABLE, Why.BY_AGENT}),
)
REJECT = Move(
    name="reject",
    sources=frozenset({State.REQUESTED}),
    target=State.REJECTED,
    reasons=frozenset({Why.BY_TABLE, Why.BY_AGENT}),
)
RECEIVE = Move(
    name="receive",
    sources=frozenset({State.APPROVED}),
    target=State.RECEIVED,
    guards=(HAS_UNITS,),
    reasons=frozenset({Why.CAME_BACK}),
)
CLOSE = Move(
    name="close",
    sources=frozenset({State.RECEIVED}),
    target=State.CLOSED,
    guards=(NOTHING_OWED,),
    reasons=frozenset({Why.REFUND_MADE, Why.NOTHING_TO_REFUND}),
)
MOVES: Sequence[Move] = (APPROVE, REJECT, RECEIVE, CLOSE)


class IllegalReturn(ReturnError):
    """The return may not make this move in its present state."""

    def __init__(self, one: Return, move: Move, because: str = "") -> None:
        self.state, self.move = one.state, move
        wanted = " or ".join(sorted(move.sources))
        why = because or f"it can while it is {wanted}"
        super().__init__(f"return {one.ref} is {one.state} and may not {move.name}: {why}")


def check_may(one: Return, move: Move) -> None:
    """Check that a return may make a move.

    Raises:
        IllegalReturn: With the guard that refused and the way out.
    """
    if one.state not in move.sources:
        raise IllegalReturn(one, move)
    for guard in move.guards:
        if not guard.holds(one):
            raise IllegalReturn(one, move, f"{guard.says}; {guard.helps}")


def worth(lines: Mapping[int, tuple[int, int]], percent: int) -> int:
    """Return so many percent of what units cost, to the nearest minor unit; half goes up.

    `lines` maps positions to (units, price of one in minor units).
    """
    full = sum(units * unit_minor for units, unit_minor in lines.values())
    return (full * percent + 50) // 100
