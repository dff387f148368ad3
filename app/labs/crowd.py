"""Many at once: threads that set off together, each with something of its own in hand."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

Tool = TypeVar("Tool")
Found = TypeVar("Found")

THREADS = 16


def crowd(
    tool: Callable[[], AbstractContextManager[Tool]],
    work: Callable[[Tool, int], Found],
    *,
    threads: int = THREADS,
) -> list[Found]:
    """Let each of so many threads open a tool and work with it, all from the same moment on."""
    gate = threading.Barrier(threads)

    def one(number: int) -> Found:
        with tool() as held:
            gate.wait()
            return work(held, number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))
