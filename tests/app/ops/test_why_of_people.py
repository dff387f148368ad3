"""Why did or didn't they get it, asked of a person: under a campaign, or of a notice at all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from app.campaigns import store as campaigns
from app.campaigns import told_store
from app.campaigns.campaign import Campaign, CampaignId, State
from app.campaigns.segment import Segment
from app.campaigns.slot_store import ELSEWHERE, Slot
from app.db.transaction import begin
from app.hub.tables import verdict
from app.ops import why_api
from app.ops.left_out import Place, left_out, place_of
from app.ops.untold import Why
from app.people.recipient import Recipient
from orders_core.ids import new_id, show
from orders_core.tx import Tx
from tests.app.campaigns.crowd import draft
from tests.app.hub.stage import enter, tell, wish
from tests.cast import ANA, BEN, CHIYO
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop

LOW, HIGH = UUID(int=1), UUID(int=2**100)


def a_campaign(tx: Tx, state: State = State.RUNNING, *, zone: str | None = None) -> Campaign:
    campaign_id = campaigns.add(
        tx, draft(segment=Segment(zone=zone)), by="staff:mei@shop.example", now=MORNING
    )
    campaigns.stand(tx, campaign_id, state)
    return campaigns.find(tx, campaign_id)


def told_under(tx: Tx, campaign_id: CampaignId, who: Recipient) -> None:
    decisions = tell(tx, wish(who, "announcement", dispatch=str(campaign_id)))
    told_store.add(tx, campaign_id, decisions)


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with begin(shop.engine) as tx:
        enter(tx, ANA, BEN, CHIYO)
    with open_doors(shop, why_api.router) as opened:
        yield opened


def ask(doors: Doors, **named: str) -> Any:
    return doors.call("GET", "/v1/why?" + "&".join(f"{key}={one}" for key, one in named.items()))


def ref(who: Recipient) -> str:
    return show("per", who.person_id)


def test_an_offer_is_explained_to_whom_it_went_and_to_whom_it_did_not(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        campaign = a_campaign(tx)
        told_under(tx, campaign.id, ANA)
        told_under(tx, campaign.id, BEN)

    sent = ask(doors, person=ref(ANA), campaign=campaign.ref).json()
    refused = ask(doors, person=ref(BEN), campaign=campaign.ref).json()
    waiting = ask(doors, person=ref(CHIYO), campaign=campaign.ref).json()

    assert (sent["verdicts"][0]["answer"], sent["untold"]) == ("send", [])
    assert refused["verdicts"][0]["because"] == "no_consent"
    assert set(refused["verdicts"][0]["in_words"]) == {"zh", "en"}
    assert (waiting["verdicts"], waiting["untold"][0]["why"]) == ([], "came_later")
    assert (sent["notice"], sent["order"], sent["campaign"]) == (
        "announcement",
        None,
        campaign.ref,
    )


def test_a_notice_is_explained_without_an_order_and_only_that_notice(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        tell(tx, wish(ANA, "announcement", dispatch="offer"), wish(ANA, "points_earned"))

    offers = ask(doors, person=ref(ANA), notice="announcement").json()
    never = ask(doors, person=ref(CHIYO), notice="announcement").json()

    assert len(offers["verdicts"]) == 1
    assert offers["untold"] == []
    assert [one["why"] for one in never["untold"]] == ["nobody_wished"]
    assert never["untold"][0]["in_words"]["zh"]


def test_of_a_verdict_that_is_kept_no_more_its_outcome_is_said(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        campaign = a_campaign(tx)
        told_under(tx, campaign.id, BEN)
        tx.execute(delete(verdict))

    [told] = ask(doors, person=ref(BEN), campaign=campaign.ref).json()["untold"]

    assert (told["why"], told["outcome"]) == ("long_ago", "no_consent")
    assert told["outcome_in_words"]["en"]


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"notice": "announcement"},
        {"person": "ana"},
        {"person": "ana", "order": "one", "notice": "order_paid"},
        {"order": "one", "campaign": "one"},
        {"person": "ana", "campaign": "one", "notice": "order_paid"},
    ],
)
def test_a_question_names_one_thing(doors: Doors, named: dict[str, str]):
    ids = {"ana": ref(ANA), ("order", "one"): show("ord", new_id())}
    ids[("campaign", "one")] = show("cmp", new_id())

    reply = ask(
        doors, **{key: ids.get((key, one), ids.get(one, one)) for key, one in named.items()}
    )

    assert (reply.status_code, reply.json()["code"]) == (422, "why_of_what")


def test_whom_and_what_nobody_knows_is_not_found(doors: Doors, shop: Shop):
    with begin(shop.engine) as tx:
        campaign = a_campaign(tx)
    nobody, nothing = show("per", new_id()), show("cmp", new_id())

    assert ask(doors, person=nobody, campaign=campaign.ref).status_code == 404
    assert ask(doors, person=ref(ANA), campaign=nothing).status_code == 404
    assert ask(doors, person=ref(ANA), notice="gossip").status_code == 404


def slot(zone: str = ELSEWHERE, *, after: UUID | None = None, is_done: bool = False) -> Slot:
    return Slot(zone=zone, due_at=MORNING, asked=1, after=after, is_done=is_done)


HERE = Place(person_id=LOW, zone="Asia/Shanghai", is_among=True)
GONE = replace(HERE, is_among=False)


@pytest.mark.parametrize(
    ("state", "slots", "place", "why"),
    [
        (State.DRAFT, [], HERE, Why.NOT_BEGUN),
        (State.SCHEDULED, [slot()], GONE, Why.NOT_BEGUN),
        (State.RUNNING, [slot()], GONE, Why.NOT_AMONG),
        (State.CANCELLED, [slot()], GONE, Why.NOT_AMONG),
        (State.CANCELLED, [slot()], HERE, Why.CALLED_OFF),
        (State.RUNNING, [slot()], HERE, Why.TURN_COMES),
        (State.PAUSED, [slot("Asia/Shanghai")], HERE, Why.TURN_COMES),
        (State.RUNNING, [slot("Europe/Lisbon")], HERE, Why.CAME_LATER),
        (State.RUNNING, [slot(after=LOW)], HERE, Why.CAME_LATER),
        (State.RUNNING, [slot("Asia/Shanghai", after=HIGH), slot()], HERE, Why.TURN_COMES),
        (State.FINISHED, [slot(is_done=True)], HERE, Why.CAME_LATER),
    ],
)
def test_where_nothing_was_decided_the_campaign_says_why(
    tx: Tx, state: State, slots: Sequence[Slot], place: Place, why: Why
):
    assert left_out(a_campaign(tx, state), slots, place) is why


def test_whoever_left_the_segment_is_not_among_its_people(tx: Tx):
    enter(tx, ANA)
    here, elsewhere = (a_campaign(tx, zone=zone) for zone in (ANA.zone, "Pacific/Apia"))

    assert place_of(tx, here, ANA.person_id, ANA.zone).is_among
    assert not place_of(tx, elsewhere, ANA.person_id, ANA.zone).is_among
