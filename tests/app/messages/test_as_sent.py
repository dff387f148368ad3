"""What exactly did we send: every byte comes back, though the templates have changed since."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jinja2 import DictLoader
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db.transaction import begin
from app.jobs.lanes import Lane
from app.messages import api, template_store
from app.messages.as_sent import as_sent, veiled
from app.messages.capture import records
from app.messages.deliver import Delivery, drain
from app.messages.tables import template_version
from app.messages.template_store import ChangedTemplate
from app.people.tables import contact
from app.templating.render import Rendered, Renderer
from app.templating.samples import sample
from app.templating.sources import Version
from channels.contract import TryLater
from channels.inapp.channel import InApp
from orders_core.ids import new_id, show
from orders_core.tx import Tx
from tests.app.messages.desk import RENDERER, Desk, Provider
from tests.doors import open_doors
from tests.shop import MORNING

TEMPLATES = Path(__file__).parents[3] / "templates"
ADDRESS = "+8613800000001"
SECURITY, ORDER = Lane(0), Lane(1)
LATER = MORNING + timedelta(days=1)


def changed(renderer: Renderer, notice: str, old: str, new: str) -> Renderer:
    """Return a renderer whose templates of one notice say something else."""
    sources = renderer.version(notice).sources
    return Renderer(DictLoader({name: said.replace(old, new) for name, said in sources.items()}))


def at(desk: Desk, renderer: Renderer, *channels: str) -> tuple[Delivery, Provider]:
    provider = Provider()
    rows = [
        {
            "id": new_id(),
            "person_id": desk.ana,
            "channel": channel,
            "address": ADDRESS,
            "added_at": MORNING,
        }
        for channel in channels
    ]
    with begin(desk.shop.engine) as tx:
        tx.execute(upsert(contact).values(rows).on_conflict_do_nothing())
    found = Delivery(
        engine=desk.shop.engine,
        clock=desk.shop.clock,
        channels=dict.fromkeys(channels, provider),
        renderer=renderer,
    )
    return found, provider


def made_again(desk: Desk, message_id: UUID) -> Rendered | None:
    message = desk.look(message_id)
    with begin(desk.shop.engine) as tx:
        return as_sent(tx, message)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_byte_comes_back_after_the_templates_have_changed(desk: Desk, locale: str) -> None:
    channels = ("email", "push")
    ours = Renderer.of_folder(TEMPLATES)
    then, provider = at(desk, ours, *channels)
    facts: dict[str, Any] = {
        "notice": "order_paid",
        "locale": locale,
        "variables": sample("order_paid", locale),
    }
    ids = desk.put(*(desk.draft(channel=channel, **facts) for channel in channels))
    drain(then, ORDER, at_most_seconds=20)
    left = {seen.message_id: seen for seen in provider.seen}

    newer = changed(ours, "order_paid", "order_number", "currency")
    now, later = at(desk, newer, *channels)
    [last] = desk.put(desk.draft(channel="push", **facts))
    drain(now, ORDER, at_most_seconds=20)

    for one in ids:
        words = made_again(desk, one)
        assert words is not None
        assert (words.title, words.text, words.html) == (
            left[one].title,
            left[one].text,
            left[one].html,
        )
    assert "CNY" in later.seen[0].title
    assert made_again(desk, last) == Rendered(title=later.seen[0].title, text=later.seen[0].text)
    assert desk.look(last).template_version != desk.look(ids[1]).template_version


def test_a_line_of_the_inbox_comes_back_too(desk: Desk) -> None:
    inbox = InApp("inapp", records(desk.shop.engine, desk.shop.clock)["inapp"])
    delivery = replace(desk.delivery, channels={"inapp": inbox})
    [line] = desk.put(desk.draft(channel="inapp", address=str(desk.ana)))
    drain(delivery, ORDER, at_most_seconds=20)

    assert made_again(desk, line) == Rendered(title="", text="Hello Ana")


def test_what_was_never_written_has_no_words(desk: Desk) -> None:
    [waiting] = desk.put(desk.draft())

    assert made_again(desk, waiting) is None


def test_the_templates_of_the_last_try_are_kept(desk: Desk) -> None:
    [tried] = desk.put(desk.draft())
    desk.provider.answers = [TryLater("busy")]
    drain(desk.delivery, ORDER, at_most_seconds=20)
    first = desk.look(tried).template_version
    desk.skip_wait(tried)
    drain(
        replace(desk.delivery, renderer=changed(RENDERER, "news", "Hello", "Good day")),
        ORDER,
        at_most_seconds=20,
    )

    assert made_again(desk, tried) == Rendered(title="", text="Good day Ana")
    assert first != desk.look(tried).template_version


def test_sources_are_kept_once_and_never_written_over(tx: Tx) -> None:
    one = Version("news", {"a.j2": "A"})
    template_store.keep(tx, [one], now=MORNING)
    template_store.keep(tx, [one, Version("news", {"a.j2": "B"})], now=LATER)

    kept = tx.execute(select(template_version).order_by(template_version.c.first_used_at)).all()
    assert [(row.sources, row.first_used_at) for row in kept] == [
        ({"a.j2": "A"}, MORNING),
        ({"a.j2": "B"}, LATER),
    ]


def test_sources_that_somebody_changed_are_not_believed(tx: Tx) -> None:
    one = Version("news", {"a.j2": "A"})
    template_store.keep(tx, [one], now=MORNING)
    tx.execute(update(template_version).values(sources={"a.j2": "forged"}))

    with pytest.raises(ChangedTemplate):
        template_store.sources(tx, one.key)


def test_a_version_holds_all_that_its_notice_takes_in_and_nothing_else() -> None:
    names = set(Renderer.of_folder(TEMPLATES).version("order_paid").sources)

    assert {"layouts/greeting.zh.j2", "layouts/goods.en.html.j2", "layouts/email.html.j2"} <= names
    assert "notices/order_paid/push.zh.j2" in names
    assert not [name for name in names if name.startswith("notices/order_placed")]


def test_a_message_over_http_says_what_was_sent_without_what_opens_doors(desk: Desk) -> None:
    delivery, _ = at(desk, Renderer.of_folder(TEMPLATES), "email", "sms")
    order, code = desk.put(
        desk.draft(channel="email", notice="order_paid", variables=sample("order_paid", "en")),
        desk.draft("security", notice="security_code", variables=sample("security_code", "en")),
    )
    drain(delivery, SECURITY, at_most_seconds=20)
    drain(delivery, ORDER, at_most_seconds=20)

    with open_doors(desk.shop, api.router) as doors:
        letter = doors.get(f"/v1/messages/{show('msg', order)}")["words"]
        text = doors.get(f"/v1/messages/{show('msg', code)}")["words"]["text"]

    assert letter["title"] == "Order 100482 is paid"
    assert "k7Qm2vXn4TzB1sWc" not in letter["text"] + letter["html"]
    assert len(letter["sha256"]) == 64
    assert "482913" not in text
    assert "your code is …" in text


def test_a_veil_hides_links_as_html_writes_them() -> None:
    url = "https://shop.example/o/abc?x=1&token=secret"
    words = Rendered(
        title="t",
        text=f"see {url}",
        html='<a href="https://shop.example/o/abc?x=1&amp;token=secret">',
    )

    shown = veiled(words, {"order_url": url, "case_url": None})

    assert "secret" not in shown.text + (shown.html or "")
