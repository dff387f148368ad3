"""Real words over real channels: what is queued ends where the person finds it."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert

from app.db.transaction import begin
from app.entry.mailbox import mailbox
from app.inbox import store as inbox
from app.jobs.lanes import Lane
from app.messages import capture, capture_store
from app.messages.deliver import Delivery, drain
from app.people.tables import contact
from app.settings import Settings
from app.templating.render import Renderer
from app.templating.samples import sample
from channels.email.server import MailServer
from channels.means import Means
from channels.registry import build_all
from orders_core.ids import PersonId, new_id
from tests.app.messages.desk import Desk
from tests.channels.email.post_office import free_port
from tests.shop import MORNING

TEMPLATES = Path(__file__).parents[3] / "templates"
PORT = free_port()
ADDRESSES = {"email": "ana@example.org", "push": "ana-phone"}


@pytest.fixture
def delivery(desk: Desk) -> Delivery:
    engine, clock = desk.shop.engine, desk.shop.clock
    mail = MailServer(host="127.0.0.1", port=PORT, sender="Orderbell <news@shop.example>")
    with begin(engine) as tx:
        for channel, address in ADDRESSES.items():
            row = {"id": new_id(), "channel": channel, "address": address, "added_at": MORNING}
            tx.execute(insert(contact).values(person_id=desk.ana, **row))
    return Delivery(
        engine=engine,
        clock=clock,
        channels=build_all(Means(mail=mail, records=capture.records(engine, clock))),
        renderer=Renderer.of_folder(TEMPLATES),
    )


def send(desk: Desk, delivery: Delivery, notice: str, kind: str, *channels: str) -> list[UUID]:
    where = ADDRESSES | {"inapp": str(desk.ana)}
    ids = desk.put(
        *(
            desk.draft(
                kind,
                notice=notice,
                channel=channel,
                address=where[channel],
                locale="zh",
                variables=sample(notice, "zh"),
            )
            for channel in channels
        )
    )
    with mailbox(Settings(smtp_port=PORT), desk.shop.engine, desk.shop.clock):
        drain(delivery, Lane(1 if kind == "order" else 3), at_most_seconds=20)
    return ids


def test_news_of_an_order_is_in_the_inbox_the_mailbox_and_on_the_phone(
    desk: Desk, delivery: Delivery
) -> None:
    ids = send(desk, delivery, "order_paid", "order", "inapp", "email", "push")

    assert [desk.look(one).state for one in ids] == ["sent"] * 3
    with begin(desk.shop.engine) as tx:
        (item,) = inbox.page(tx, PersonId(desk.ana))
        (letter,) = capture_store.of_message(tx, ids[1])
        (push,) = capture_store.of_message(tx, ids[2])
    assert item.title == letter.subject == push.subject == "订单 100482 已付款"
    assert "¥168.70" in item.body
    assert "林小满，您好。" in letter.body
    assert '<html lang="zh-CN">' in (letter.html or "")
    assert dict(letter.headers)["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in dict(letter.headers)


def test_advertising_arrives_with_a_way_out(desk: Desk, delivery: Delivery) -> None:
    (offer,) = send(desk, delivery, "announcement", "marketing", "email")

    with begin(desk.shop.engine) as tx:
        (letter,) = capture_store.of_message(tx, offer)
    fields = dict(letter.headers)
    assert fields["List-Unsubscribe"] == f"<{sample('announcement', 'zh')['unsubscribe_url']}>"
    assert fields["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Auto-Submitted" not in fields
