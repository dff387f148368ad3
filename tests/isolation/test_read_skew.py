"""An order and its lines are read at one moment, though they are read in two statements."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from app.db.engines import Urls
from app.db.transaction import begin
from orders_core.ids import OrderId
from orders_core.orders import store
from orders_core.orders.order import Order
from orders_core.tx import Tx
from tests.isolation import acts
from tests.isolation.interleave import gated, schedules, take_turns, with_two_switches
from tests.shop import create_database, drop_database, url_of


@pytest.fixture
def hall(engines: Urls, template: str) -> Iterator[Engine]:
    name = f"skew_{uuid4().hex[:12]}"
    create_database(engines.database, name, template=template)
    with gated(url_of(engines.database, name)) as engine:
        yield engine
    drop_database(engines.database, name)


def test_an_order_shows_the_lines_of_its_own_version_while_somebody_edits_it(hall: Engine) -> None:
    with begin(hall) as tx:
        acts.stocked(tx, "SKEW", 50)
        order_id = acts.bought(tx, "SKEW", 1)

    def look(tx: Tx) -> Order:
        return store.many(tx, [order_id])[OrderId(order_id)]

    seen = set()
    for turn, (first, after, back_after) in enumerate(schedules(["look"], longest=4)):
        works = {"look": look, "edit": acts.editing(order_id, "SKEW", 2 + turn % 5)}
        turns = with_two_switches(first, after=after, back_after=back_after + 20)
        order = take_turns(hall, works, turns)["look"].value

        assert isinstance(order, Order)
        assert order.total_minor == sum(line.quantity * line.unit_minor for line in order.lines)
        seen.add(len(order.lines))
    assert seen == {1}
