"""The desk in a real browser: by keyboard only, in every look, with and without scripts."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.access import staff
from app.db.transaction import begin
from app.desk.case import Case, State
from app.desk.case_store import hold
from app.desk.intent import Why
from app.desk.open import Question, open_case
from app.desk.reply import Words, reply
from app.people import store as people
from orders_core.ids import OrderId, PersonId
from tests.app.desk.counter import policy
from tests.browser.conftest import Site
from tests.browser.judge import sweep
from tests.browser.window import PLAIN, opened
from tests.scene import PASSWORD

pytestmark = pytest.mark.browser

AGENT = "lan@shop.example"
HOUR = timedelta(hours=1)
SORRY_AND_ORDER = re.compile("^给您添了麻烦，我们非常抱歉。订单 100482 已于")


@pytest.fixture
def cases(site: Site) -> Iterator[list[Case]]:
    """Three cases in the queue, the most urgent first, and a resolved one."""
    scene, now = site.scene, site.shop.clock.now()
    with begin(site.shop.engine) as tx:
        staff.put(tx, email=AGENT, name="Lan", password=PASSWORD, role="agent")

        def asks(
            who: PersonId, words: str, language: str, order: OrderId | None = None, hours: int = 0
        ) -> Case:
            question = Question(
                person=people.find(tx, who),
                text=words,
                because=Why.OUT_OF_SCOPE,
                order_id=order,
                language=language,
            )
            return open_case(tx, question, policy=policy(tx), now=now - hours * HOUR).case

        late = asks(scene.lin, "包裹一直没动，再不退款我就投诉了", "zh", scene.order, 2)
        asks(scene.lin, "可以改一下收货地址吗？小区换门牌了。", "zh")
        asks(scene.ana, "The tea arrived with a torn bag. What now?", "en")
        words = Words(text="已联系承运方，稍后给您答复。", by=f"staff:{AGENT}", key="1")
        reply(tx, late.id, words, policy=policy(tx), now=now - HOUR)
        asks(scene.lin, "还要等多久？太差了", "zh", scene.order)
        rows = tx.execute(text("SELECT id FROM support_case ORDER BY priority, id")).scalars()
        found = [hold(tx, case_id) for case_id in rows]
    yield found
    with begin(site.shop.engine) as tx:
        for table in ("support_case", "incoming"):
            tx.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own words
        tx.execute(text("DELETE FROM message WHERE notice LIKE 'case%'"))
        tx.execute(text("DELETE FROM verdict WHERE notice LIKE 'case%'"))


def enter(page: Page) -> None:
    page.goto("/login?next=/desk")
    page.fill("input[name=email]", AGENT)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action='/login'] button")
    page.wait_for_url("**/desk")


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def now(site: Site, case: Case) -> Case:
    with begin(site.shop.engine) as tx:
        return hold(tx, case.id)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_desk_is_sound_in_every_look(
    browser: Browser, site: Site, cases: list[Case], lang: str
) -> None:
    own = site.links.order(site.scene.order).removeprefix(f"{site.url}/")
    pages = ["desk", "desk?q=nothing", f"desk/cases/{cases[0].ref}", f"{own}/talk"]
    with opened(browser, site, (lang, "light", 1280)) as page:
        enter(page)
        sweep(page, site, pages, lang)


def test_an_agent_answers_the_first_case_and_goes_on_to_the_next_by_keyboard_only(
    browser: Browser, site: Site, cases: list[Case]
) -> None:
    first, second = cases[0], cases[1]
    with opened(browser, site, PLAIN) as page:
        enter(page)
        keys(page, "j")
        expect(page.locator(f"#to-{first.ref}")).to_be_focused()
        keys(page, "Enter")
        page.wait_for_url(f"**/desk/cases/{first.ref}*")
        keys(page, "r")
        page.keyboard.type("补发已安排，明天发出。")
        keys(page, "Control+Enter")
        expect(page.locator(".just-done")).to_contain_text("leaves in 8 seconds")
        assert now(site, first).state is State.WAITING

        keys(page, "e")
        page.wait_for_url(f"**/desk/cases/{second.ref}*")
        expect(page.locator(".just-done")).to_contain_text(f"Case {first.number} is resolved")
        assert now(site, first).state is State.RESOLVED


def test_an_agent_undoes_a_reply_by_one_key_and_finds_its_words_in_the_box(
    browser: Browser, site: Site, cases: list[Case]
) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        page.goto(f"/desk/cases/{cases[0].ref}")
        keys(page, "r")
        page.keyboard.type("写错了")
        keys(page, "Control+Enter")
        expect(page.locator("[data-left]")).to_have_text(re.compile("[5-8] s"))
        keys(page, "u")
        expect(page.locator(".just-done")).to_contain_text("nothing of it was sent")

        expect(page.get_by_label("Reply to")).to_have_value("写错了")
        expect(page.get_by_label("Reply to")).to_be_focused()
        assert now(site, cases[0]).state is State.OPEN
        assert sent(site) == {"cancelled"}


def sent(site: Site) -> set[str]:
    with begin(site.shop.engine) as tx:
        query = "SELECT state FROM message WHERE notice = 'case_answered' AND due_at = :now"
        return set(tx.execute(text(query), {"now": site.shop.clock.now()}).scalars())


def test_a_slash_lists_the_canned_replies_to_walk_by_arrows(
    browser: Browser, site: Site, cases: list[Case]
) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        page.goto(f"/desk/cases/{cases[0].ref}")
        box = page.get_by_label("Reply to")
        keys(page, "r", "/")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.type("延误")
        keys(page, "ArrowDown", "Enter")
        expect(box).to_have_value(re.compile("原定 3月4日 送达，现预计 3月5日 送达"))
        expect(box).to_be_focused()

        page.keyboard.type("/")  # within a line it is only a stroke
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(box).to_have_value(re.compile("/$"))


def test_a_suggestion_is_put_into_the_box_and_can_be_changed(
    browser: Browser, site: Site, cases: list[Case]
) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        page.goto(f"/desk/cases/{cases[0].ref}")
        keys(page, "s")

        expect(page.get_by_label("Reply to")).to_have_value(SORRY_AND_ORDER)
        expect(page.get_by_label("Reply to")).to_be_focused()


def test_a_draft_is_there_again_after_a_look_elsewhere(
    browser: Browser, site: Site, cases: list[Case]
) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        page.goto(f"/desk/cases/{cases[0].ref}")
        keys(page, "r")
        page.keyboard.type("写到一半")
        page.goto("/desk")
        page.goto(f"/desk/cases/{cases[0].ref}")

        expect(page.get_by_label("Reply to")).to_have_value("写到一半")


def test_single_keys_can_be_switched_off(browser: Browser, site: Site, cases: list[Case]) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        page.goto(f"/desk/cases/{cases[0].ref}")
        keys(page, "?")
        page.get_by_role("switch").uncheck()
        keys(page, "Escape", "e", "r", "j")
        expect(page.get_by_label("Reply to")).not_to_be_focused()
        assert now(site, cases[0]).state is State.OPEN

        page.get_by_label("Reply to").fill("")
        page.get_by_label("Reply to").type("/")
        expect(page.get_by_label("Reply to")).to_have_value("/")


def test_a_new_case_appears_by_itself_and_the_focus_stays(
    browser: Browser, site: Site, cases: list[Case]
) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        keys(page, "j", "j")
        expect(page.locator(f"#to-{cases[1].ref}")).to_be_focused()
        with begin(site.shop.engine) as tx:
            question = Question(
                person=people.find(tx, site.scene.ana),
                text="I was charged twice, this is a scam",
                because=Why.OUT_OF_SCOPE,
                language="en",
                order_id=site.scene.order,
            )
            open_case(tx, question, policy=policy(tx), now=site.shop.clock.now())

        expect(page.get_by_text("I was charged twice")).to_be_visible(timeout=15_000)
        expect(page.locator(f"#to-{cases[1].ref}")).to_be_focused()


def test_a_further_question_appears_in_the_talk_while_somebody_writes(
    browser: Browser, site: Site, cases: list[Case]
) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        page.goto(f"/desk/cases/{cases[0].ref}")
        keys(page, "r")
        page.keyboard.type("正在写")
        with begin(site.shop.engine) as tx:
            question = Question(
                person=people.find(tx, site.scene.lin),
                text="还有，颜色也不对",
                because=Why.OUT_OF_SCOPE,
                order_id=site.scene.order,
            )
            open_case(tx, question, policy=policy(tx), now=site.shop.clock.now())
        expect(page.locator("#talk").get_by_text("颜色也不对")).to_be_visible(timeout=15_000)
        expect(page.get_by_label("Reply to")).to_be_focused()
        expect(page.locator("#talk hx-partial")).to_have_count(0)
        keys(page, "Control+Enter")  # what is on the screen is what the reply answers

        expect(page.locator(".just-done")).to_contain_text("leaves in 8 seconds")


def test_what_another_agent_does_appears_by_itself(
    browser: Browser, site: Site, cases: list[Case]
) -> None:
    with opened(browser, site, PLAIN) as page:
        enter(page)
        page.goto(f"/desk/cases/{cases[1].ref}")
        expect(page.locator("#signs")).to_contain_text("Needs an answer")
        with begin(site.shop.engine) as tx:
            words = Words(text="可以的。", by="staff:olga@shop.example", key="2")
            reply(tx, cases[1].id, words, policy=policy(tx), now=site.shop.clock.now())

        expect(page.locator("#signs")).to_contain_text("Answered", timeout=15_000)
        expect(page.locator("#talk")).to_contain_text("可以的。")


def test_the_desk_works_without_scripts(browser: Browser, site: Site, cases: list[Case]) -> None:
    with opened(browser, site, PLAIN, scripts=False) as page:
        enter(page)
        page.get_by_text("还要等多久").click()
        page.get_by_role("combobox", name="Canned replies").select_option("looking")
        page.get_by_role("button", name="Insert").click()
        expect(page.get_by_label("Reply to")).to_have_value(re.compile("正在为您核实"))
        page.get_by_role("button", name="Send").click()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_label("Reply to")).to_have_value(re.compile("正在为您核实"))
        page.get_by_role("button", name="Resolve, then next").click()

        expect(page.locator(".just-done")).to_contain_text(f"Case {cases[0].number} is resolved")
