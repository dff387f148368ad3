"""A marketer's first minute, by keyboard only; and campaigns in every look."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.access import staff
from app.access.roles import Role
from app.campaigns import change, reach, store
from app.campaigns.campaign import CampaignId, State, Timing
from app.campaigns.launch import Turn, run_due
from app.db.transaction import begin
from app.house import House
from bench.crowd import ZONES
from orders_core.ids import new_id, show
from orders_core.tx import Tx
from tests.app.campaigns.crowd import act, draft, gather
from tests.browser.conftest import Site
from tests.browser.judge import sweep
from tests.browser.window import PLAIN, opened
from tests.pages_app import settings_of
from tests.scene import PASSWORD

pytestmark = pytest.mark.browser

MARKETER = "mei@shop.example"


@pytest.fixture(scope="module")
def house(site: Site) -> House:
    """The worker's house: a crowd to write to, and nobody's mail to deliver."""
    with begin(site.shop.engine) as tx:
        staff.put(tx, email=MARKETER, name="Mei", password=PASSWORD, role=Role.MARKETER)
        gather(tx, 600, zones=ZONES)
    settings = settings_of(site.shop, campaign_countdown_seconds=0)
    return House(settings=settings, engine=site.shop.engine, clock=site.shop.clock, channels={})


def log_in(page: Page) -> None:
    page.goto("/login?next=/campaigns")
    page.fill("input[name=email]", MARKETER)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\d/campaigns$"))


def tab_to(page: Page, name: str, *, at_most: int = 60) -> None:
    """Press Tab until what is focused has this name."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        said: Any = page.evaluate(
            "() => { const at = document.activeElement;"
            " return (at.labels?.[0]?.textContent || at.textContent || at.value || '').trim() }"
        )
        if str(said).startswith(name):
            return
    raise AssertionError(f"no Tab leads to {name!r}")


def press(page: Page, name: str) -> None:
    """Go to a link or button by Tab and press it."""
    tab_to(page, name)
    page.keyboard.press("Enter")


WRITTEN = (
    ("Name", "Autumn teas"),
    ("Title in Chinese", "秋茶到店，会员 8 折"),
    ("Text in Chinese", "今年的秋茶已经到店。11月30日前，会员购茶享 8 折。"),
    ("Title in English", "Autumn teas are here"),
    ("Text in English", "Members pay 20% less until 30 November."),
)


def test_a_marketer_weighs_schedules_and_stops_a_campaign_by_keyboard_only(
    browser: Browser, site: Site, house: House
) -> None:
    with opened(browser, site, PLAIN) as page:
        log_in(page)
        press(page, "New campaign")
        page.wait_for_url("**/campaigns/new")
        for field, words in WRITTEN:
            tab_to(page, field)
            page.keyboard.insert_text(words)
        expect(page.locator("#preview .lock-note").first).to_contain_text("秋茶到店")
        press(page, "Count the reach")
        page.wait_for_url("**/edit#check")
        run_due(house)
        expect(page.get_by_text("Reaches")).to_contain_text("of 602 people")
        press(page, "Schedule")
        expect(page.get_by_role("timer")).to_contain_text("Starts in")
        tab_to(page, "Reason")
        page.keyboard.type("the price is wrong")
        press(page, "Abort")
        expect(page.get_by_role("status").first).to_contain_text("Nobody was told")
    assert run_due(house) == 0
    with begin(site.shop.engine) as tx:
        [campaign] = store.page(tx, after=None, at_most=5)
        last = store.moves(tx, campaign.id)[-1]
        told = tx.execute(text("SELECT count(*) FROM campaign_verdict")).scalar_one()
    assert (campaign.state, told) == (State.DRAFT, 0)
    assert (last.by, last.why) == (f"staff:{MARKETER}", "the price is wrong")


def test_a_campaign_is_written_and_scheduled_without_scripts(
    browser: Browser, site: Site, house: House
) -> None:
    with opened(browser, site, PLAIN, scripts=False) as page:
        log_in(page)
        page.goto("/campaigns/new")
        page.get_by_label("Name").fill("Plain teas")
        page.get_by_label("Reads").select_option("en")
        page.get_by_label("Title in English").fill("Teas")
        page.get_by_label("Text in English").fill("They are here.")
        page.get_by_role("button", name="Schedule").click()
        expect(page.get_by_role("timer")).to_be_visible()
        page.get_by_role("button", name="Abort").click()
        expect(page.get_by_role("status").first).to_contain_text("Nobody was told")


FORECAST = """
INSERT INTO forecast_run (id, state, why, asked_by, asked_at, made_at)
VALUES (:run, 'stored', 'nightly', 'worker', :now, :now);
"""
SLOTS = """
INSERT INTO forecast_slot
SELECT :run, :since + n * interval '30 minutes', false, 10, 1, 1, 0, 10 + 4 * sin(n / 2.0),
       '{4,6,10,15,18}', 5
FROM generate_series(0, 800) AS n
"""
ROSTER = """
INSERT INTO roster_slot
SELECT :since + n * interval '30 minutes', 4 + n / 2 % 3 FROM generate_series(0, 800) AS n
"""


def plan_ahead(tx: Tx, now: datetime) -> None:
    """Let the forecast have a plan, and the desk a roster."""
    facts = {"run": new_id(), "now": now, "since": now - timedelta(hours=4)}
    for statement in (FORECAST, SLOTS, ROSTER):
        tx.execute(text(statement), facts)


@pytest.fixture(scope="module")
def campaigns(site: Site, house: House) -> dict[State, CampaignId]:
    """A campaign in every state that has a look of its own."""
    engine, now = site.shop.engine, site.shop.clock.now()
    made: dict[State, CampaignId] = {}
    with begin(engine) as tx:
        plan_ahead(tx, now)
        for state in (State.DRAFT, State.SCHEDULED, State.RUNNING, State.PAUSED, State.FINISHED):
            slow = 60 if state in {State.RUNNING, State.PAUSED} else None
            written = replace(draft(pace=slow), name=f"秋茶 Autumn teas, {state}")
            made[state] = change.write(tx, written, act(now))
            if state in {State.DRAFT, State.FINISHED}:
                reach.ask(tx, made[state], settings=house.settings, now=now)
    run_due(house)
    for state in (State.FINISHED, State.RUNNING, State.PAUSED):
        with begin(engine) as tx:
            change.schedule(tx, made[state], act(now), settings=house.settings)
        turn = Turn(house)
        for _ in range(4):
            turn.step()
        turn.give_back()
    with begin(engine) as tx:
        change.pause(tx, made[State.PAUSED], act(now, why="价格有误 the price is wrong"))
        long = settings_of(site.shop, campaign_countdown_seconds=3000)
        tx.execute(
            text("UPDATE campaign SET timing = :timing, wall = '2026-03-20 09:00' WHERE id = :id"),
            {"timing": Timing.PERSON.value, "id": made[State.SCHEDULED]},
        )
        change.schedule(tx, made[State.SCHEDULED], act(now), settings=long)
    return made


def addresses(made: dict[State, CampaignId]) -> list[str]:
    refs = {state: show("cmp", campaign_id) for state, campaign_id in made.items()}
    return [
        "campaigns",
        "campaigns/new",
        f"campaigns/{refs[State.DRAFT]}/edit",
        *(f"campaigns/{refs[state]}" for state in refs if state is not State.DRAFT),
        f"campaigns/{refs[State.FINISHED]}/people?of=told&outcome=no_consent",
        f"campaigns/{refs[State.FINISHED]}/people?of=reach&outcome=send",
        f"campaigns/{refs[State.FINISHED]}/people?of=told&outcome=suppressed",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_campaigns_are_sound_in_every_look(
    browser: Browser, site: Site, campaigns: dict[State, CampaignId], lang: str
) -> None:
    with opened(browser, site, (lang, "light", 1280)) as page:
        log_in(page)
        sweep(page, site, addresses(campaigns), lang, is_unfolded=True)
