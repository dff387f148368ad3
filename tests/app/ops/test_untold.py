"""Why nobody decided anything: each notice that an event implies is decided or accounted for."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from app.db.transaction import begin
from app.hub.react import react
from app.ops import store, why_api
from app.ops.untold import Why, entities, untold
from orders_core.ids import new_id, show
from orders_core.outbox.store import event_of
from orders_core.outbox.tables import history, outbox
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY
from tests.buying import TEA, bought, fill, move_in, paid
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop


def changes(tx: Tx, order_id: UUID) -> Any:
    return store.events_of(tx, entities(order_id, store.parcels_of(tx, order_id)))


def an_order(tx: Tx) -> UUID:
    move_in(tx)
    fill(tx, {TEA: 9})
    order_id = bought(tx, (TEA, 1))
    paid(tx, order_id)
    return order_id


def read_by_the_hub(tx: Tx, order_id: UUID) -> None:
    events = [event_of(row) for row in changes(tx, order_id)]
    react(tx, events, policy=POLICY, now=MORNING)
    tx.execute(update(outbox).values(state="done"))


def reasons(tx: Tx, order_id: UUID) -> dict[str, Why]:
    found = untold(changes(tx, order_id), store.verdicts_of_order(tx, order_id))
    return {one.notice: one.why for one in found}


def test_an_event_that_nobody_has_read_yet_says_so(tx: Tx):
    assert reasons(tx, an_order(tx)) == {"order_placed": Why.WAITS, "order_paid": Why.WAITS}


@pytest.mark.parametrize(("state", "why"), [("parked", Why.PARKED), ("discarded", Why.DISCARDED)])
def test_an_event_that_failed_or_was_closed_says_so(tx: Tx, state: str, why: Why):
    order_id = an_order(tx)
    tx.execute(update(outbox).where(outbox.c.type == "order.paid").values(state=state))

    assert reasons(tx, order_id)["order_paid"] is why


def test_of_an_event_that_was_dropped_nothing_is_said_to_be_known(tx: Tx):
    order_id = an_order(tx)
    tx.execute(delete(outbox).where(outbox.c.type == "order.paid"))

    assert reasons(tx, order_id)["order_paid"] is Why.NOT_KEPT


def test_what_was_decided_needs_no_reason(tx: Tx):
    order_id = an_order(tx)
    read_by_the_hub(tx, order_id)

    assert len(store.verdicts_of_order(tx, order_id)) == 2
    assert reasons(tx, order_id) == {}


def test_history_rings_nobody(tx: Tx):
    order_id = an_order(tx)
    tx.exec_driver_sql("SET LOCAL session_replication_role = replica")  # history is append-only
    tx.execute(update(history).where(history.c.entity_id == order_id).values(ring="never"))
    read_by_the_hub(tx, order_id)

    assert set(reasons(tx, order_id).values()) == {Why.HISTORY}


def test_a_second_event_of_the_same_news_was_told_before(tx: Tx):
    order_id = an_order(tx)
    read_by_the_hub(tx, order_id)
    again = [row for row in changes(tx, order_id) if row.type == "order.paid"]
    verdicts = list(store.verdicts_of_order(tx, order_id))

    class Other:
        """The verdict of another event of the same notice."""

        event_id, notice = new_id(), "order_paid"

    of_other = [Other, *(row for row in verdicts if row.notice != "order_paid")]

    assert [one.why for one in untold(again, of_other)] == [Why.TOLD_BEFORE]
    assert [one.why for one in untold(again, of_other[1:])] == [Why.NO_NEWS]


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, why_api.router) as opened:
        yield opened


def test_the_door_says_what_was_decided_and_why_nothing_was(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        order_id = an_order(tx)
        read_by_the_hub(tx, order_id)
    about = f"/v1/why?order={show('ord', order_id)}"

    told = doors.call("GET", f"{about}&notice=order_paid").json()
    not_yet = doors.call("GET", f"{about}&notice=order_shipped").json()

    [verdict] = told["verdicts"]
    assert verdict["in_words"]["en"]["headline"].startswith("Channels: ")
    assert verdict["in_words"]["zh"]["rules"][0]["question"]
    assert told["untold"] == []
    assert not_yet["verdicts"] == []
    assert [one["why"] for one in not_yet["untold"]] == ["not_yet"]
    assert set(not_yet["untold"][0]["in_words"]) == {"zh", "en"}


def test_what_does_not_exist_is_not_found(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        order_id = an_order(tx)

    nobody = doors.call("GET", f"/v1/why?order={show('ord', new_id())}&notice=order_paid")
    nothing = doors.call("GET", f"/v1/why?order={show('ord', order_id)}&notice=gossip")

    assert (nobody.status_code, nothing.status_code) == (404, 404)
