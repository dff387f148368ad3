"""Faults to plant in what people choose, its history and what obeys it, as `planted.Fault`."""

from collections.abc import Sequence

HISTORY, UNDO = "app/people/history.py", "tests/app/people/test_undo.py"
HEED, HEEDED = "app/hub/heed.py", "tests/app/hub/test_heed.py"
NOTED = "tests/app/people/test_noted.py"
SCRIPT = "app/db/migrations/versions/0028_choices.sql"

OF_CHOICES: Sequence[tuple[str, str, str, str, str]] = (
    (
        "taking-back-overwrites-what-came-since",
        "app/people/history_store.py",
        ".order_by(choice.c.about, choice.c.cell, choice.c.id.desc())",
        ".order_by(choice.c.about, choice.c.cell, choice.c.id)",
        f"{UNDO}::test_what_was_changed_again_since_stays_as_it_is",
    ),
    (
        "the-shops-word-is-taken-back-by-a-link",
        HISTORY,
        "is_theirs = self.said_by == By.PERSON and self.door in UNDOABLE_AT",
        "is_theirs = bool(self.said_by)",
        f"{UNDO}::test_what_the_shop_wrote_cannot_be_taken_back_here",
    ),
    (
        "a-way-out-opens-every-act",
        HISTORY,
        "line.is_undoable and line.door in only_at",
        "line.is_undoable",
        f"{UNDO}::test_an_unsubscribe_link_takes_back_only_what_such_a_link_said",
    ),
    (
        "consent-that-was-never-given-is-given-back",
        "app/people/undo_store.py",
        "        tx.execute(delete(consent).filter_by(**key))\n        return\n",
        "        was = True\n",
        f"{UNDO}::test_a_choice_that_was_none_is_none_again_and_consent_too",
    ),
    (
        "two-clicks-do-not-take-turns",
        "app/people/history_store.py",
        "    tx.execute(held.with_for_update(key_share=True))\n",
        "    tx.execute(held)\n",
        f"{UNDO}::test_two_clicks_at_once_take_turns",
    ),
    (
        "a-change-of-preference-is-not-noted",
        SCRIPT,
        "CREATE TRIGGER preference_noted_changed AFTER UPDATE ON preference",
        "CREATE TRIGGER preference_noted_changed AFTER UPDATE ON rhythm",
        f"{NOTED}::test_a_statement_of_any_room_is_noted",
    ),
    (
        "history-shows-whole-addresses",
        SCRIPT,
        "THEN left(n.address, 1) || '•••@' || split_part(n.address, '@', 2)\n"
        "                 WHEN length(n.address) > 8 THEN '•••' || right(n.address, 4)\n"
        "                 ELSE '•••' END END)\n    FROM new_rows n, saying() s WHERE",
        "THEN n.address\n                 ELSE '•••' END END)\n"
        "    FROM new_rows n, saying() s WHERE",
        f"{NOTED}::test_no_address_and_no_token_stands_in_the_history",
    ),
    (
        "a-click-waits-for-a-worker",
        "app/hub/release_store.py",
        ".where(message.c.person_id.in_(people), IS_QUEUED)\n"
        "        .order_by(message.c.id)\n        .with_for_update(skip_locked=True)",
        ".where(message.c.person_id.in_(people), IS_QUEUED)\n"
        "        .order_by(message.c.id)\n        .with_for_update()",
        f"{HEEDED}::test_nobody_waits_for_a_worker_and_what_it_holds_is_asked_again",
    ),
    (
        "what-was-sent-is-called-cancelled",
        "app/hub/release_store.py",
        ".where(message.c.person_id.in_(people), IS_QUEUED)",
        ".where(message.c.person_id.in_(people))",
        f"{HEEDED}::test_what_is_settled_stays_as_it_is",
    ),
    (
        "a-pause-cancels-what-comes-after-it",
        HEED,
        "max(now, one.due_at)",
        "now",
        f"{HEEDED}::test_what_is_due_after_the_pause_still_rings",
    ),
    (
        "what-waits-does-not-obey",
        "app/people/changing.py",
        "    house.heed(tx, [person_id], saying.at)\n",
        "",
        f"{HEEDED}::test_one_click_is_heard_within_a_second_of_the_click",
    ),
)
