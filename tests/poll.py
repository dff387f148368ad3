"""Wait for something to become true. The only sleep in the tests lives here."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

STEP_SECONDS = 0.02


def until(ask: Callable[[], Answer], *, within_seconds: float = 10, what: str = "") -> Answer:
    """Ask again until the answer is true, and return it.

    Raises:
        AssertionError: If the deadline passes first; with the last answer.
    """
    deadline = time.monotonic() + within_seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(
                f"{what or 'not true'} within {within_seconds} s; last answer: {answer!r}"
            )
        time.sleep(STEP_SECONDS)
