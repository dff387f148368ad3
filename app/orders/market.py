"""How a batch's units are to be found, as the rule table `order_allocation` says.

The table is asked only where more than one warehouse sells. Its answers are kept by inputs for as
long as one `Market` is used, which is seconds; each order's ruling is written down with the order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog

from app.rules import store as rules
from app.rules.engine import MissingInput, Ruling
from app.rules.rule import Live
from app.rules.store import Ruled
from orders_core.ids import show
from orders_core.orders.allocate import Allocation, Strategy
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Outcome, Placed
from orders_core.tx import Tx

TABLE = "order_allocation"
UNSAID = "none"  # the country or region of an order that nobody gave an address

log = structlog.get_logger()

Inputs = tuple[bool, str, str, int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """What the table answered, and what the core makes of it; None if it can make nothing."""

    ruling: Ruling
    allocation: Allocation | None


@dataclass(frozen=True)
class Market:
    """What orders are guided by at present; without a table one warehouse sells, and none asks."""

    table: Live | None = None
    on_preorder: frozenset[str] = frozenset()
    said: dict[Inputs, Said] = field(default_factory=dict)

    def guided(self, requests: Sequence[PlaceRequest]) -> Sequence[PlaceRequest]:
        """Return the requests, each with how its units are to be found."""
        if self.table is None:
            return requests
        return [
            replace(request, allocation=said.allocation)
            if (said := self._ask(request))
            else request
            for request in requests
        ]

    def log(
        self,
        tx: Tx,
        requests: Sequence[PlaceRequest],
        outcomes: Sequence[Outcome],
        *,
        now: datetime,
    ) -> None:
        """Write down the ruling of every order that was placed now, about the order's id."""
        if self.table is None:
            return
        made: dict[str, Ruled] = {}
        for request, outcome in zip(requests, outcomes, strict=True):
            said = self._ask(request)
            if said and isinstance(outcome, Placed) and outcome.is_new:
                about = show("ord", outcome.order_id)
                given = _given(_inputs(request, self.on_preorder))
                made[about] = self.table.ruled(about, given, said.ruling, now=now)
        rules.log(tx, list(made.values()))

    def _ask(self, request: PlaceRequest) -> Said | None:
        inputs = _inputs(request, self.on_preorder)
        if inputs not in self.said and self.table is not None:
            try:
                ruling = self.table.judge.ask(_given(inputs))
            except MissingInput as fault:  # somebody's table asks for what an order cannot say
                log.warning("allocation_not_ruled", table=TABLE, why=str(fault))
                return None
            self.said[inputs] = Said(ruling, _allocation(ruling, self.table.version))
        return self.said.get(inputs)


QUIET = Market()


def _inputs(request: PlaceRequest, on_preorder: frozenset[str]) -> Inputs:
    codes = {line.code for line in request.lines}
    to = request.ship_to
    return (
        not on_preorder.isdisjoint(codes),
        to.country if to else UNSAID,
        (to.region if to else None) or UNSAID,
        len(codes),
        sum(line.quantity for line in request.lines),
    )


def _given(inputs: Inputs) -> dict[str, Any]:
    names = ("is_preorder", "ship_country", "ship_region", "lines", "units")
    return dict(zip(names, inputs, strict=True))


def _allocation(ruling: Ruling, version: int) -> Allocation | None:
    answer: Mapping[str, Any] = ruling.answer or {}
    try:
        strategy = Strategy(answer["strategy"])
    except (KeyError, ValueError):
        log.warning("allocation_unknown", table=TABLE, version=version)
        return None
    return Allocation(strategy, may_split=bool(answer.get("may_split", True)), version=version)
