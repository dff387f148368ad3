"""Several threads that set off at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Answer = TypeVar("Answer")

START_SECONDS = 10


def together(*works: Callable[[], Answer]) -> list[Answer]:
    """Do every work in a thread of its own, all from one start; raise what any of them raised."""
    gate = Barrier(len(works))

    def go(work: Callable[[], Answer]) -> Answer:
        gate.wait(START_SECONDS)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [going.result() for going in [pool.submit(go, work) for work in works]]
