"""One order's life at random beside a model of a few lines: they agree, and the books balance."""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from orders_core.errors import CoreError
from orders_core.orders import refund
from orders_core.orders.as_of import order_as_of
from orders_core.orders.cancel import cancel_units
from orders_core.orders.edit import edit
from orders_core.orders.expire import expire
from orders_core.orders.line_store import current
from orders_core.orders.moves import Reason
from orders_core.orders.order import OrderStatus
from orders_core.orders.pay import Part, pay
from orders_core.orders.ship import Shipment, ship
from orders_core.tx import Tx
from tests.buying import (
    HALF_AN_HOUR,
    LAMP,
    MUG,
    TEA,
    bought,
    change,
    fill,
    level,
    order,
    out_of_balance,
)
from tests.shop import MORNING

PRICES = {MUG: 4_900, TEA: 12_800, LAMP: 19_900}
ON_HAND = 6
CODES = st.sampled_from(sorted(PRICES))
FEW = st.integers(1, 3)


class Life(RuleBasedStateMachine):
    """The model: what is on the order, what of it left, what came in, what goes back."""

    engine: ClassVar[Engine]

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.transaction = self.connection.begin()
        self.tx: Tx = self.connection
        self.now = MORNING
        self.lines = {MUG: 2, TEA: 1}
        self.left: dict[str, int] = {}
        self.paid = self.back = self.payments = 0
        self.is_cancelled = False

    def teardown(self) -> None:
        """Take everything back."""
        self.transaction.rollback()
        self.connection.close()

    @initialize()
    def place(self) -> None:
        fill(self.tx, dict.fromkeys(PRICES, ON_HAND))
        self.order_id = bought(self.tx, (MUG, 2), (TEA, 1))

    @property
    def total(self) -> int:
        return sum(PRICES[code] * units for code, units in self.lines.items())

    @property
    def is_paid(self) -> bool:
        return self.paid > 0

    @property
    def is_over(self) -> bool:
        return not self.is_cancelled and not self.is_paid and self.now >= MORNING + HALF_AN_HOUR

    @property
    def waiting(self) -> dict[str, int]:
        """What is still to leave."""
        return {code: n - self.left.get(code, 0) for code, n in self.lines.items()}

    def tries(self, act: Callable[[], object], *, works: bool) -> None:
        """Do something that works or is refused, as the model says; a refusal leaves no trace."""
        try:
            with self.tx.begin_nested():
                act()
        except CoreError:
            assert not works
            return
        assert works

    def position(self, code: str) -> int:
        found = [x.position for x in current(self.tx, self.order_id) if x.code == code]
        return found[0] if found else 99

    def cancel(self) -> None:
        self.is_cancelled, self.back = True, self.paid

    @rule(minutes=st.integers(1, 25))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.payments == 0)
    @rule()
    def pays(self) -> None:
        self.payments += 1
        said = change("gateway", why="paid", at=self.now)
        part = pay(self.tx, self.order_id, f"pi-{self.order_id}", change=said)
        is_late = self.is_cancelled or self.is_over
        assert part is (Part.LATE if is_late else Part.WHOLE)
        self.paid = self.total
        if is_late:
            self.cancel()

    @rule()
    def times_out(self) -> None:
        assert (expire(self.tx, now=self.now, at_most=9) != []) is self.is_over
        if self.is_over:
            self.cancel()

    @rule()
    def is_called_off(self) -> None:
        self.tries(
            lambda: cancel_units(
                self.tx, self.order_id, None, reason=Reason.OTHER, change=change(at=self.now)
            ),
            works=not any(self.left.values()),
        )
        if not any(self.left.values()):
            self.cancel()

    @rule(code=CODES, units=FEW)
    def loses_units(self, code: str, units: int) -> None:
        works = not self.is_cancelled and not self.is_over and self.waiting.get(code, 0) >= units
        named = {self.position(code): units}
        self.tries(
            lambda: cancel_units(
                self.tx, self.order_id, named, reason=Reason.OTHER, change=change(at=self.now)
            ),
            works=works,
        )
        if works and sum(self.waiting.values()) == units and not any(self.left.values()):
            self.cancel()
        elif works:
            self.lines[code] -= units
            self.back += PRICES[code] * units if self.is_paid else 0

    @rule(code=CODES, units=FEW)
    def ships_some(self, code: str, units: int) -> None:
        works = not self.is_cancelled and self.is_paid and self.waiting.get(code, 0) >= units
        parts = [Shipment(units={self.position(code): units})]
        self.tries(
            lambda: ship(self.tx, self.order_id, parts, change=change(at=self.now)), works=works
        )
        if works:
            self.left[code] = self.left.get(code, 0) + units

    @rule()
    def ships_the_rest(self) -> None:
        works = not self.is_cancelled and self.is_paid
        self.tries(
            lambda: ship(self.tx, self.order_id, [], change=change(at=self.now)), works=works
        )
        if works:
            self.left = dict(self.lines)

    @rule(code=CODES, units=st.integers(0, ON_HAND + 1))
    def is_edited(self, code: str, units: int) -> None:
        wanted = {c: n for c, n in {**self.lines, code: units}.items() if n}
        cost = sum(PRICES[c] * n for c, n in wanted.items())
        works = (
            not self.is_cancelled
            and not self.is_over
            and not any(self.left.values())
            and units <= ON_HAND
            and bool(wanted)
            and not (self.is_paid and cost > self.total)
        )
        self.tries(
            lambda: edit(self.tx, self.order_id, {code: units}, change=change(at=self.now)),
            works=works,
        )
        if works:
            self.back += self.total - cost if self.is_paid else 0
            self.lines = wanted

    @rule()
    def refunds_are_made(self) -> None:
        for one in refund.of_order(self.tx, self.order_id):
            refund.made(self.tx, one.id, f"re-{one.id}", change=change("gateway", at=self.now))

    @invariant()
    def the_order_is_as_the_model_says(self) -> None:
        found = order(self.tx, self.order_id)
        assert {line.code: line.quantity for line in found.lines} == {
            code: n for code, n in self.lines.items() if n
        }
        assert (found.total_minor, found.paid_minor, found.refund_minor) == (
            self.total,
            self.paid,
            self.back,
        )
        assert (found.status is OrderStatus.CANCELLED) is self.is_cancelled
        for code in PRICES:
            there, gone = level(self.tx, code), self.left.get(code, 0)
            held = 0 if self.is_cancelled else self.waiting.get(code, 0)
            assert (there.on_hand, there.reserved) == (ON_HAND - gone, held)

    @invariant()
    def the_books_balance(self) -> None:
        assert out_of_balance(self.tx) == []

    @invariant()
    def its_history_says_the_same(self) -> None:
        past = order_as_of(self.tx, self.order_id, self.now)
        assert past is not None
        assert past.order == order(self.tx, self.order_id)


@pytest.mark.parametrize(
    ("lives", "steps"),
    [
        pytest.param(10, 10, id="short"),
        pytest.param(150, 20, id="many", marks=[pytest.mark.long, pytest.mark.timeout(900)]),
    ],
)
def test_an_order_lives_as_the_model_says_and_the_books_balance(
    reading_room: Engine, lives: int, steps: int
) -> None:
    Life.engine = reading_room
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
