"""A parcel under several numbers has one story, whatever the order in which it becomes known."""

from itertools import permutations

import pytest
from sqlalchemy import select, text, update

from app.db.transaction import attempt, begin
from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.ids import OrderId, new_id
from orders_core.outbox.tables import history
from orders_core.parcels import store
from orders_core.parcels.attach import Consignment, ParcelTaken, attach_one
from orders_core.parcels.expect import expect
from orders_core.parcels.parcel import Direction, ExpectedSource, Parcel, ParcelStatus
from orders_core.parcels.relabel import LabelInUse, relabel
from orders_core.parcels.relabel_store import earlier
from orders_core.parcels.tables import parcel
from orders_core.stock.tables import reservation
from orders_core.tx import Tx
from tests.orders_core.parcels.test_scan import HOUR, MONDAY, SHIPPING, placed_order, seen, take
from tests.shop import Shop
from tests.together import together

MOVED = Change(by="sf", why="relabelled", at=MONDAY + 2 * HOUR)
OLD, NEW, LAST = ("sf", "SF1"), ("jd", "JD1"), ("yto", "YT1")


def living(tx: Tx, name: tuple[str, str] = OLD) -> Parcel:
    found = store.one(tx, name)
    assert found is not None
    return found


def shipped(tx: Tx, number: str = "SF1") -> OrderId:
    order_id = placed_order(tx)
    attach_one(tx, Consignment(order_id=order_id, carrier="sf", number=number), change=SHIPPING)
    return order_id


def told_of(tx: Tx, one: Parcel) -> list[tuple[str, str]]:
    rows = select(history.c.type, history.c.ring).where(history.c.entity_id == one.id)
    return [(row.type, row.ring) for row in tx.execute(rows.order_by(history.c.version))]


def test_the_order_follows_and_the_old_number_still_finds_the_parcel(tx: Tx) -> None:
    order_id = shipped(tx)

    after = relabel(tx, (" SF ", "sf1"), to=("JD", "jd1"), change=MOVED)

    assert (after.carrier, after.number, after.order_id) == (*NEW, order_id)
    assert store.of_orders(tx, [order_id]) == {order_id: [after]}
    assert living(tx, OLD) == living(tx, NEW) == after
    assert [name for _, name in earlier(tx, after.id)] == [OLD]


def test_the_old_parcel_says_it_was_relabelled_and_the_new_one_rings_nobody(tx: Tx) -> None:
    shipped(tx)
    old = living(tx)
    take(tx, seen(1, ParcelStatus.OUT_FOR_DELIVERY, "SF1"))

    after = relabel(tx, OLD, to=NEW, change=MOVED)

    assert told_of(tx, old)[-1] == ("parcel.relabelled", "now")
    assert told_of(tx, after) == [
        ("parcel.announced", "never"),
        ("parcel.out_for_delivery", "never"),
    ]


def test_what_the_new_number_said_before_it_was_known_is_news(tx: Tx) -> None:
    shipped(tx)
    take(tx, seen(5, ParcelStatus.AT_STATION, "SF2"))

    after = relabel(tx, OLD, to=("sf", "SF2"), change=MOVED)

    assert told_of(tx, after)[-1] == ("parcel.at_station", "now")


def test_said_twice_it_changes_nothing(tx: Tx) -> None:
    shipped(tx)
    first = relabel(tx, OLD, to=NEW, change=MOVED)
    before = len(tx.execute(select(history)).all())

    again = relabel(tx, OLD, to=NEW, change=MOVED)

    assert again == first
    assert len(tx.execute(select(history)).all()) == before


def test_scans_of_either_number_tell_one_story(tx: Tx) -> None:
    shipped(tx)
    take(tx, seen(1, ParcelStatus.PICKED_UP, "SF1"))
    after = relabel(tx, OLD, to=("sf", "SF2"), change=MOVED)
    take(tx, seen(3, ParcelStatus.IN_TRANSIT, "SF2", place="Jiaxing"))

    told = take(tx, seen(9, ParcelStatus.DELIVERED, "SF1", place="Pudong"))

    assert told.parcels[OLD].id == after.id
    assert (living(tx).status, living(tx).last_place) == (ParcelStatus.DELIVERED, "Pudong")
    said = store.checkpoints_of(tx, [after.id])[after.id]
    assert [one.code for one in said] == ["picked_up", "in_transit", "delivered"]


def test_a_scan_told_under_both_numbers_stands_in_the_story_once(tx: Tx) -> None:
    shipped(tx)
    after = relabel(tx, OLD, to=("sf", "SF2"), change=MOVED)
    take(tx, *(seen(1, ParcelStatus.PICKED_UP, number) for number in ("SF1", "SF2")))

    assert len(store.checkpoints_of(tx, [after.id])[after.id]) == 1


def test_it_comes_out_alike_in_whatever_order_it_becomes_known(tx: Tx) -> None:
    def outcome(steps: tuple[int, ...]) -> object:
        with tx.begin_nested() as undone:
            take(tx, seen(0, ParcelStatus.ANNOUNCED, "SF1"))  # the old number is known
            order_id = placed_order(tx)
            wish = Consignment(order_id=order_id, carrier="sf", number="SF1", promised_at=MONDAY)
            acts = (
                lambda: take(tx, seen(1, ParcelStatus.PICKED_UP, "SF1")),
                lambda: take(tx, seen(5, ParcelStatus.AT_STATION, "SF2", pickup_code="7-2")),
                lambda: relabel(tx, OLD, to=("sf", "SF2"), change=MOVED),
                lambda: relabel(tx, ("sf", "SF2"), to=NEW, change=MOVED),
                lambda: attach_one(tx, wish, change=SHIPPING),
            )
            for step in steps:
                acts[step]()
            one = living(tx)
            undone.rollback()
        assert one.order_id == order_id
        return (
            one.carrier,
            one.number,
            one.status,
            one.last_scan_at,
            one.pickup_code,
            (
                one.expected_at,
                one.expected_source,
            ),
        )

    possible = [p for p in permutations(range(5)) if p.index(1) < p.index(3)]

    assert len({outcome(steps) for steps in possible}) == 1


def test_a_parcel_may_be_relabelled_again_and_again(tx: Tx) -> None:
    order_id = shipped(tx)
    relabel(tx, OLD, to=NEW, change=MOVED)

    last = relabel(tx, NEW, to=LAST, change=MOVED)

    assert living(tx, OLD) == living(tx, NEW) == last
    assert [name for _, name in earlier(tx, last.id)] == [OLD, NEW]
    assert store.of_orders(tx, [order_id]) == {order_id: [last]}


@pytest.mark.parametrize(
    ("of", "to"),
    [
        (NEW, OLD),  # back: a ring of two
        (LAST, OLD),  # a ring of three
        (OLD, LAST),  # a fork: it goes by another number already
        (NEW, NEW),  # itself
        (LAST, NEW),  # a ring of two at the end
    ],
)
def test_rings_and_forks_are_refused(tx: Tx, of: tuple[str, str], to: tuple[str, str]) -> None:
    shipped(tx)
    relabel(tx, OLD, to=NEW, change=MOVED)
    relabel(tx, NEW, to=LAST, change=MOVED)

    with pytest.raises(LabelInUse):
        relabel(tx, of, to=to, change=MOVED)


def test_a_number_nobody_heard_of_cannot_be_replaced(tx: Tx) -> None:
    with pytest.raises(NotFound):
        relabel(tx, OLD, to=NEW, change=MOVED)

    assert store.one(tx, NEW) is None


def test_a_number_that_carries_another_order_is_refused(tx: Tx) -> None:
    shipped(tx)
    shipped(tx, "SF2")

    with pytest.raises(ParcelTaken):
        relabel(tx, OLD, to=("sf", "SF2"), change=MOVED)


def test_a_clerks_day_and_the_promise_go_along(tx: Tx) -> None:
    order_id = placed_order(tx)
    promise = MONDAY + 24 * HOUR
    wish = Consignment(order_id=order_id, carrier="sf", number="SF1", promised_at=promise)
    attach_one(tx, wish, change=SHIPPING)
    expect(tx, OLD, MONDAY + 72 * HOUR, source=ExpectedSource.CLERK, change=MOVED)

    after = relabel(tx, OLD, to=NEW, change=MOVED)

    assert (after.promised_at, after.expected_at) == (promise, MONDAY + 72 * HOUR)
    assert after.expected_source is ExpectedSource.CLERK


def test_the_units_that_left_in_it_are_in_the_new_parcel(tx: Tx) -> None:
    order_id = shipped(tx)
    old = living(tx)
    tx.execute(
        reservation.insert().values(
            id=new_id(),
            order_id=order_id,
            sku_id=new_id(),
            warehouse="main",
            quantity=1,
            state="confirmed",
            parcel_id=old.id,
        )
    )

    after = relabel(tx, OLD, to=NEW, change=MOVED)

    assert tx.scalar(select(reservation.c.parcel_id)) == after.id


def test_an_order_arrives_in_what_its_parcels_go_by_now(tx: Tx) -> None:
    order_id = shipped(tx)
    after = relabel(tx, OLD, to=NEW, change=MOVED)

    assert store.delivered_orders(tx, [after.id]) == []
    take(tx, seen(9, ParcelStatus.DELIVERED, "SF1"))  # under its old number

    assert store.delivered_orders(tx, [after.id]) == [order_id]


def test_a_parcel_that_came_back_delivers_no_order(tx: Tx) -> None:
    shipped(tx)
    take(tx, seen(1, ParcelStatus.RETURNING, "SF1"), seen(9, ParcelStatus.DELIVERED, "SF1"))

    assert living(tx).status is ParcelStatus.RETURNED
    assert store.delivered_orders(tx, [living(tx).id]) == []


def test_what_a_shopper_sends_back_says_nothing_of_what_the_order_arrives_in(tx: Tx) -> None:
    order_id = shipped(tx)
    wish = Consignment(order_id=order_id, carrier="sf", number="BACK1", direction=Direction.BACK)
    back = attach_one(tx, wish, change=SHIPPING)
    take(tx, seen(9, ParcelStatus.DELIVERED, "BACK1"))

    assert store.delivered_orders(tx, [back.id]) == []
    assert [one.number for one in store.of_orders(tx, [order_id])[order_id]] == ["SF1"]
    back_again = store.of_orders(tx, [order_id], direction=Direction.BACK)
    assert [one.number for one in back_again[order_id]] == ["BACK1"]

    take(tx, seen(9, ParcelStatus.DELIVERED, "SF1"))
    assert store.delivered_orders(tx, [back.id]) == [order_id]


def test_what_is_still_on_its_way_back_does_not_keep_an_order_from_being_delivered(tx: Tx) -> None:
    order_id = shipped(tx)
    wish = Consignment(order_id=order_id, carrier="sf", number="BACK1", direction=Direction.BACK)
    attach_one(tx, wish, change=SHIPPING)

    take(tx, seen(9, ParcelStatus.DELIVERED, "SF1"))

    assert store.delivered_orders(tx, [living(tx).id]) == [order_id]


def test_an_order_of_which_only_a_part_left_is_not_delivered(tx: Tx) -> None:
    order_id = shipped(tx)
    take(tx, seen(9, ParcelStatus.DELIVERED, "SF1"))
    tx.execute(
        text("UPDATE orders SET fulfilment = 'partly_shipped', status = 'paid' WHERE id = :id"),
        {"id": order_id},
    )

    assert store.delivered_orders(tx, [living(tx).id]) == []


def test_a_ring_planted_by_hand_does_not_hang_a_scan(tx: Tx) -> None:
    shipped(tx)
    relabel(tx, OLD, to=NEW, change=MOVED)
    of = select(parcel.c.id).where(parcel.c.number == "SF1").scalar_subquery()
    tx.execute(update(parcel).where(parcel.c.number == "JD1").values(replaced_by=of))

    with pytest.raises(KeyError):
        take(tx, seen(1, ParcelStatus.PICKED_UP, "SF1"))


def test_two_who_relabel_towards_each_other_make_no_ring(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        for number in ("SF1", "SF2"):
            take(tx, seen(0, ParcelStatus.ANNOUNCED, number))

    def turn(of: str, to: str) -> str:
        try:
            attempt(shop.engine, lambda tx: relabel(tx, ("sf", of), to=("sf", to), change=MOVED))
        except LabelInUse:
            return "refused"
        return "done"

    outcomes = together(lambda: turn("SF1", "SF2"), lambda: turn("SF2", "SF1"))

    assert sorted(outcomes) == ["done", "refused"]


def test_scans_that_race_a_relabelling_are_all_in_its_story(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        shipped(tx)

    def scan(hour: int) -> None:
        attempt(shop.engine, lambda tx: take(tx, seen(hour, ParcelStatus.IN_TRANSIT, "SF1")))

    def turn() -> None:
        attempt(shop.engine, lambda tx: relabel(tx, OLD, to=NEW, change=MOVED))

    together(*(lambda hour=hour: scan(hour) for hour in range(1, 7)), turn)

    with begin(shop.engine) as tx:
        one = living(tx)
        assert one.carrier == "jd"
        assert one.last_scan_at == MONDAY + 6 * HOUR
        assert len(store.checkpoints_of(tx, [one.id])[one.id]) == 6
