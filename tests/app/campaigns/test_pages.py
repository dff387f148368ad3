"""The marketer's pages: what is refused says the cure, numbers lead to people, masks stay on."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from app.access import sessions, staff
from app.access.roles import Role
from app.access.store import staff_by_email
from app.campaigns import change, reach, reach_store
from app.campaigns.launch import run_due
from app.campaigns.list_store import lines
from app.campaigns.view import OUTCOMES
from app.db.transaction import begin
from app.house import House
from app.http.csrf import token_for
from app.http.deps import secret_of
from app.hub.verdict import Because
from app.people import calm_store
from app.people.choice_store import choose_rhythms
from app.people.choices import ChannelName, Rhythm
from app.people.tables import consent, person
from app.words.say import knows
from orders_core.ids import PersonId, show
from tests.app.campaigns.crowd import act, draft, gather, scheduled
from tests.app.campaigns.test_best_time import EVENING, best_campaign, outcomes
from tests.pages_app import pages_app
from tests.shop import Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html"}
PLAIN = {
    "name": "Teas",
    "title_zh": "秋茶到店",
    "body_zh": "今年的秋茶已经到店。",
    "title_en": "Teas are here",
    "body_en": "They have arrived.",
    "timing": "now",
}


class Desk:
    """Somebody of the staff at their browser."""

    def __init__(self, client: TestClient, house: House, role: Role) -> None:
        self.client = client
        with begin(house.engine) as tx:
            email = f"{role}@shop.example"
            staff.put(tx, email=email, name="Mei", password="a long enough password", role=role)
            member = staff_by_email(tx, email)
            assert member is not None
            token = sessions.start(tx, member.id)
        self.client.cookies.set(sessions.cookie_name(house.settings.public_url), token)
        self.csrf = token_for(secret_of(house), token)

    def get(self, path: str) -> Any:
        return self.client.get(f"{path}{'&' if '?' in path else '?'}lang=en", headers=SAME)

    def post(self, path: str, **said: str) -> Any:
        return self.client.post(f"{path}?lang=en", data={"csrf": self.csrf, **said}, headers=SAME)


@pytest.fixture
def desk(shop: Shop, house: House) -> Iterator[Desk]:
    with begin(shop.engine) as tx:
        gather(tx, 200)
    app = pages_app(shop.engine, shop.clock, house.settings)
    with TestClient(app, base_url="http://testserver") as client:
        yield Desk(client, house, Role.MARKETER)


def text(reply: Any) -> str:
    return unescape(reply.text)


def test_an_empty_list_teaches_and_leads_on(desk: Desk) -> None:
    page = text(desk.get("/campaigns"))

    assert "No campaign yet" in page
    assert 'href="/campaigns/new"' in page


def test_what_cannot_be_read_keeps_what_was_typed_and_says_the_cure(desk: Desk) -> None:
    reply = desk.post("/campaigns", **PLAIN | {"name": "", "bought_within_days": "many"})

    assert reply.status_code == 422
    assert "Give the campaign a name" in text(reply)
    assert "Days are a whole number" in text(reply)
    assert 'value="many"' in text(reply)
    assert "秋茶到店" in text(reply)


def test_what_is_not_ready_is_kept_and_says_what_is_missing(desk: Desk) -> None:
    reply = desk.post("/campaigns", **PLAIN | {"body_en": "", "timing": "person", "do": "schedule"})

    assert reply.status_code == 422
    assert "The English title or text is missing" in text(reply)
    assert "The time is missing" in text(reply)
    assert "Teas" in text(desk.get("/campaigns"))


def test_the_preview_shows_a_real_person_and_counts_the_segment(desk: Desk) -> None:
    page = text(desk.post("/campaigns/preview", **PLAIN | {"locale": "en"}))

    assert "20 people in the segment" in page
    assert "Shown to Person" in page
    assert "Teas are here" in page
    assert "秋茶" not in page


def test_hostile_words_are_shown_and_never_run(desk: Desk) -> None:
    evil = "<script>alert(1)</script>"
    page = desk.post("/campaigns/preview", **PLAIN | {"title_zh": evil, "name": evil}).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_number_leads_to_its_people_whose_addresses_stay_masked(
    desk: Desk, shop: Shop, house: House
) -> None:
    campaign_id = scheduled(shop, draft())
    while run_due(house):
        pass
    ref = show("cmp", campaign_id)

    one = text(desk.get(f"/campaigns/{ref}"))
    people = text(desk.get(f"/campaigns/{ref}/people?of=told&outcome=cap_reached"))
    table = desk.get(f"/campaigns/{ref}/people.csv?of=told&outcome=cap_reached")

    assert f"/campaigns/{ref}/people?of=told&outcome=cap_reached" in one
    assert "20 people" in people
    assert "c•••@mail.example" in people
    assert "mail.example" not in table.text
    assert len(table.text.splitlines()) == 21


def test_the_weighed_reach_leads_to_people_too(desk: Desk, shop: Shop, house: House) -> None:
    with begin(shop.engine) as tx:
        campaign_id = change.write(tx, draft(), act())
        reach.ask(tx, campaign_id, settings=house.settings, now=shop.clock.now())
    while run_due(house):
        pass
    ref = show("cmp", campaign_id)

    check = text(desk.get(f"/campaigns/{ref}/check"))
    people = text(desk.get(f"/campaigns/{ref}/people?of=reach&outcome=send"))

    assert "Reaches 120 of 200 people" in check
    assert "120 people" in people
    assert people.count("data-row") == 50


def test_a_page_that_saw_another_state_is_asked_to_load_anew(desk: Desk, shop: Shop) -> None:
    ref = show("cmp", scheduled(shop, draft(), countdown_seconds=60))

    same = desk.get(f"/campaigns/{ref}/board?seen=scheduled")
    other = desk.get(f"/campaigns/{ref}/board?seen=draft")

    assert "hx-refresh" not in same.headers
    assert "Starts in" in text(same)
    assert other.headers["hx-refresh"] == "true"


def test_the_mail_comes_under_a_policy_that_runs_nothing(desk: Desk, shop: Shop) -> None:
    ref = show("cmp", scheduled(shop, draft(), countdown_seconds=60))

    mail = desk.get(f"/campaigns/{ref}/mail/zh")

    assert "sandbox" in mail.headers["content-security-policy"]
    assert "秋茶到店" in mail.text


def test_whoever_leads_may_look_but_not_write_and_agents_may_neither(
    desk: Desk, shop: Shop, house: House
) -> None:
    ref = show("cmp", scheduled(shop, draft(), countdown_seconds=60))
    lead = Desk(desk.client, house, Role.LEAD)
    assert lead.get(f"/campaigns/{ref}").status_code == 200
    assert "Abort" not in text(lead.get(f"/campaigns/{ref}"))
    assert lead.post(f"/campaigns/{ref}/abort").status_code == 403

    agent = Desk(desk.client, house, Role.AGENT)
    assert agent.get("/campaigns").status_code == 403


def test_every_outcome_has_words_and_a_line_on_the_page() -> None:
    # of orders' news only; of messages that waited only
    missing = {
        *(Because.SUPERSEDED, Because.ORDER_MUTED),
        *(Because.TOO_LATE, Because.DISPLACED, Because.EMPTY),
    }
    outcomes = {because.value for because in Because if because not in missing} | {"send"}

    assert [one for one in outcomes if not knows(f"campaigns.outcome.{one}")] == []
    assert sorted(OUTCOMES) == sorted(outcomes)


def test_whoever_paused_their_bells_is_counted_and_found(
    desk: Desk, shop: Shop, house: House
) -> None:
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        tx.execute(delete(consent).where(consent.c.channel == "inapp"))  # bells alone are left
        for who in tx.scalars(select(person.c.id).where(person.c.reference.like("crowd-%5"))).all():
            calm_store.pause(tx, who, now + timedelta(days=9), source="test", now=now)
    campaign_id = scheduled(shop, draft())
    while run_due(house):
        pass
    ref = show("cmp", campaign_id)

    one = text(desk.get(f"/campaigns/{ref}"))
    people = text(desk.get(f"/campaigns/{ref}/people?of=told&outcome=paused"))

    assert f"/campaigns/{ref}/people?of=told&outcome=paused" in one
    assert "20 people" in people


def test_whoever_hears_of_it_in_a_digest_is_reached_when_that_goes_out(
    desk: Desk, shop: Shop, house: House
) -> None:
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        tx.execute(delete(consent).where(consent.c.channel != "email"))
        for who in tx.scalars(select(person.c.id).where(person.c.reference.like("crowd-%5"))):
            daily = {ChannelName.EMAIL: Rhythm.DAILY}
            choose_rhythms(tx, PersonId(who), daily, source="test", now=now)
        campaign_id = change.write(tx, draft(), act(now))
        reach.ask(tx, campaign_id, settings=house.settings, now=now)
    while run_due(house):
        pass
    with begin(shop.engine) as tx:
        weighed = reach_store.latest(tx, campaign_id)
        change.schedule(tx, campaign_id, act(now), settings=house.settings)
    check = text(desk.get(f"/campaigns/{show('cmp', campaign_id)}/check"))
    while run_due(house):
        pass

    assert weighed is not None
    assert (weighed.outcomes["send"], weighed.outcomes["folded"]) == (100, 20)
    assert weighed.hours == {"2026-03-02T02:00:00+00:00": 100, "2026-03-02T10:00:00+00:00": 20}
    assert "Reaches 120 of 200 people" in check
    with begin(shop.engine) as tx:
        [line] = lines(tx, after=None, at_most=9)
    assert line.reached == 120


def test_a_number_with_noughts_before_it_is_as_large_as_it_is(desk: Desk) -> None:
    reply = desk.post("/campaigns", **PLAIN | {"bought_within_days": "000000000001" + "9" * 5})

    assert reply.status_code == 422
    assert 'aria-invalid="true"' in reply.text


def test_the_page_says_what_peoples_own_hours_brought_and_when_it_cannot_tell(
    desk: Desk, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        campaign_id = best_campaign(tx)
        outcomes(tx, campaign_id, [(EVENING, 0.9, n % 2 == 0) for n in range(90)])
    page = f"/campaigns/{show('cmp', campaign_id)}"
    early = text(desk.get(page))
    with begin(shop.engine) as tx:
        outcomes(tx, campaign_id, [(10, 0.054, n % 2 == 0) for n in range(20)])
    unclear = text(desk.get(page))
    with begin(shop.engine) as tx:
        outcomes(tx, campaign_id, [(10, 0.054, False) for _ in range(40)])
        outcomes(tx, campaign_id, [(EVENING, 0.9, True) for _ in range(700)])
    clear = text(desk.get(page))

    assert "Cannot tell yet what it brings" in early
    assert "Cannot tell which is better" in unclear
    assert "Their own hour is better" in clear
    assert "Opened within two days: 94.3 % in their own hour, 16.7 % in the hour named" in clear
