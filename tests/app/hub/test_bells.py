"""One story, few bells: what a table keeps still moves the inbox line and makes no sound."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.hub.bell_rules import Bells
from app.hub.bell_table import read_bells
from app.hub.bounds import Bounds
from app.hub.catalogue import NOTICES
from app.hub.decide import decide
from app.hub.explain import explain
from app.hub.facts import bounds_of, named
from app.hub.policy import Policy
from app.hub.question import Standing
from app.hub.react import react
from app.hub.told_store import told_before
from app.hub.verdict import Because, Send, Skip
from app.rules.rule import publish, ruling, save
from app.rules.standard import sheet_of
from orders_core.ids import OrderId
from orders_core.orders.order import OrderStatus
from orders_core.parcels.parcel import ParcelStatus
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, queued, tell, verdicts, wish
from tests.app.hub.telling import events_of, scan, sent
from tests.buying import MUG, TEA, bought, fill, moved, paid
from tests.cast import ANA, BEN
from tests.shop import MORNING

STILL = Bounds(bells=Bells(still={"order_shipped": ("email", "sms")}))
FETCHED = Bounds(bells=Bells(still_once_fetched={"order_delivered": ("push",)}))


@pytest.fixture
def order_id(tx: Tx) -> OrderId:
    """An order of Ana's, just placed."""
    enter(tx, ANA)
    fill(tx, {MUG: 9, TEA: 9})
    return bought(tx, (MUG, 2), (TEA, 1))


def live(tx: Tx, order_id: OrderId, *scans: ParcelStatus) -> list[str]:
    """Live a whole order with these scans, each heard as it happens; return what rang a phone."""
    policy = Policy(Bounds(bells=read_bells(ruling(tx, "bells"))), POLICY.voice)

    def hear(*about: UUID) -> None:
        react(tx, events_of(tx, *about), policy=policy, now=MORNING)

    hear(order_id)
    paid(tx, order_id)
    hear(order_id)
    moved(tx, order_id, OrderStatus.SHIPPED)
    parcel = sent(tx, order_id)
    hear(order_id, parcel.id)
    for minutes, status in enumerate(scans, start=1):
        code = "3-2-1086" if status is ParcelStatus.AT_STATION else None
        scan(tx, status, minutes=minutes, pickup_code=code)
        hear(order_id, parcel.id)
    moved(tx, order_id, OrderStatus.DELIVERED)
    hear(order_id)
    return [row.notice for row in queued(tx) if row.channel == "push"]


def test_a_notice_that_stays_still_moves_its_inbox_line():
    verdict = decide(NOTICES["order_shipped"], ANA, (), STILL, MORNING)

    assert verdict.answer == Send(("inapp",))
    assert [step.outcome for step in verdict.trace if step.rule == "bells"] == ["narrow"]


def test_what_has_no_line_to_move_and_no_bell_is_not_sent():
    bounds = Bounds(bells=Bells(still={"case_received": ("email", "inapp")}))

    verdict = decide(NOTICES["case_received"], ANA, (), bounds, MORNING)

    assert verdict.answer == Skip(Because.FEW_BELLS)


def test_a_code_rings_whatever_the_table_says():
    bounds = Bounds(bells=Bells(still={"security_code": ("sms", "email")}))

    assert decide(NOTICES["security_code"], ANA, (), bounds, MORNING).decided_by == "all_clear"


@pytest.mark.parametrize("is_fetched", [True, False])
def test_whoever_fetched_a_parcel_hears_no_bell_that_it_arrived(*, is_fetched: bool):
    standing = Standing(order_status="delivered", is_fetched=is_fetched)

    verdict = decide(NOTICES["order_delivered"], ANA, (), FETCHED, MORNING, standing=standing)

    assert isinstance(verdict.answer, Send)
    assert ("push" in verdict.answer.channels) is not is_fetched


@pytest.mark.parametrize(
    ("scans", "rung"),
    [
        (
            [ParcelStatus.IN_TRANSIT, ParcelStatus.OUT_FOR_DELIVERY],
            ["order_paid", "out_for_delivery", "order_delivered"],
        ),
        ([ParcelStatus.AT_STATION], ["order_paid", "pickup_ready"]),
        (
            [ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.AT_STATION],
            ["order_paid", "out_for_delivery", "pickup_ready"],
        ),
        (
            [ParcelStatus.AT_STATION, ParcelStatus.OUT_FOR_DELIVERY],
            ["order_paid", "pickup_ready", "out_for_delivery"],
        ),
    ],
)
def test_a_normal_order_pushes_three_times_at_most(
    tx: Tx, order_id: OrderId, scans: list[ParcelStatus], rung: list[str]
):
    assert live(tx, order_id, *scans) == rung
    lines = {row.notice for row in queued(tx) if row.channel == "inapp"}
    assert {"order_placed", "order_shipped", "order_delivered"} <= lines


def test_a_table_of_the_shops_own_rings_as_it_says(tx: Tx):
    quiet = (sheet_of("bells") or "").replace(
        "rule,-,-,yes,yes,yes,", "rule,order_cancelled,-,no,no,no,\nrule,-,-,yes,yes,yes,"
    )
    quiet = quiet.replace("example,order_cancelled,no,yes,yes,yes,", "")
    rings = read_bells(ruling(tx, "bells")).still_for("order_cancelled", is_fetched=False)
    saved = save(tx, quiet, by="lead", why="too loud", now=MORNING)
    publish(tx, "bells", saved.version)

    stays = read_bells(ruling(tx, "bells")).still_for("order_cancelled", is_fetched=False)

    assert (rings, stays) == ((), ("email", "push", "sms"))


def test_only_what_was_told_to_this_person_was_told(tx: Tx):
    enter(tx, ANA, BEN)
    tell(tx, wish(ANA, dispatch="one"))
    asked = {("one", ANA.person_id), ("one", BEN.person_id), ("two", ANA.person_id)}

    assert told_before(tx, asked) == {("one", ANA.person_id)}
    assert told_before(tx, ()) == frozenset()


def test_bells_come_back_from_the_archive_as_they_were(tx: Tx):
    bounds = Bounds(bells=read_bells(ruling(tx, "bells")))

    assert bounds_of(named(bounds)[1]).bells == bounds.bells


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_bell_that_stayed_still_is_explained(tx: Tx, locale: str):
    enter(tx, ANA)
    tell(tx, wish(ANA, "order_shipped"), policy=Policy(STILL, POLICY.voice))

    explained = explain(verdicts(tx)[0], locale=locale, zone="Asia/Shanghai")

    [asked] = [one for one in explained.asked if one.rule == "bells"]
    assert "SMS" in asked.answer or "短信" in asked.answer
    assert asked.sign == "wait"


@pytest.mark.parametrize("shows_goods", [True, False])
def test_goods_are_named_on_a_locked_screen_only_where_the_shop_says_so(
    tx: Tx, *, shows_goods: bool
):
    enter(tx, ANA)
    voice = replace(POLICY.voice, shows_goods=shows_goods)

    tell(tx, wish(ANA), policy=replace(POLICY, voice=voice))

    assert queued(tx)[0].variables.get("shows_items", False) is shows_goods
    assert queued(tx)[0].variables["collapse"] == "order"
