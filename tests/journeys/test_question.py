"""A question from end to end: asked, left to a person, answered, held, and found in the inbox."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.desk.hear import Heard, hear
from app.desk.reply import undo
from app.house import House
from app.inbox import store as inbox
from app.people import store as people
from app.subscribers.drain import drain
from app.wiring import open_channels
from tests.app.desk.counter import answers, policy
from tests.buying import move_in
from tests.cast import DEE
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop


@pytest.fixture
def house(shop: Shop) -> House:
    """The house with channels that end in the inbox and the outbox."""
    settings = settings_of(shop)
    made = House(settings=settings, engine=shop.engine, clock=shop.clock, channels={})
    channels = open_channels(settings, engine=shop.engine, clock=shop.clock)
    return replace(made, channels={n: one for n, one in channels.items() if n != "email"})


def asked(shop: Shop, words: str) -> UUID:
    with begin(shop.engine) as tx:
        move_in(tx, DEE)
        person = people.find(tx, DEE.person_id)
        hear(
            tx,
            Heard(person=person, text=words, how="order_page"),
            policy=policy(tx),
            now=MORNING,
        )
        found: UUID = tx.execute(text("SELECT id FROM support_case")).scalar_one()
        return found


def in_the_inbox(shop: Shop) -> list[tuple[str, bool]]:
    """Return the notices Dee finds, oldest first, and whether each holds the answer."""
    with begin(shop.engine) as tx:
        page = inbox.page(tx, DEE.person_id)
        return [(item.notice, "明天补发" in item.body) for item in reversed(page)]


def hold_is_over(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE message SET not_before = not_before - interval '9 s'"))


def test_an_answer_waits_its_eight_seconds_and_is_then_in_the_inbox(shop: Shop, house: House):
    case = asked(shop, "杯子碎了，我要退款")
    drain(house)
    assert in_the_inbox(shop) == [("case_received", False)]

    with begin(shop.engine) as tx:
        answers(tx, case, "明天补发。")
    drain(house)
    assert in_the_inbox(shop) == [("case_received", False)]

    hold_is_over(shop)
    drain(house)
    assert in_the_inbox(shop) == [("case_received", False), ("case_answered", True)]


def test_an_answer_taken_back_in_time_never_arrives(shop: Shop, house: House):
    case = asked(shop, "杯子碎了，我要退款")
    with begin(shop.engine) as tx:
        said = answers(tx, case, "明天补发。")
    with begin(shop.engine) as tx:
        undo(tx, case, said.id, now=MORNING)
    hold_is_over(shop)
    drain(house)

    assert in_the_inbox(shop) == [("case_received", False)]
