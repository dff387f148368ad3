"""What falls out of a digest takes no other news with it, and what was read is not told again."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from app.hub.bounds import Bounds
from app.hub.catalogue import find
from app.hub.digest_items import Item, Out, fallen_out
from app.hub.question import Question, Standing
from app.hub.verdict import Because
from orders_core.ids import OrderId, new_id
from orders_core.orders.order import OrderStatus
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell
from tests.app.hub.test_digests import EVENING, MINUTE, READER, close_due, fell_out, letters, news
from tests.cast import ANA
from tests.shop import MORNING

HOUR = timedelta(hours=1)
BOTH = replace(READER, rhythms={"inapp": "hourly", "email": "daily"})
ORDER = OrderId(new_id())
ON_ITS_WAY = Standing(order_status=OrderStatus.SHIPPED)


def item(notice: str, minutes: int, **more: bool) -> Item:
    at = MORNING + minutes * MINUTE
    return Item(verdict_id=new_id(), notice=notice, order_id=ORDER, variables={}, at=at, **more)


def asked(one: Item, standing: Standing = ON_ITS_WAY) -> tuple[Item, Question]:
    return one, Question(find(one.notice), ANA, (), Bounds(), EVENING, standing)


def test_news_that_falls_out_itself_silences_no_older_news():
    shipped, delayed = item("order_shipped", 0), item("order_delayed", 1)
    moved_again = replace(ON_ITS_WAY, is_date_current=False)

    out = fallen_out([asked(shipped), asked(delayed, moved_again)], "email", EVENING)

    assert out == {delayed.verdict_id: Because.SUPERSEDED}


def test_newer_news_that_was_read_makes_older_news_needless_all_the_same():
    shipped, delayed = item("order_shipped", 0), item("order_delayed", 1, is_read=True)

    out = fallen_out([asked(shipped), asked(delayed)], "email", EVENING)

    assert out == {shipped.verdict_id: Out.NEWER, delayed.verdict_id: Out.READ}


def test_what_was_read_in_the_digest_of_the_inbox_is_not_in_the_letter(tx: Tx):
    enter(tx, BOTH)
    tell(tx, news(BOTH, "a"), news(BOTH, "b"))
    close_due(tx, MORNING + HOUR)
    [line] = [row for row in queued(tx) if row.channel == "inapp"]
    tx.execute(
        text(
            "INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, read_at)"
            " VALUES (:id, :who, 'digest', 't', 'b', :at, :at)"
        ),
        {"id": line.id, "who": BOTH.person_id, "at": MORNING + HOUR},
    )

    close_due(tx, EVENING)

    assert sorted(map(str, fell_out(tx))) == ["None", "None", "read", "read"]
    assert letters(tx) == []


def test_what_waits_unread_in_the_inbox_is_in_the_letter(tx: Tx):
    enter(tx, BOTH)
    tell(tx, news(BOTH, "a"), news(BOTH, "b"))
    close_due(tx, MORNING + HOUR)

    close_due(tx, EVENING)

    assert letters(tx)[0].variables["total"] == 2
