"""Named places where a process may be made to die, so that a test hits each window every time.

`ORDERBELL_FAULT=deliver.after_send:2` ends the process, as `kill -9` would, when it passes that
point for the second time. Without the variable a point costs one look into a dictionary.
"""

import os
import threading
from collections import Counter

FAULT = "ORDERBELL_FAULT"
KILLED = 137

POINTS = frozenset(
    {
        "events.after_claim",
        "events.before_close",
        "relay.after_ring",
        "release.before_commit",
        "digests.after_take",
        "digests.before_closed",
        "escalations.before_commit",
        "campaigns.in_chunk",
        "campaigns.after_chunk",
        "deliver.after_claim",
        "deliver.after_send",
        "deliver.before_commit",
        "deliver.after_record",
    }
)
"""Every point there is; a test holds this list against the code."""

_lock = threading.Lock()
_passed: Counter[str] = Counter()


def crash_point(name: str) -> None:
    """Die here if the environment asks for it; else do nothing."""
    fault = os.environ.get(FAULT)
    if fault is None:
        return
    wanted, _, nth = fault.partition(":")
    if wanted != name:
        return
    with _lock:
        _passed[name] += 1
        is_the_one = _passed[name] == int(nth or 1)
    if is_the_one:
        os._exit(KILLED)
