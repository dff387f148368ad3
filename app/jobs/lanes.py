"""The lanes that messages travel in, and which worker drives which.

A lane is fixed in code by a message's kind. L0 and L1 have a worker of their own, which also turns
events into messages, so a campaign can never stand in front of an order's news. What computes for
long has a worker that carries no messages at all.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum


class Lane(IntEnum):
    """How urgent a message is; the smaller, the sooner."""

    SECURITY = 0  #: codes and warnings
    ORDER = 1  #: order, payment and support
    SERVICE = 2  #: reminders and service
    MARKETING = 3  #: campaigns


EVENTS = "events"  #: the queue that wakes whoever handles events
SLOW = "slow"  #: the queue of what computes for long, and the worker that consumes it


def queue_of(lane: Lane) -> str:
    """Name the broker's queue that wakes a lane's worker."""
    return f"lane{lane.value}"


#: What each worker listens to: its lanes, and whether it handles events.
WORKERS: Mapping[str, Sequence[Lane]] = {
    "fast": (Lane.SECURITY, Lane.ORDER),
    "bulk": (Lane.SERVICE, Lane.MARKETING),
    SLOW: (),
}
HANDLES_EVENTS = "fast"


def queues_of(worker: str) -> Sequence[str]:
    """Name every queue that a worker consumes."""
    own = {HANDLES_EVENTS: [EVENTS], SLOW: [SLOW]}.get(worker, [])
    return [*own, *map(queue_of, WORKERS[worker])]
