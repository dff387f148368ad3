"""The batcher: alone at once, together while busy, and nobody left without an answer."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from app.orders.batcher import Batcher, Closed, Full

SOON_SECONDS = 5


class Till:
    """A flush that doubles numbers; while its gate is shut it keeps the batch in hand."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)

    def __call__(self, requests: Sequence[int]) -> list[int]:
        self.batches.append(list(requests))
        self.entered.release()
        assert self.gate.wait(SOON_SECONDS)
        if 13 in requests:
            raise ConnectionError("the till broke")
        return [request * 2 for request in requests]

    async def busy_with(self, batcher: Batcher[int, int], request: int) -> "asyncio.Future[int]":
        """Shut the gate and wait until the flusher stands at it with this one request."""
        self.gate.clear()
        future = batcher.submit(request)
        assert await asyncio.to_thread(self.entered.acquire, timeout=SOON_SECONDS)
        return future


Scene = Callable[[Batcher[int, int], Till], Coroutine[Any, Any, None]]


def play(scene: Scene, *, room: int = 4096, most_at_once: int = 128) -> Till:
    """Run a scene with a batcher in front of a till, and close the batcher after it."""
    till = Till()

    async def run() -> None:
        batcher: Batcher[int, int] = Batcher(
            till, loop=asyncio.get_running_loop(), room=room, most_at_once=most_at_once
        )
        await asyncio.wait_for(scene(batcher, till), SOON_SECONDS)
        till.gate.set()
        assert await asyncio.to_thread(batcher.close)

    asyncio.run(run())
    return till


def test_a_request_alone_goes_at_once() -> None:
    async def scene(batcher: Batcher[int, int], _: Till) -> None:
        assert await asyncio.wait_for(batcher.submit(1), 2) == 2

    assert play(scene).batches == [[1]]


def test_requests_of_one_moment_go_together_in_their_order() -> None:
    async def scene(batcher: Batcher[int, int], _: Till) -> None:
        assert await asyncio.gather(*map(batcher.submit, [3, 1, 2])) == [6, 2, 4]

    assert play(scene).batches == [[3, 1, 2]]


def test_nothing_leaves_before_all_that_is_ready_has_come() -> None:
    async def scene(batcher: Batcher[int, int], till: Till) -> None:
        first = batcher.submit(1)
        assert not till.entered.acquire(timeout=0.05)  # the loop is still busy with this moment
        both = [first, batcher.submit(2)]
        assert await asyncio.gather(*both) == [2, 4]

    assert play(scene).batches == [[1, 2]]


def test_what_comes_while_a_flush_is_under_way_goes_together_in_the_next() -> None:
    async def scene(batcher: Batcher[int, int], till: Till) -> None:
        first = await till.busy_with(batcher, 1)
        others = []
        for request in (2, 3, 4):
            others.append(batcher.submit(request))
            await asyncio.sleep(0)
        till.gate.set()
        assert await asyncio.gather(first, *others) == [2, 4, 6, 8]

    assert play(scene).batches == [[1], [2, 3, 4]]


def test_a_flush_takes_no_more_than_its_share() -> None:
    async def scene(batcher: Batcher[int, int], _: Till) -> None:
        await asyncio.gather(*map(batcher.submit, range(5)))

    assert play(scene, most_at_once=2).batches == [[0, 1], [2, 3], [4]]


def test_who_finds_no_room_is_told_so_and_the_rest_are_served() -> None:
    async def scene(batcher: Batcher[int, int], till: Till) -> None:
        served = [await till.busy_with(batcher, 1), batcher.submit(2), batcher.submit(3)]
        with pytest.raises(Full):
            batcher.submit(4)
        till.gate.set()
        assert await asyncio.gather(*served) == [2, 4, 6]
        assert await batcher.submit(5) == 10

    assert play(scene, room=2).batches == [[1], [2, 3], [5]]


def test_closing_flushes_what_waits_and_takes_nothing_new() -> None:
    async def scene(batcher: Batcher[int, int], till: Till) -> None:
        waiting = [await till.busy_with(batcher, 1), batcher.submit(2)]
        closing = asyncio.create_task(asyncio.to_thread(batcher.close))
        while not batcher._is_closing:
            await asyncio.sleep(0.001)
        with pytest.raises(Closed):
            batcher.submit(3)
        till.gate.set()
        assert await closing
        assert await asyncio.gather(*waiting) == [2, 4]

    assert play(scene).batches == [[1], [2]]


def test_closing_says_when_something_was_left_behind() -> None:
    async def scene(batcher: Batcher[int, int], till: Till) -> None:
        left = await till.busy_with(batcher, 1)
        assert not await asyncio.to_thread(batcher.close, timeout_seconds=0.05)
        till.gate.set()
        assert await left == 2

    play(scene)


def test_who_stops_waiting_does_not_withdraw_the_order() -> None:
    async def scene(batcher: Batcher[int, int], till: Till) -> None:
        first = await till.busy_with(batcher, 1)
        gone, stays = batcher.submit(2), batcher.submit(3)
        gone.cancel()
        first.cancel()
        till.gate.set()
        assert await stays == 6
        assert gone.cancelled()

    assert play(scene).batches == [[1], [2, 3]]


def test_a_flush_that_breaks_reaches_all_its_callers_and_the_next_one_runs() -> None:
    async def scene(batcher: Batcher[int, int], _: Till) -> None:
        both = [batcher.submit(13), batcher.submit(1)]
        told = await asyncio.gather(*both, return_exceptions=True)
        assert [str(fault) for fault in told] == ["the till broke"] * 2
        assert await batcher.submit(2) == 4

    play(scene)


def test_a_loop_that_is_gone_does_not_break_the_flusher() -> None:
    till = Till()
    made: list[Batcher[int, int]] = []

    async def leave_early() -> None:
        made.append(Batcher(till, loop=asyncio.get_running_loop()))
        await till.busy_with(made[0], 1)
        made[0].submit(2)

    asyncio.run(leave_early())
    till.gate.set()

    assert made[0].close()
    assert till.batches == [[1], [2]]


def test_a_flush_answers_everyone_with_one_call_into_the_loop() -> None:
    calls: list[object] = []

    async def scene(batcher: Batcher[int, int], till: Till) -> None:
        loop = asyncio.get_running_loop()
        into_the_loop = loop.call_soon_threadsafe
        first = await till.busy_with(batcher, 1)
        others = [batcher.submit(request) for request in range(100)]

        def counted(callback: Callable[..., object], *args: Any) -> asyncio.Handle:
            if threading.current_thread().name == "order-batcher":
                calls.append(callback)
            return into_the_loop(callback, *args)

        loop.call_soon_threadsafe = counted  # type: ignore[method-assign, assignment]
        till.gate.set()
        await asyncio.gather(first, *others, return_exceptions=True)

    play(scene)
    assert len(calls) == 2
