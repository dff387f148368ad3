"""Gifts among foreign orders: taken with their snapshot, told to the receiver, taken away again."""

from typing import Any

import pytest
from sqlalchemy import select

from app.hub.react import react
from app.intake.events import Result, accept
from app.messages.tables import message
from app.ops.export import export
from app.people.store import by_reference, find
from orders_core.events import Ring
from orders_core.ids import OrderId, PersonId, new_id, show
from orders_core.orders import gift_store, mirror_store
from orders_core.orders.gift import Gift
from orders_core.orders.mirror import Content, Snapshot
from orders_core.orders.mirror_store import Writing
from orders_core.orders.order import OrderStatus
from orders_core.outbox.reading import history_of
from orders_core.parcels.parcel import ParcelStatus
from orders_core.parcels.tables import parcel
from orders_core.tx import Tx
from tests.app.hub.stage import LINKS, POLICY
from tests.app.hub.telling import scan
from tests.app.intake.foreign import MONDAY, event, order, terms
from tests.buying import change

GRANDMA = {"reference": "c-2", "name": "外婆", "phone": "+8613900139000", "locale": "zh"}
GIFT = {"person": GRANDMA, "giver": "小雨", "words": "生日快乐"}
PARCEL = {"carrier": "sf", "number": "SF1029384756"}


def take(tx: Tx, *raw: Any, ring: Ring = Ring.NEVER) -> list[Result]:
    return accept(tx, raw, terms(ring), region="CN")


def who(tx: Tx, reference: str) -> PersonId:
    return by_reference(tx, [reference])[reference]


def gift_of(tx: Tx, result: Result) -> Gift | None:
    assert result.order_id is not None
    return gift_store.of_orders(tx, [result.order_id]).get(result.order_id)


def test_a_gift_comes_with_its_order_and_its_receiver_is_known(tx: Tx) -> None:
    (result,) = take(tx, event(order(1, "placed", gift=GIFT)))

    receiver = who(tx, "c-2")
    assert (result.outcome, result.warnings) == ("accepted", ())
    assert gift_of(tx, result) == Gift(person_id=receiver, giver="小雨", words="生日快乐")
    assert "+8613900139000" in str(find(tx, receiver).contacts)


@pytest.mark.parametrize("gift", [{}, {"giver": "小雨"}, {"words": "两行\n贺词"}])
def test_everything_of_a_gift_may_be_left_out(tx: Tx, gift: dict[str, Any]) -> None:
    (result,) = take(tx, event(order(1, "placed", gift=gift)))

    assert gift_of(tx, result) == Gift(giver=gift.get("giver"), words=gift.get("words"))


@pytest.mark.parametrize(
    ("gift", "code", "pointer"),
    [
        ({"person": {"reference": "c-1"}}, "gift_to_oneself", ""),
        ({"person": {"name": "外婆"}}, "missing_field", "/gift/person/reference"),
        ({"person": {"reference": "per_1"}}, "bad_reference", "/gift/person/reference"),
        ({"person": "c-2"}, "not_object", "/gift/person"),
        ({"giver": "A\nB"}, "line_break", "/gift/giver"),
        ({"giver": "x" * 61}, "too_long", "/gift/giver"),
        ({"words": "x" * 501}, "too_long", "/gift/words"),
        ({"price": 1}, "unknown_field", "/gift/price"),
        ("yes", "not_object", "/gift"),
    ],
)
def test_what_cannot_be_a_gift_is_refused_and_says_where(
    tx: Tx, gift: Any, code: str, pointer: str
) -> None:
    (result,) = take(tx, event(order(1, "placed", gift=gift)))

    assert result.outcome == "rejected"
    assert result.reason is not None
    assert (result.reason.code, result.reason.pointer) == (code, f"/data{pointer}")
    assert by_reference(tx, ["c-1", "c-2"]) == {}


def test_an_address_of_the_receiver_that_cannot_work_does_not_stop_the_order(tx: Tx) -> None:
    gift = GIFT | {"person": GRANDMA | {"phone": "12"}}
    (result,) = take(tx, event(order(1, "placed", gift=gift)))

    assert result.outcome == "accepted"
    assert [one.pointer for one in result.warnings] == ["/data/gift/person/phone"]


def test_the_newest_snapshot_says_whose_gift_it_is_and_whether_it_is_one(tx: Tx) -> None:
    other = {"person": {"reference": "c-3"}, "giver": "小雨", "words": "改送你"}
    first, second = (
        take(tx, event(order(version, "placed", gift=gift)))[0]
        for version, gift in ((1, GIFT), (3, other))
    )
    (late,) = take(tx, event(order(2, "placed", gift=GIFT)))
    given = gift_of(tx, second)

    assert given is not None
    assert (given.person_id, given.words, late.outcome) == (who(tx, "c-3"), "改送你", "stale")
    take(tx, event(order(4, "placed")))
    assert gift_of(tx, first) is None


def test_snapshots_of_one_batch_leave_what_one_after_the_other_leaves(tx: Tx) -> None:
    results = take(
        tx,
        event(order(2, "paid", gift=GIFT | {"words": "新"})),
        event(order(1, "placed", gift=GIFT)),
    )

    given = gift_of(tx, results[0])
    assert given is not None
    assert given.words == "新"


def test_the_same_gift_again_changes_nothing(tx: Tx) -> None:
    take(tx, event(order(1, "placed", gift=GIFT)))
    (again,) = take(tx, event(order(1, "placed", gift=GIFT), id="another"))

    assert again.outcome == "duplicate"


@pytest.mark.parametrize("turned", [False, True])
def test_two_snapshots_of_one_version_leave_the_same_gift_in_either_order(
    tx: Tx, *, turned: bool
) -> None:
    said = [
        event(order(1, "placed", gift={"words": words}), id=words) for words in ("first", "second")
    ]
    for one in reversed(said) if turned else said:
        take(tx, one)
    (again,) = take(tx, event(order(1, "placed", gift={"words": "second"}), id="again"))

    given = gift_of(tx, again)
    assert given is not None
    assert given.words == "second"


def test_of_two_intakes_of_one_order_only_the_first_leaves_a_gift(tx: Tx) -> None:
    (result,) = take(tx, event(order(1, "placed", gift=GIFT)))
    content = Content(
        person_id=who(tx, "c-1"), currency="CNY", total_minor=1, gift=Gift(words="late")
    )
    late = Snapshot(
        source="taoli",
        reference="A1",
        source_version=1,
        occurred_at=MONDAY,
        status=OrderStatus.PLACED,
        content=content,
    )
    mine = Writing(OrderId(new_id()), None, late.alone(), change())

    assert mirror_store.add(tx, {late.name: mine}) == frozenset()
    assert gift_store.of_orders(tx, [mine.order_id]) == {}
    given = gift_of(tx, result)
    assert given is not None
    assert given.words == "生日快乐"


def hear(tx: Tx, *ids: Any) -> None:
    events = [one for id_ in ids for one in history_of(tx, id_)]
    react(tx, events, policy=POLICY, now=MONDAY)


def told(tx: Tx, whose: PersonId) -> dict[str, dict[str, Any]]:
    rows = tx.execute(select(message).where(message.c.person_id == whose))
    return {row.notice: row.variables for row in rows}


def test_the_receiver_of_a_foreign_gift_hears_of_it_at_their_door_and_not_before(tx: Tx) -> None:
    shipped = event(order(3, "shipped", gift=GIFT, parcels=[PARCEL]))
    (result,) = take(tx, shipped, ring=Ring.NOW)
    giver, receiver = who(tx, "c-1"), who(tx, "c-2")
    hear(tx, result.order_id)
    assert (set(told(tx, giver)), told(tx, receiver)) == ({"order_shipped"}, {})

    scan(tx, ParcelStatus.OUT_FOR_DELIVERY)
    hear(tx, tx.scalar(select(parcel.c.id)))
    delivered = event(order(4, "delivered", gift=GIFT, parcels=[PARCEL]))
    (result,) = take(tx, delivered, ring=Ring.NOW)
    hear(tx, result.order_id)

    theirs = told(tx, receiver)
    assert set(theirs) == {"gift_coming", "gift_arrived"}
    facts = theirs["gift_arrived"]
    assert (facts["giver"], facts["gift_words"]) == ("小雨", "生日快乐")
    assert {facts[name] for name in ("total_minor", "currency", "order_number")} == {None}
    assert facts["items"] == []
    assert LINKS.open_order(facts["order_url"].partition("?")[0].rpartition("/")[2]).purpose == "s"


def test_whoever_gave_it_takes_the_gift_away_with_their_orders_and_the_receiver_does_not(
    tx: Tx,
) -> None:
    (result, _) = take(
        tx,
        event(order(1, "placed", gift=GIFT)),
        event(order(1, "placed", reference="B2")),
    )
    giver, receiver = who(tx, "c-1"), who(tx, "c-2")
    orders = export(tx, giver, links=LINKS, now=MONDAY)["orders"]
    theirs = export(tx, receiver, links=LINKS, now=MONDAY)

    gifts = {one["reference"]: one["gift"] for one in orders}
    assert gifts == {
        "A1": {"person": show("per", receiver), "giver": "小雨", "words": "生日快乐"},
        "B2": None,
    }
    assert theirs["orders"] == []
    assert "小雨" not in str(theirs)
    assert "生日快乐" not in str(theirs)
    assert result.order_id is not None
    gift_store.erase(tx, giver)
    assert gift_store.of_orders(tx, [OrderId(result.order_id)])[result.order_id].words is None
