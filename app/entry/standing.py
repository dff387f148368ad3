"""What every long-running process does at its start: settings, log, house, and a way to stop."""

import gc
import logging
import signal
import sys
import threading
from types import FrameType

import structlog
import structlog.tracebacks

from app import wiring
from app.house import House
from app.settings import Settings, load

# How many things are made between two looks of the garbage collector. A look stops the process, and
# the longer the more was made: 0.2 s in a hundred thousand, which no order's news should wait.
SOON, LATE = 7_000, 100_000
# Locals hold names and addresses: they stay out of the log.
QUIET_TRACEBACKS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


class Stop(threading.Event):
    """Set by SIGTERM and SIGINT: finish what is in hand and leave."""

    def listen(self) -> "Stop":
        """Catch the signals of this process; call it in the main thread."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._heard)
        return self

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.set()


def open_house(
    role: str, *, pool_size: int, settings: Settings | None = None, looks: int = SOON
) -> House:
    """Start the log and build this process's house; `looks` as `settle` takes it."""
    start_log()
    house = wiring.build(settings or load(), pool_size=pool_size, role=role)
    settle(looks)
    return house


def settle(looks: int) -> None:
    """Let the garbage collector pass over what is loaded by now: it stays as long as the process.

    And let it look at the rest less often, after `looks` things: a batch makes tens of thousands of
    small ones that live until its commit, and each look walks through them all. Together that was a
    third of what a decision cost, so whoever works in batches is looked at late.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(looks, *gc.get_threshold()[1:])


def start_log() -> None:
    """Write structured lines to standard error: one JSON object each, times in UTC."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(QUIET_TRACEBACKS),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
