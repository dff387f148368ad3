"""What a notice achieves: shares with their doubt, and a verdict only where there is none left."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.desk.tables import support_case
from app.hub.decision import Decision
from app.inbox.tables import inbox_item
from app.messages.tables import message
from app.ops.week import Mark, week
from app.ops.worth import Achieved, Counts, Share, Worth
from app.ops.worth_store import achieved
from app.people.choice_store import choose
from app.people.choices import Category, ChannelName
from app.people.tables import muted_order
from orders_core.ids import OrderId, new_id, show
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell, verdicts, wish
from tests.cast import ANA, BEN, CHIYO
from tests.pages_app import pages_app, settings_of
from tests.scene import OPERATOR, PASSWORD, Scene, set_scene
from tests.shop import MORNING, Shop

SOON = timedelta(hours=47)
LATE = timedelta(hours=49)
FAR = {"since": MORNING - timedelta(days=9), "until": MORNING + timedelta(days=9)}


def of(kind: str = "order", **counts: int) -> Achieved:
    return Achieved(notice="n", kind=kind, counts=Counts(**counts))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (of(told=29, bells=29, lines=29, seen=29), Worth.CANNOT_TELL),
        (of(told=100, bells=100, lines=100, seen=90, opened=50), Worth.WORTH_IT),
        (of(told=100, bells=100, lines=100, seen=55), Worth.CANNOT_TELL),
        (of(told=100, bells=100, lines=100, seen=10), Worth.UNSEEN),
        (of(told=100, bells=100, lines=100, seen=25), Worth.CANNOT_TELL),
        (of(told=100, bells=0, lines=100, seen=90), Worth.SILENT),
        (of(told=29, bells=0, lines=29, seen=29), Worth.CANNOT_TELL),
        (of(told=1000, bells=900, lines=1000, seen=900, muted=30), Worth.NOISE),
        (of(told=1000, bells=900, lines=1000, seen=900, opted_out=30), Worth.NOISE),
        (of(told=100, bells=90, lines=100, seen=90, muted=2), Worth.WORTH_IT),
        (of("marketing", told=500, bells=90, lines=500, seen=400, opened=5), Worth.NOISE),
        (of("marketing", told=500, bells=90, lines=500, seen=400, opened=60), Worth.WORTH_IT),
        (of("marketing", told=500, bells=90, lines=500, seen=20, opened=20), Worth.CANNOT_TELL),
        (of("security", told=500, bells=500, lines=0), Worth.CANNOT_TELL),
    ],
)
def test_a_verdict_is_spoken_where_the_whole_interval_lies_on_one_side(
    one: Achieved, expected: Worth
):
    assert one.worth is expected


def test_wilsons_interval_is_wilsons():
    share = Share(10, 100)

    assert (round(share.low, 4), round(share.high, 4)) == (0.0552, 0.1744)
    assert (Share(0, 10).low, round(Share(10, 10).high, 9)) == (0.0, 1.0)
    assert (Share(0, 0).value, Share(0, 0).low, Share(0, 0).high) == (None, 0.0, 1.0)


def test_contacts_prevented_need_somebody_who_was_not_told():
    fewer = of(told=1000, contacts=20, untold=200, untold_contacts=40)
    more = of(told=1000, contacts=200, untold=200, untold_contacts=2)

    assert of(told=1000, contacts=20, untold=29, untold_contacts=9).prevented is None
    assert fewer.prevented is not None
    assert 100 < fewer.prevented[0] < 180 < fewer.prevented[1] < 260
    assert more.prevented is not None
    assert more.prevented[1] < 0


def deliver(tx: Tx, *, seen_after: timedelta | None = None) -> None:
    """Deliver whatever is queued, and let the lines in the inbox be seen and opened later on."""
    for row in queued(tx):
        tx.execute(
            update(message).where(message.c.id == row.id).values(state="sent", settled_at=MORNING)
        )
        if row.channel == "inapp":
            at = MORNING + seen_after if seen_after else None
            line = {
                "id": row.id,
                "person_id": row.person_id,
                "order_id": row.order_id,
                "notice": row.notice,
                "title": "t",
                "body": "b",
                "arrived_at": MORNING,
                "seen_at": at,
                "read_at": at,
            }
            tx.execute(insert(inbox_item).values(line))


def only(tx: Tx) -> dict[str, Any]:
    [row] = achieved(tx, **FAR)
    return dict(row)


def told_of_an_order(tx: Tx) -> OrderId:
    enter(tx, ANA)
    order_id = OrderId(new_id())
    tell(tx, wish(ANA, order_id=order_id))
    return order_id


@pytest.mark.parametrize(("after", "counted"), [(SOON, 1), (LATE, 0)])
def test_seen_and_opened_within_two_days_count(tx: Tx, after: timedelta, counted: int):
    told_of_an_order(tx)
    deliver(tx, seen_after=after)

    row = only(tx)

    assert (row["told"], row["delivered"], row["bells"], row["lines"]) == (1, 3, 2, 1)
    assert (row["seen"], row["opened"]) == (counted, counted)


@pytest.mark.parametrize(("after", "counted"), [(SOON, 1), (LATE, 0)])
def test_whoever_mutes_the_order_or_switches_the_category_off_counts(
    tx: Tx, after: timedelta, counted: int
):
    order_id, at = told_of_an_order(tx), MORNING + after
    deliver(tx)
    tx.execute(insert(muted_order).values(order_id=order_id, person_id=ANA.person_id, at=at))
    choose(tx, ANA.person_id, {(Category.ORDERS, ChannelName.EMAIL): False}, source="t", now=at)

    assert (only(tx)["muted"], only(tx)["opted_out"]) == (counted, counted)


def test_another_category_switched_off_or_this_one_switched_on_is_no_opt_out(tx: Tx):
    told_of_an_order(tx)
    deliver(tx)
    others = {
        (Category.OFFERS, ChannelName.EMAIL): False,
        (Category.ORDERS, ChannelName.PUSH): True,
    }
    choose(tx, ANA.person_id, others, source="t", now=MORNING + SOON)

    assert only(tx)["opted_out"] == 0


def ask(tx: Tx, person_id: Any, order_id: Any, at: datetime, number: int) -> None:
    tx.execute(
        insert(support_case).values(
            id=new_id(),
            number=number,
            person_id=person_id,
            order_id=order_id,
            state="open",
            priority=2,
            signals=[],
            reason="asked",
            question="?",
            language="en",
            opened_at=at,
            asked_at=at,
            first_response_due_at=at,
        )
    )


def test_a_case_about_the_same_order_within_two_days_counts_told_or_not(tx: Tx):
    unreached = BEN
    enter(tx, ANA, unreached, CHIYO)
    one, other = OrderId(new_id()), OrderId(new_id())
    tell(tx, wish(ANA, order_id=one), wish(CHIYO, order_id=other))
    deliver(tx)
    tell(tx, wish(unreached, "announcement"))
    ask(tx, ANA.person_id, one, MORNING + SOON, 1)
    ask(tx, CHIYO.person_id, one, MORNING + SOON, 2)  # about another order than Chiyo's
    ask(tx, unreached.person_id, None, MORNING + SOON, 3)

    rows = {row["notice"]: row for row in achieved(tx, **FAR)}

    assert (rows["order_paid"]["told"], rows["order_paid"]["contacts"]) == (2, 1)
    offer = rows["announcement"]
    assert (offer["told"], offer["untold"], offer["untold_contacts"]) == (0, 1, 1)


def test_only_the_stretch_is_counted(tx: Tx):
    told_of_an_order(tx)

    assert achieved(tx, since=FAR["since"], until=MORNING) == []
    assert len(achieved(tx, since=MORNING, until=FAR["until"])) == 1


def test_a_week_has_seven_days_on_the_persons_own_calendar(tx: Tx):
    enter(tx, CHIYO)
    late = MORNING.replace(hour=15, minute=30)  # 00:30 of the next day in Tokyo
    decisions: list[Decision] = []
    for number, at in enumerate((MORNING, late, MORNING - timedelta(days=8))):
        decisions += tell(tx, wish(CHIYO, "order_shipped", dispatch=str(number), at=at))

    days = week(verdicts(tx), now=late, zone=CHIYO.zone)

    assert len(decisions) == 3
    assert len(days) == 7
    assert [[mark for mark, _ in day.marks] for day in days[-2:]] == [[Mark.RUNG], [Mark.WAITED]]
    assert sum(len(day.marks) for day in days) == 2


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def client(shop: Shop, scene: Scene) -> Iterator[TestClient]:
    """The operator, logged in."""
    assert scene.number > 0
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers={"sec-fetch-site": "same-origin"}) as opened:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', opened.get("/login").text)
        assert found is not None
        opened.post("/login", data={"email": OPERATOR, "password": PASSWORD, "csrf": found[1]})
        yield opened


def test_the_page_says_what_cannot_be_told_yet_and_the_table_the_same(client: TestClient):
    page = client.get("/hub/notices?lang=en").text
    rows = csv.DictReader(io.StringIO(client.get("/hub/notices.csv").text.lstrip("\ufeff")))

    assert page.count("Cannot tell yet") >= 4
    assert {row["notice"]: row["verdict"] for row in rows} == dict.fromkeys(
        ("order_placed", "order_paid", "order_shipped", "announcement"), "cannot_tell"
    )
    assert "还看不出来" in client.get("/hub/notices?lang=zh").text


def test_the_persons_page_shows_their_week(client: TestClient, scene: Scene):
    page = client.get(f"/ops/people/{show_id(scene)}?lang=en").text

    assert 'class="mark rung"' in page
    assert 'class="mark not_sent"' in page


def show_id(scene: Scene) -> str:
    return show("per", scene.lin)
