"""Faults to plant in the one story across channels, in the form of `planted.Fault`."""

from collections.abc import Sequence

T = "tests/app/hub/test_opened.py"
D = "tests/app/messages/test_deliver.py"

OPENED: Sequence[tuple[str, str, str, str, str]] = (
    (
        "somebody-elses-news-is-read",
        "app/hub/opened_store.py",
        "verdict.c.person_id == person_id if person_id else verdict.c.order_id == order_id",
        "message.c.id.is_not(None)",
        f"{T}::test_what_was_opened_is_read_in_the_inbox_of_whose_it_is",
    ),
    (
        "a-letter-to-keep-is-withheld",
        "app/messages/barred_store.py",
        "message.c.due_at > message.c.queued_at, read",
        "message.c.due_at >= message.c.queued_at, read",
        f"{D}::test_a_bell_that_waited_falls_silent_when_its_news_was_read_meanwhile",
    ),
    (
        "news-nobody-read-falls-silent",
        "app/messages/barred_store.py",
        "        inbox_item.c.read_at.is_not(None),\n",
        "",
        f"{D}::test_a_bell_that_waited_falls_silent_when_its_news_was_read_meanwhile",
    ),
)
