"""A template that changes while a digest is open: one message, in the words of when it leaves."""

import shutil
from pathlib import Path

from app.db.transaction import begin
from app.jobs.lanes import Lane
from app.messages.as_sent import as_sent
from app.messages.deliver import drain
from app.messages.history_store import find
from app.messages.record import Delivery
from app.subscribers.drain import NOTICES
from app.templating.render import Renderer
from tests.app.hub.stage import enter, tell
from tests.app.hub.test_digests import EVENING, MINUTE, READER, close_due, letters, news
from tests.app.messages.desk import Provider
from tests.shop import MORNING, Shop

OLD, NEW = "条新消息，最新的在前", "条消息等您查看"


def of_later(folder: Path) -> Renderer:
    """Write the digest's letter anew, in a copy of the templates."""
    copy = folder / "templates"
    shutil.copytree(NOTICES, copy)
    letter = copy / "notices/digest/email.zh.j2"
    letter.write_text(letter.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    return Renderer.of_folder(copy)


def deliver(shop: Shop, renderer: Renderer, provider: Provider) -> None:
    shop.clock.set(EVENING)
    channels = {"email": provider}
    desk = Delivery(engine=shop.engine, clock=shop.clock, channels=channels, renderer=renderer)
    for lane in (Lane.ORDER, Lane.SERVICE):
        drain(desk, lane, at_most_seconds=20)


def test_it_goes_out_once_in_new_words_and_those_can_be_shown_again(shop: Shop, tmp_path: Path):
    provider = Provider("email")
    with begin(shop.engine) as tx:
        enter(tx, READER)
        tell(tx, news(READER, "before"))
    later = of_later(tmp_path)
    with begin(shop.engine) as tx:
        tell(tx, news(READER, "after", at=MORNING + MINUTE))
        close_due(tx)
        [letter] = letters(tx)

    deliver(shop, later, provider)

    [sent] = provider.seen
    assert f"有 2 {NEW}" in sent.text
    assert OLD not in sent.text
    with begin(shop.engine) as tx:
        message = find(tx, letter.id)
        assert message is not None
        words = as_sent(tx, message)
    assert words is not None
    assert (words.title, words.text, words.html) == (sent.title, sent.text, sent.html)
