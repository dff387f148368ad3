"""Whose word on the day of arrival counts, and that each new one is an event with its author."""

from datetime import datetime

import pytest
from sqlalchemy import select

from orders_core.errors import NotFound
from orders_core.events import Change, EventType
from orders_core.outbox.reading import history_of
from orders_core.outbox.tables import history
from orders_core.parcels import store
from orders_core.parcels.attach import Consignment, attach_one
from orders_core.parcels.expect import Day, Revision, expect, expect_each
from orders_core.parcels.parcel import ExpectedSource, ParcelStatus
from orders_core.tx import Tx
from tests.orders_core.parcels.test_scan import HOUR, MONDAY, SHIPPING, placed_order, seen, take

NAME = ("sf", "SF100")
DAYS = [MONDAY + 24 * n * HOUR for n in range(5)]


def say(tx: Tx, at: datetime | None, source: ExpectedSource, by: str = "lin") -> Revision:
    change = Change(by=by, why="expected", at=MONDAY)
    return expect(tx, NAME, at, source=source, change=change).revision


def stands(tx: Tx) -> tuple[datetime | None, str | None]:
    one = store.one(tx, NAME)
    assert one is not None
    return one.expected_at, one.expected_source


def promised(tx: Tx) -> None:
    wish = Consignment(order_id=placed_order(tx), carrier="sf", number="SF100", promised_at=DAYS[0])
    attach_one(tx, wish, change=SHIPPING)


def test_each_new_day_is_an_event_with_who_named_it(tx: Tx) -> None:
    promised(tx)

    say(tx, DAYS[1], ExpectedSource.MODEL, by="late-model")
    say(tx, DAYS[2], ExpectedSource.CLERK, by="lin")

    one = store.one(tx, NAME)
    assert one is not None
    moved = [e for e in history_of(tx, one.id) if e.type is EventType.PARCEL_RESCHEDULED]
    told = [(event.by, event.new["expected_source"]) for event in moved]
    assert told == [("late-model", "model"), ("lin", "clerk")]


def test_the_same_day_again_is_no_event(tx: Tx) -> None:
    promised(tx)
    say(tx, DAYS[1], ExpectedSource.CLERK)

    assert say(tx, DAYS[1], ExpectedSource.CLERK) is Revision.UNCHANGED

    types = list(tx.scalars(select(history.c.type).where(history.c.entity == "parcel")))
    assert types.count("parcel.rescheduled") == 1


def test_a_carriers_day_outweighs_a_models_in_whatever_order_they_come(tx: Tx) -> None:
    promised(tx)
    take(tx, seen(1, ParcelStatus.IN_TRANSIT, expected_at=DAYS[3]))

    assert say(tx, DAYS[1], ExpectedSource.MODEL) is Revision.OUTRANKED
    assert stands(tx) == (DAYS[3], "carrier")

    take(tx, seen(2, ParcelStatus.IN_TRANSIT, expected_at=DAYS[4]))
    assert stands(tx) == (DAYS[4], "carrier")


def test_a_models_day_outweighs_the_shops_promise_and_not_the_other_way_round(tx: Tx) -> None:
    promised(tx)
    say(tx, DAYS[2], ExpectedSource.MODEL)

    promised_again = say(tx, DAYS[1], ExpectedSource.SHOP)

    assert (promised_again, stands(tx)) == (Revision.OUTRANKED, (DAYS[2], "model"))


def test_a_clerks_day_stands_until_a_person_changes_it(tx: Tx) -> None:
    promised(tx)
    say(tx, DAYS[2], ExpectedSource.CLERK)

    take(tx, seen(1, ParcelStatus.IN_TRANSIT, expected_at=DAYS[4]))
    say(tx, DAYS[1], ExpectedSource.MODEL)
    assert stands(tx) == (DAYS[2], "clerk")

    assert say(tx, DAYS[3], ExpectedSource.CLERK, by="wang") is Revision.SET
    assert stands(tx) == (DAYS[3], "clerk")


def test_a_day_a_clerk_takes_back_leaves_the_carriers_or_else_the_promise(tx: Tx) -> None:
    promised(tx)
    say(tx, DAYS[2], ExpectedSource.CLERK)
    say(tx, None, ExpectedSource.CLERK)
    assert stands(tx) == (DAYS[0], "shop")

    say(tx, DAYS[2], ExpectedSource.CLERK)
    take(tx, seen(1, ParcelStatus.IN_TRANSIT, expected_at=DAYS[4]))
    say(tx, None, ExpectedSource.CLERK)
    assert stands(tx) == (DAYS[4], "carrier")


def test_nobody_elses_day_is_taken_back(tx: Tx) -> None:
    promised(tx)
    take(tx, seen(1, ParcelStatus.IN_TRANSIT, expected_at=DAYS[4]))

    assert say(tx, None, ExpectedSource.CLERK) is Revision.UNCHANGED
    assert stands(tx) == (DAYS[4], "carrier")


def test_a_parcel_nobody_heard_of_has_no_day(tx: Tx) -> None:
    with pytest.raises(NotFound):
        say(tx, DAYS[1], ExpectedSource.CLERK)


def test_many_days_are_one_statement_and_unknown_parcels_are_left_out(tx: Tx) -> None:
    promised(tx)
    days = [Day(NAME, DAYS[1]), Day(("sf", "nobody"), DAYS[1]), Day(NAME, DAYS[2])]

    found = expect_each(tx, days, source=ExpectedSource.MODEL, change=SHIPPING)

    assert [(one.parcel.expected_at, one.revision) for one in found] == [(DAYS[2], Revision.SET)]


def test_a_model_says_nothing_of_a_parcel_that_has_arrived(tx: Tx) -> None:
    promised(tx)
    take(tx, seen(1, ParcelStatus.DELIVERED))

    assert say(tx, DAYS[3], ExpectedSource.MODEL) is Revision.UNCHANGED
    assert stands(tx) == (DAYS[0], "shop")
