"""What is said of news that joined a digest: which one, when it goes out, why it is not in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from app.hub.digest_items import KEPT, Became, Joined, Out
from app.hub.digest_said import BARRED, digests_of, in_digest
from app.hub.digest_store import joined_by
from app.hub.tables import verdict
from app.hub.verdict import Because
from app.messages.tables import message
from app.words.say import knows
from orders_core.ids import OrderId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import enter, queued, tell, verdicts
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
    waits = Joined("email", EVENING, is_closed=True, fell_out=None, became=Became.WAITS)
    assert after[shipped] == [waits._replace(fell_out="newer")]
    assert after[delivered] == [waits]


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


@pytest.mark.parametrize(
    ("state", "error", "became", "because"),
    [
        ("sending", None, Became.WAITS, None),
        ("sent", None, Became.WENT, None),
        ("unknown", "its worker was lost", Became.WENT, None),
        ("failed", "no such box", Became.FAILED, None),
        ("expired", None, Became.STOPPED, "too_late"),
        ("cancelled", "paused", Became.STOPPED, "paused"),
    ],
)
def test_what_became_of_its_message_became_of_the_digest(
    tx: Tx, state: str, error: str | None, became: Became, because: str | None
):
    [made] = collected(tx)
    close_due(tx)
    tx.execute(update(message).where(message.c.channel == "email").values(state=state, error=error))

    [told] = joined_by(tx, [made.id])[made.id]

    assert (told.became, told.because) == (became, because)


def test_a_digest_of_several_messages_went_where_one_of_them_did(tx: Tx):
    [made] = collected(tx)
    close_due(tx)
    tx.execute(update(message).where(message.c.channel == "inapp").values(channel="email"))
    [own, letter] = queued(tx)
    tx.execute(update(message).values(verdict_id=letter.verdict_id, state="failed"))
    tx.execute(update(message).where(message.c.id == own.id).values(state="sent"))

    [told] = joined_by(tx, [made.id])[made.id]

    assert told.became is Became.WENT


def test_a_digest_that_was_decided_not_to_go_says_why(tx: Tx):
    [made] = collected(tx)
    close_due(tx)
    tx.execute(delete(message))
    tx.execute(update(verdict).values(because="cap_reached", answer="skip"))

    [told] = joined_by(tx, [made.id])[made.id]

    assert (told.became, told.because) == (Became.STOPPED, "cap_reached")


def test_a_digest_of_which_nothing_is_kept_is_not_said_to_have_gone(tx: Tx):
    [made] = collected(tx)
    close_due(tx)
    tx.execute(delete(message))
    tx.execute(delete(verdict).where(verdict.c.id != made.id))

    [told] = joined_by(tx, [made.id])[made.id]

    assert told.became is Became.FORGOTTEN


@pytest.mark.parametrize(
    ("erased", "now", "became"),
    [
        (None, timedelta(days=89), None),
        (None, timedelta(days=91), Became.FORGOTTEN),
        (timedelta(days=3), timedelta(days=4), Became.ERASED),
        (timedelta(days=-3), timedelta(days=200), Became.ERASED),
        (timedelta(days=91), timedelta(days=92), Became.FORGOTTEN),
    ],
)
def test_a_digest_that_is_not_on_record_says_whether_it_was_erased_or_forgotten(
    tx: Tx, erased: timedelta | None, now: timedelta, became: Became | None
):
    [made] = collected(tx)
    at = None if erased is None else EVENING + erased

    found = digests_of(made, (), erased_at=at, now=EVENING + now)

    gone = [Joined("email", EVENING, is_closed=True, fell_out=None, became=became)]
    assert found == (gone if became else [])


def test_what_is_on_record_is_told_once_and_beside_what_is_not(tx: Tx):
    everywhere = replace(READER, rhythms={"inapp": "hourly", "email": "daily"})
    enter(tx, everywhere)
    tell(tx, news(everywhere, "a"))
    [made] = verdicts(tx)
    kept = [one for one in joined_by(tx, [made.id])[made.id] if one.channel == "email"]

    found = digests_of(made, kept, erased_at=None, now=EVENING + KEPT + MINUTE)

    assert [(one.channel, one.became) for one in found] == [
        ("inapp", Became.FORGOTTEN),
        ("email", None),
    ]


def collected(tx: Tx) -> Sequence[Any]:
    """Tell one piece of news that waits for the evening; return its verdict."""
    enter(tx, READER)
    tell(tx, news(READER, "a"))
    return verdicts(tx)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("became", Became)
def test_whatever_became_of_a_digest_has_words(became: Became, locale: str):
    told = Joined("email", EVENING, is_closed=True, fell_out=None, became=became, because="paused")

    words = in_digest(told, locale=locale, zone="Asia/Shanghai")

    assert words != in_digest(told._replace(became=None), locale=locale, zone="UTC")
    assert "18:00" in words


@pytest.mark.parametrize("why", sorted({*BARRED.values(), "cap_reached", "empty", "displaced"}))
def test_every_reason_that_stops_a_digest_has_words(why: str):
    assert knows(f"digest.out.{why}")


@pytest.mark.parametrize("why", sorted({*Out, *Because} - HOLDS))
def test_every_reason_to_fall_out_has_words(why: str):
    assert knows(f"digest.out.{why}")
