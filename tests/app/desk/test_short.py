"""Missing goods are one case, however many orders lack them; agents see what each shopper chose."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db.transaction import begin
from app.desk import case_store, cases_api, handle, list_store
from app.desk.case import Act, Case, NotNow, State, allowed
from app.desk.finding import read_finding
from app.desk.reply import Words, reply
from app.desk.short import open_short
from app.desk.view import Wanted
from app.house import House
from app.settings import Settings
from app.subscribers.drain import drain
from orders_core.ids import OrderId, show
from orders_core.shortage.choice import Refund, Wait
from orders_core.shortage.choose import choose
from orders_core.tx import Tx
from tests.app.desk.counter import AGENT, policy
from tests.app.desk.test_case_pages import entered
from tests.buying import MUG, TEA, bought, fill, move_in, paid
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop
from tests.shorts import NEXT_WEEK, counted, shopper

SETTINGS = Settings(mode="test", public_url="https://shop.example")


def short_orders(tx: Tx, many: int = 3) -> list[OrderId]:
    move_in(tx)
    fill(tx, {MUG: 2 * many, TEA: many})
    orders = [paid(tx, bought(tx, (MUG, 2), (TEA, 1))) for _ in range(many)]
    counted(tx, 0)
    return orders


def opened(tx: Tx, orders: list[OrderId], *, hours: int = 0) -> list[Case]:
    return list(open_short(tx, orders, settings=SETTINGS, now=MORNING + timedelta(hours=hours)))


def cases(tx: Tx) -> list[Case]:
    return list(list_store.page(tx, Wanted(), after=None, at_most=9))


def test_orders_that_lack_the_same_goods_are_one_case(tx: Tx) -> None:
    orders = short_orders(tx)

    [case] = opened(tx, orders)

    assert opened(tx, orders) == []
    assert [one.id for one in cases(tx)] == [case.id]
    assert (case.person_id, case.order_id, case.reason) == (None, None, "short")
    assert case.question == "MUG · main"
    assert (case.priority, case.first_response_due_at) == (2, MORNING + timedelta(minutes=30))


def test_other_goods_and_another_day_are_cases_of_their_own(tx: Tx) -> None:
    orders = short_orders(tx)
    counted(tx, 2, code=TEA)
    counted(tx, 1, code=TEA, at=MORNING + timedelta(days=1))

    made = opened(tx, orders)

    assert [case.question for case in made] == ["MUG · main", "TEA · main", "TEA · main"]
    assert len({case.about for case in made}) == 3


def test_the_day_is_the_shops_own(tx: Tx) -> None:
    orders = short_orders(tx)
    [case] = opened(tx, orders)
    assert case.about is not None

    begins, ends = read_finding(case.about).span

    assert read_finding(case.about).key == case.about
    assert begins.isoformat() == "2026-03-02T00:00:00+08:00"
    assert ends - begins == timedelta(days=1)


def test_a_resolved_case_opens_again_when_more_is_found_that_day(tx: Tx) -> None:
    move_in(tx)
    fill(tx, {MUG: 9})
    orders = [paid(tx, bought(tx, (MUG, 3))) for _ in range(3)]
    counted(tx, 6)
    [case] = opened(tx, orders)
    handle.resolve(tx, case.id, by=AGENT, seen=None, now=MORNING + timedelta(hours=1))

    assert opened(tx, orders, hours=2) == []
    counted(tx, 5, at=MORNING + timedelta(hours=3))
    [again] = opened(tx, orders, hours=3)

    assert (again.id, again.state, again.version) == (case.id, State.OPEN, 3)


def test_nobody_asked_so_nobody_is_answered(tx: Tx) -> None:
    [case] = opened(tx, short_orders(tx))

    assert allowed(case) == {Act.RESOLVE, Act.ASSIGN}
    with pytest.raises(NotNow):
        reply(tx, case.id, Words(text="?", by=AGENT, key="k"), policy=policy(tx), now=MORNING)
    with pytest.raises(NotNow):
        _ = case.asker


def test_a_case_about_goods_is_resolved_reopened_and_given_away(tx: Tx) -> None:
    [case] = opened(tx, short_orders(tx))

    handle.assign(tx, case.id, to=AGENT, seen=None)
    handle.resolve(tx, case.id, by=AGENT, seen=None, now=MORNING)
    handle.reopen(tx, case.id, seen=None)

    present = case_store.hold(tx, case.id)
    assert (present.state, present.assigned_to) == (State.OPEN, AGENT)


@pytest.mark.parametrize("broken", ["about = NULL", "person_id = uuid7()"])
def test_a_case_is_of_a_person_or_about_goods(tx: Tx, broken: str) -> None:
    opened(tx, short_orders(tx))

    with pytest.raises(IntegrityError):
        tx.execute(text(f"UPDATE support_case SET {broken}"))  # noqa: S608 - our own words


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, cases_api.router) as opened_doors:
        yield opened_doors


def heard(shop: Shop) -> None:
    drain(House(settings=SETTINGS, engine=shop.engine, clock=shop.clock, channels={}))


def test_a_finding_is_heard_and_its_case_lists_the_orders_with_their_choices(
    doors: Doors,
) -> None:
    with begin(doors.shop.engine) as tx:
        first, second, third = short_orders(tx)
    heard(doors.shop)
    with begin(doors.shop.engine) as tx:
        choose(tx, first, Refund(), change=shopper())
        choose(tx, second, Wait(NEXT_WEEK), change=shopper())

    [case] = doors.get("/v1/cases")["data"]
    whole = doors.get(f"/v1/cases/{case['id']}")

    assert (case["person"], case["order"], case["because"]) == (None, None, "short")
    assert case["about"] == {"warehouse": "main", "day": "2026-03-02"}
    assert [(one["order"], one["state"], one["units"]) for one in whole["short"]] == [
        (show("ord", third), "open", 2),
        (show("ord", second), "waiting", 2),
        (show("ord", first), "refunded", 2),
    ]


def test_more_missing_of_an_order_that_is_short_already_is_heard(doors: Doors) -> None:
    with begin(doors.shop.engine) as tx:
        short_orders(tx)
    heard(doors.shop)
    with begin(doors.shop.engine) as tx:
        counted(tx, 0, code=TEA)
    heard(doors.shop)

    found = [case["question"] for case in doors.get("/v1/cases")["data"]]
    assert found == ["TEA · main", "MUG · main"]


def test_an_agent_sees_the_goods_the_orders_and_the_choices(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        orders = short_orders(tx)
        [case] = opened(tx, orders)
        choose(tx, orders[0], Wait(NEXT_WEEK), change=shopper())

    with entered(shop, "agent") as client:
        queue = client.get("/desk").text
        page = client.get(f"/desk/cases/{case.ref}").text
        answer = client.get(f"/desk/cases/{case.ref}/talk")

    assert "MUG · main" in queue
    assert "Goods missing" in queue
    assert "3 orders lack goods" in page
    assert "Waits until" in page
    assert page.count("Not chosen yet") == 2
    assert show("ord", orders[0]) in page
    assert "<textarea" not in page
    assert answer.status_code == 200
