"""Messages that stay in the house: the inbox line and its record come together, or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import event, update

from app.db.transaction import begin
from app.house import Hint, told_nobody
from app.inbox import store as inbox
from app.jobs.lanes import Lane
from app.messages import capture
from app.messages.deliver import Delivery, drain
from app.messages.keep import keeper_of
from app.messages.message import State
from app.messages.tables import message
from app.people.tables import contact
from app.templating.render import Rendered, Renderer
from channels.contract import Envelope, Outcome
from channels.inapp.channel import InApp
from orders_core.ids import PersonId
from tests.app.messages.desk import RENDERER, Desk, Provider, lane_of


class Writer(Renderer):
    """Writes words that a database may not take."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)

    def render(self, *_: object) -> Rendered:
        return Rendered(title="T", text=self._texts.pop(0))


def with_inbox(desk: Desk, *, renderer: Renderer = RENDERER, hint: Hint = told_nobody) -> Delivery:
    record = capture.InboxRecord(desk.shop.engine, desk.shop.clock, hint=hint)
    channels = {**desk.delivery.channels, "inapp": InApp("inapp", record)}
    return replace(desk.delivery, channels=channels, renderer=renderer)


def settle(delivery: Delivery, lane: Lane = Lane.ORDER) -> int:
    return drain(delivery, lane, at_most_seconds=20)


def lines(desk: Desk) -> list[UUID]:
    with begin(desk.shop.engine) as tx:
        return sorted(item.id for item in inbox.page(tx, PersonId(desk.ana), at_most=500))


def test_a_batch_of_lines_is_kept_and_settled_in_two_transactions(desk: Desk) -> None:
    ids = desk.put(*(desk.draft(channel="inapp") for _ in range(30)))
    delivery = with_inbox(desk)
    commits: list[object] = []
    event.listen(desk.shop.engine, "commit", lambda tx: commits.append(tx))

    assert settle(delivery) == 30
    assert len(commits) == 2  # claim, and lines with their records; it was all that was due
    assert lines(desk) == sorted(ids)
    rows = [desk.look(one) for one in ids]
    assert {(row.state, row.attempts) for row in rows} == {(State.SENT, 1)}
    assert all(row.provider_ref == str(row.id) for row in rows)


def test_a_line_that_another_worker_took_over_is_not_written(desk: Desk) -> None:
    (news,) = desk.put(desk.draft(channel="inapp"))

    class Slow(Renderer):
        def __init__(self) -> None:
            """Nothing is needed."""

        def render(self, *_: object) -> Rendered:
            with begin(desk.shop.engine) as tx:
                tx.execute(update(message).values(token=message.c.token + 1))
            return Rendered(title="T", text="t")

    settle(with_inbox(desk, renderer=Slow()))

    assert lines(desk) == []
    assert desk.look(news).state == "sending"


def test_words_that_no_database_takes_fail_alone(desk: Desk) -> None:
    ids = desk.put(*(desk.draft(channel="inapp") for _ in range(3)))

    settle(with_inbox(desk, renderer=Writer(["one", "tw\x00o", "three"])))

    assert [desk.look(one).state for one in ids] == ["sent", "failed", "sent"]
    assert lines(desk) == sorted([ids[0], ids[2]])


def test_a_broken_template_fails_alone_among_its_neighbours(desk: Desk) -> None:
    ids = desk.put(
        *(desk.draft(channel="inapp", variables={"name": "A"} if n != 1 else {}) for n in range(3))
    )

    settle(with_inbox(desk))

    assert [desk.look(one).state for one in ids] == ["sent", "failed", "sent"]


def test_a_person_is_hinted_once_for_a_batch_and_only_when_it_can_be_read(desk: Desk) -> None:
    desk.put(*(desk.draft(channel="inapp") for _ in range(5)))
    heard: list[PersonId] = []

    settle(with_inbox(desk, hint=heard.append))

    assert heard == [desk.ana]


def test_a_line_of_a_lost_worker_is_written_once(desk: Desk) -> None:
    (news,) = desk.put(desk.draft(channel="inapp"))
    delivery = with_inbox(desk)
    settle(delivery)
    with begin(desk.shop.engine) as tx:
        tx.execute(update(message).values(state="queued"))

    settle(delivery)

    assert lines(desk) == [news]
    assert desk.look(news).state == "sent"


def test_lines_are_kept_before_any_letter_of_the_batch_leaves(desk: Desk) -> None:
    letter, line = desk.put(desk.draft(), desk.draft(channel="inapp"))
    seen: list[list[UUID]] = []
    desk.provider.meanwhile = lambda: seen.append(lines(desk))

    settle(with_inbox(desk))

    assert seen == [[line]]
    assert desk.look(letter).state == "sent"


def test_a_channel_that_leaves_the_house_has_no_keeper() -> None:
    assert keeper_of(Provider()) is None
    assert keeper_of(InApp("inapp", lambda _: None)) is None
    assert keeper_of(None) is None


class Counting(Provider):
    """Counts how often it is called."""

    calls = 0

    def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        self.calls += 1
        return super().send(envelopes)


@pytest.mark.parametrize(("kind", "calls"), [("order", 2), ("security", 20)])
def test_letters_share_a_call_and_codes_do_not(desk: Desk, kind: str, calls: int) -> None:
    desk.put(*(desk.draft(kind, channel="email") for _ in range(20)))
    with begin(desk.shop.engine) as tx:
        tx.execute(update(contact).values(channel="email"))
    post = Counting("email")

    settle(
        replace(desk.delivery, channels={"email": post}, renderer=Writer(["x"] * 20)),
        lane_of(kind),
    )

    assert (post.calls, len(post.seen)) == (calls, 20)
