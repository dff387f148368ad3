"""What is said of news that joined a digest: which one, when it goes out, why it is not in it."""

import pytest

from app.hub.digest_items import Joined, Out
from app.hub.digest_store import joined_by
from app.hub.explain import in_digest
from app.hub.verdict import Because
from app.words.say import knows
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import enter, tell, verdicts
from tests.app.hub.test_digests import EVENING, HOLDS, MINUTE, READER, close_due, news
from tests.shop import MORNING


def test_news_says_which_digest_it_joined_and_why_it_is_not_in_it(tx: Tx):
    enter(tx, READER)
    order = OrderId(new_id())
    for notice, at in (("order_shipped", MORNING), ("order_delivered", MORNING + MINUTE)):
        tell(tx, news(READER, notice, notice=notice, order_id=order, at=at))
    shipped, delivered = (row.id for row in verdicts(tx))

    before = joined_by(tx, [shipped, delivered])
    close_due(tx)
    after = joined_by(tx, [shipped, delivered])

    assert before[shipped] == [Joined("email", EVENING, is_closed=False, fell_out=None)]
    assert after[shipped] == [Joined("email", EVENING, is_closed=True, fell_out="newer")]
    assert after[delivered] == [Joined("email", EVENING, is_closed=True, fell_out=None)]


@pytest.mark.parametrize(
    ("joined", "locale", "said"),
    [
        ((False, None), "en", "It is gathered in the digest by e-mail that goes out 2 Mar, 18:00."),
        ((True, None), "zh", "它已随"),
        ((True, "read"), "en", "left out of it: it had been read in the inbox."),
        ((True, "newer"), "zh", "同一订单有更新的进展"),
        ((True, "a word of later"), "en", "something had changed by then."),
    ],
)
def test_where_it_went_is_said_in_words(joined: tuple[bool, str | None], locale: str, said: str):
    words = in_digest(Joined("email", EVENING, *joined), locale=locale, zone="Asia/Shanghai")

    assert said in words


@pytest.mark.parametrize("why", sorted({*Out, *Because} - HOLDS))
def test_every_reason_to_fall_out_has_words(why: str):
    assert knows(f"digest.out.{why}")
