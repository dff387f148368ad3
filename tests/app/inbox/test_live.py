"""Hints reach the right inbox, and a page without Valkey ticks."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from redis import Redis

from app.inbox import live as room
from app.inbox.live import Live, publish
from orders_core.ids import new_id
from tests.poll import until
from tests.shop import Shop

QUICK = {"tick_seconds": 0.05, "rest_seconds": 30.0}


async def next_of(hints: AsyncIterator[bool], seconds: float = 5.0) -> bool:
    return await asyncio.wait_for(anext(hints), timeout=seconds)


def connected(live: Live) -> Live:
    until(lambda: live.is_connected, what="no subscriber")
    return live


def test_a_hint_wakes_the_persons_stream_and_nobody_elses(shop: Shop) -> None:
    ana, ben = new_id(), new_id()

    async def listen(live: Live) -> None:
        hers, his = live.hints(ana), live.hints(ben)
        assert await next_of(hers)
        assert await next_of(his)
        with Redis.from_url(shop.valkey_url) as redis:
            publish(redis, ana)
        assert await next_of(hers)
        with pytest.raises(TimeoutError):
            await next_of(his, 0.2)

    with Live(shop.valkey_url) as live:
        asyncio.run(listen(connected(live)))


def test_without_valkey_every_stream_ticks() -> None:
    async def listen(live: Live) -> None:
        hints = live.hints(new_id())
        assert [await next_of(hints) for _ in range(3)] == [True, True, True]

    for url in (None, "unix:///nowhere/valkey.sock"):
        with Live(url, **QUICK) as live:
            asyncio.run(listen(live))
            assert not live.is_connected


def test_with_valkey_a_quiet_stream_only_says_that_it_is_there(shop: Shop) -> None:
    async def listen(live: Live) -> None:
        hints = live.hints(new_id())
        assert await next_of(hints) is True
        assert await next_of(hints) is False

    with Live(shop.valkey_url, rest_seconds=0.05) as live:
        asyncio.run(listen(connected(live)))


def test_a_lost_connection_is_taken_up_again_and_everybody_looks_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "AGAIN_SECONDS", 0.05)

    async def listen(live: Live) -> None:
        hints = live.hints(new_id())
        assert await next_of(hints)
        with Redis.from_url(shop.valkey_url) as redis:
            redis.client_kill_filter(_type="pubsub")
        assert await next_of(hints)

    with Live(shop.valkey_url) as live:
        asyncio.run(listen(connected(live)))
        until(lambda: live.is_connected)


def test_leaving_lets_go_and_stopping_ends_every_stream(shop: Shop) -> None:
    async def listen(live: Live) -> None:
        hints = live.hints(new_id())
        assert await next_of(hints)
        await hints.aclose()  # type: ignore[attr-defined]
        assert live._ears == {}

        kept = live.hints(new_id())
        assert await next_of(kept)
        stopping = asyncio.create_task(asyncio.to_thread(live.__exit__, None, None, None))
        assert [hint async for hint in kept] == [True]
        await stopping

    with Live(shop.valkey_url) as live:
        asyncio.run(listen(connected(live)))


def test_a_process_says_when_it_holds_as_many_streams_as_it_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "MOST_STREAMS", 1)

    async def listen(live: Live) -> None:
        assert not live.is_full
        hints = live.hints(new_id())
        await next_of(hints)
        assert live.is_full

    with Live(None, **QUICK) as live:
        asyncio.run(listen(live))


def test_publishing_never_fails_and_never_waits_long() -> None:
    began = time.monotonic()
    with Redis.from_url("unix:///nowhere/valkey.sock") as redis:
        publish(redis, UUID(int=0))

    assert time.monotonic() - began < 2
