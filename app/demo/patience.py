"""Asking again when the shop is away, until it is back or we are told to stop."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from app.demo.shop import Away

log = logging.getLogger("app.demo")

PAUSE_SECONDS = 0.5
Answer = TypeVar("Answer")


class Stopped(Exception):
    """We were told to stop before the thing was done."""


def patiently(work: Callable[[], Answer], *, stop: threading.Event) -> Answer:
    """Do one thing that may be done twice; a shop that is away is asked again every half second.

    Raises:
        Stopped: If we are told to stop meanwhile.
    """
    while not stop.is_set():
        try:
            return work()
        except Away as fault:
            log.info("the shop is away: %s", fault)
            stop.wait(PAUSE_SECONDS)
    raise Stopped


def first_missing(count: int, is_there: Callable[[int], bool]) -> int:
    """Return the first of `count` things that is not there, where they were put in order."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if is_there(middle):
            low = middle + 1
        else:
            high = middle
    return low
