"""Faults to plant in what is dropped of the past, in the form of `planted.Fault`."""

from collections.abc import Sequence

STORE, PURE = "app/db/retention_store.py", "app/db/retention.py"
T = "tests/app/db/test_retention.py"
HELD = f"{T}::test_what_is_unfinished_holds_its_month"

RETENTIONS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-month-goes-before-its-last-day-is-old",
        PURE,
        "month.until <= today",
        "month.since <= today",
        f"{T}::test_a_month_is_over_when_its_last_day_is_older_than_is_kept",
    ),
    (
        "what-is-unfinished-is-dropped",
        PURE,
        "fate = Fate.HELD if unfinished else Fate.GOES",
        "fate = Fate.GOES",
        HELD,
    ),
    (
        "parked-events-are-dropped",
        STORE,
        "state IN ('pending', 'parked')",
        "state IN ('pending')",
        HELD,
    ),
    (
        "steps-that-wait-lose-their-verdict",
        STORE,
        "WHERE state = 'waiting'",
        "WHERE state = 'never'",
        HELD,
    ),
    (
        "an-open-digest-loses-its-news",
        STORE,
        "WHERE digest_slot.state <> 'closed'",
        "WHERE digest_slot.state = 'never'",
        f"{T}::test_a_digest_that_still_closes_holds_the_month_of_its_news",
    ),
    (
        "a-drop-waits-for-ever",
        STORE,
        "SET LOCAL lock_timeout = '2s'",
        "SET LOCAL lock_timeout = '20s'",
        f"{T}::test_whoever_is_at_work_is_not_made_to_wait_long_and_nothing_is_half_dropped",
    ),
    (
        "what-was-handled-lately-is-forgotten",
        STORE,
        "WHERE event_id < (",
        "WHERE event_id >= (",
        f"{T}::test_what_was_handled_of_events_that_are_gone_is_forgotten",
    ),
    (
        "books-ask-for-events-that-were-dropped",
        "orders_core/books/promises/events.sql",
        "WHERE name = 'outbox'",
        "WHERE name = 'nobody'",
        f"{T}::test_the_books_balance_after_events_are_gone_whose_history_stays",
    ),
)
