"""Delivering in doubt: lost answers, lost workers, leases that ran out, and who may still write."""

import threading
import time
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from prometheus_client import REGISTRY
from psycopg import sql
from sqlalchemy import update

from app.db.engine import address
from app.db.transaction import begin
from app.errors import EngineUnreachable
from app.jobs.lanes import Lane
from app.messages import store
from app.messages.deliver import Delivery, drain
from app.messages.message import Next, State
from app.messages.tables import message
from channels.contract import Accepted, GiveUp, Unknown
from tests.app.messages.desk import Desk, Provider, lane_of
from tests.shop import MORNING, Shop

MINUTE = 60


def settle(desk: Desk, kind: str = "order") -> int:
    return drain(desk.delivery, lane_of(kind), at_most_seconds=20)


@pytest.mark.parametrize("kind", ["order", "security"])
def test_a_lost_answer_about_news_is_sent_again_once_after_a_pause(desk: Desk, kind: str) -> None:
    (news,) = desk.put(desk.draft(kind))
    desk.provider.answers = [Unknown("timeout"), Unknown("timeout")]
    settle(desk, kind)
    assert desk.look(news).duplicate_risk
    assert settle(desk, kind) == 0

    desk.skip_wait(news)
    settle(desk, kind)

    assert desk.look(news).state == "unknown"
    assert desk.provider.rung == [news, news]


@pytest.mark.parametrize("kind", ["marketing", "service"])
def test_a_lost_answer_about_advertising_is_never_sent_again(desk: Desk, kind: str) -> None:
    (offer,) = desk.put(desk.draft(kind))
    desk.provider.answers = [Unknown("timeout")]

    settle(desk, kind)
    settle(desk, kind)

    row = desk.look(offer)
    assert (row.state, row.duplicate_risk, row.settled_at) == ("unknown", False, MORNING)
    assert desk.provider.rung == [offer]


def lose_worker(desk: Desk, kind: str) -> None:
    """A worker claims and is never heard of again; its lease is over."""
    with begin(desk.shop.engine) as tx:
        store.claim(tx, lane_of(kind), now=desk.shop.clock.now(), at_most=9, lease_seconds=0)


@pytest.mark.parametrize("kind", ["order", "security"])
def test_news_of_a_lost_worker_is_sent_again_and_marked(desk: Desk, kind: str) -> None:
    (news,) = desk.put(desk.draft(kind))
    lose_worker(desk, kind)

    settle(desk, kind)

    row = desk.look(news)
    assert (row.state, row.duplicate_risk, row.attempts) == ("sent", True, 2)


@pytest.mark.parametrize("kind", ["marketing", "service"])
def test_advertising_of_a_lost_worker_is_not_sent_again(desk: Desk, kind: str) -> None:
    (offer,) = desk.put(desk.draft(kind))
    lose_worker(desk, kind)

    settle(desk, kind)

    row = desk.look(offer)
    assert (row.state, row.duplicate_risk) == ("unknown", False)
    assert desk.provider.seen == []


def test_a_message_that_kills_every_worker_is_left_alone_in_the_end(desk: Desk) -> None:
    (poison,) = desk.put(desk.draft())
    for _ in range(5):
        lose_worker(desk, "order")

    settle(desk)

    assert desk.look(poison).state == "unknown"
    assert desk.provider.seen == []


def test_a_running_lease_keeps_everybody_else_away(desk: Desk) -> None:
    desk.put(desk.draft())
    with begin(desk.shop.engine) as tx:
        store.claim(tx, Lane.ORDER, now=MORNING, at_most=9, lease_seconds=MINUTE)

    assert settle(desk) == 0


def test_two_workers_never_take_the_same_message(desk: Desk) -> None:
    ids = desk.put(*(desk.draft() for _ in range(200)))
    taken: list[UUID] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        while True:
            with begin(desk.shop.engine) as tx:
                held = store.claim(tx, Lane.ORDER, now=MORNING, at_most=7, lease_seconds=MINUTE)
            if not held:
                return
            taken.extend(one.id for one in held)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == sorted(ids)


def test_a_claim_waits_for_nobody(desk: Desk) -> None:
    desk.put(desk.draft(), desk.draft())
    with begin(desk.shop.engine) as first:
        one = store.claim(first, Lane.ORDER, now=MORNING, at_most=1, lease_seconds=MINUTE)
        with begin(desk.shop.engine) as second:
            other = store.claim(second, Lane.ORDER, now=MORNING, at_most=9, lease_seconds=MINUTE)

    assert len(one) == len(other) == 1
    assert one[0].id != other[0].id


def test_a_worker_that_froze_past_its_lease_cannot_write_its_result(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())
    with begin(desk.shop.engine) as tx:
        (frozen,) = store.claim(tx, Lane.ORDER, now=MORNING, at_most=1, lease_seconds=0)
    with begin(desk.shop.engine) as tx:
        store.claim(tx, Lane.ORDER, now=MORNING, at_most=1, lease_seconds=MINUTE)

    with begin(desk.shop.engine) as tx:
        written = store.record(tx, [(frozen, Next(state=State.FAILED))], now=MORNING)

    assert written == set()
    assert desk.look(news).state == "sending"


def test_a_reason_that_no_database_takes_costs_no_neighbour_its_answer(desk: Desk) -> None:
    first, second = desk.put(desk.draft("service"), desk.draft("service"))
    desk.provider.answers = [GiveUp("said \x00\ud800"), Accepted("ref\x00")]

    settle(desk, "service")

    assert (desk.look(first).state, desk.look(first).error) == ("failed", "said \ufffd\ufffd")
    assert (desk.look(second).state, desk.look(second).provider_ref) == ("sent", "ref\ufffd")


def test_a_result_that_comes_too_late_is_counted(desk: Desk) -> None:
    desk.put(desk.draft())
    before = fenced()

    def somebody_else_takes_it() -> None:
        with begin(desk.shop.engine) as tx:
            tx.execute(update(message).values(token=message.c.token + 1))

    desk.provider.meanwhile = somebody_else_takes_it
    settle(desk)

    assert fenced() == before + 1


def fenced() -> float:
    return REGISTRY.get_sample_value("orderbell_messages_fenced_total") or 0.0


def test_a_worker_stops_when_half_its_lease_is_gone_and_returns_the_rest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = desk.put(*(desk.draft() for _ in range(3)))
    machine = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: machine[0])

    def slowly() -> None:
        machine[0] += 31

    desk.provider.meanwhile = slowly
    drain(desk.delivery, Lane.ORDER, at_most_seconds=40)

    rows = [desk.look(one) for one in ids]
    assert [(row.state, row.attempts) for row in rows] == [("sent", 1), *[("queued", 0)] * 2]
    assert not any(row.duplicate_risk for row in rows)


def test_a_worker_that_is_told_to_stop_returns_what_it_has_not_sent(desk: Desk) -> None:
    ids = desk.put(*(desk.draft() for _ in range(3)))
    provider = Provider()
    stopping = Delivery(
        engine=desk.shop.engine,
        clock=desk.shop.clock,
        channels={"sms": provider},
        renderer=desk.delivery.renderer,
        may_go_on=lambda: len(provider.seen) < 2,
    )

    assert drain(stopping, Lane.ORDER, at_most_seconds=20) == 2

    assert [desk.look(one).state for one in ids] == ["sent", "sent", "queued"]


def test_a_database_that_is_away_for_a_moment_costs_no_second_bell(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())

    away = Away(desk.shop)

    def for_a_moment() -> None:
        away.go()
        threading.Timer(1, away.come_back).start()

    desk.provider.meanwhile = for_a_moment
    settle(desk)

    assert away.is_back.is_set()
    assert (desk.look(news).state, desk.look(news).attempts) == ("sent", 1)


def test_a_database_that_stays_away_leaves_the_message_to_its_lease(desk: Desk) -> None:
    (news,) = desk.put(desk.draft())
    away = Away(desk.shop)
    desk.provider.meanwhile = away.go
    short = replace(desk.delivery, lease_seconds=2)

    with pytest.raises(EngineUnreachable):
        drain(short, Lane.ORDER, at_most_seconds=20)

    away.come_back()
    assert (desk.look(news).state, desk.look(news).token) == ("sending", 1)


class Away:
    """A database that lets nobody in for a while."""

    def __init__(self, shop: Shop) -> None:
        url = address(shop.url)
        self._name = str(url.database)
        self._server = url.set(drivername="postgresql", database="postgres")
        self.is_back = threading.Event()

    def go(self) -> None:
        self._allow(is_open=False)

    def come_back(self) -> None:
        self._allow(is_open=True)
        self.is_back.set()

    def _allow(self, *, is_open: bool) -> None:
        url = self._server.render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                    sql.Identifier(self._name), sql.SQL("true" if is_open else "false")
                )
            )
            if not is_open:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [self._name],
                )
