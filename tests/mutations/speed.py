"""Faults to plant in what is done in few steps and at once, as `planted` takes them."""

from collections.abc import Sequence

ENTRY, STORED = "tests/app/entry", "tests/app/messages/test_store.py"
AT_ONCE = "test_woken_for_events_it_tells_at_once_and_woken_for_a_lane_it_delivers"

SPEED: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-held-message-leaves-at-once",
        "app/messages/store.py",
        "    if held:\n        tx.exec_driver_sql(HOLD_BACK",
        "    if not held:\n        tx.exec_driver_sql(HOLD_BACK",
        f"{STORED}::test_what_is_held_may_not_leave_before_its_machine_seconds_have_passed",
    ),
    (
        "messages-of-two-verdicts-share-their-words",
        "app/messages/store.py",
        "        if draft.variables is not variables:",
        "        if variables is None:",
        f"{STORED}::test_queueing_writes_every_draft_as_it_is",
    ),
    (
        "a-window-forgets-what-is-still-to-come",
        "app/hub/cap_counts.py",
        "        if seconds and times[-1] <= second:",
        "        if seconds:",
        "tests/app/hub/test_cap_counts.py::test_a_bell_still_to_come_counts_only_where_one_window_holds"
        "_it_and_the_message",
    ),
    (
        "an-orders-news-waits-for-a-second-bell",
        "app/entry/worker.py",
        "            if handled.done:\n                self._deliver(EVENTS",
        "            if not handled.done:\n                self._deliver(EVENTS",
        f"{ENTRY}/test_worker.py::{AT_ONCE}",
    ),
    (
        "the-bulk-worker-pushes-ahead",
        "app/entry/child.py",
        '    stand_back()\n    role.main("bulk")',
        '    role.main("bulk")',
        f"{ENTRY}/test_worker.py::test_the_bulk_worker_takes_the_time_that_the_others_leave",
    ),
    (
        "the-relay-falls-asleep-between-two-orders",
        "app/entry/relay.py",
        "BUSY_SECONDS if started < awake_until else",
        "BUSY_SECONDS if due else",
        f"{ENTRY}/test_relay.py::test_after_something_was_due_it_looks_often_for_a_while",
    ),
    (
        "a-word-stands-beside-its-question",
        "orders_core/word.py",
        "bindparam(None, other, Text(), literal_execute=True)",
        "bindparam(None, other, Text())",
        "tests/app/db/test_indexes_serve.py"
        "::test_what_is_asked_all_day_reads_its_index[events that are due]",
    ),
    (
        "several-words-stand-beside-their-question",
        "orders_core/word.py",
        "expanding=True, literal_execute=True)",
        "expanding=True)",
        "tests/app/db/test_indexes_serve.py"
        "::test_what_is_asked_all_day_reads_its_index[messages that are due]",
    ),
)
