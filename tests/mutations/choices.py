"""Faults to plant in what people choose, its history and what obeys it, as `planted.Fault`."""

from collections.abc import Sequence

HISTORY, UNDO = "app/people/history.py", "tests/app/people/test_undo.py"
HEED, HEEDED = "app/hub/heed.py", "tests/app/hub/test_heed.py"
ADDRESS = "tests/app/ops/test_address.py"
ERASED = "tests/app/ops/test_erase.py"
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
        "        tx.execute(delete(table).filter_by(**key))\n        return\n",
        "        return\n",
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
    (
        "a-worker-writes-after-the-erasing",
        "app/messages/erase_store.py",
        "                (is_held, State.UNKNOWN.value),\n",
        "",
        f"{ERASED}::test_what_a_worker_holds_comes_to_nothing",
    ),
    (
        "an-erased-person-is-found",
        "app/people/store.py",
        "person.c.id.in_(person_ids), person.c.erased_at.is_(None))",
        "person.c.id.in_(person_ids))",
        f"{ERASED}::test_nothing_rings_for_whoever_is_erased",
    ),
    (
        "a-no-dies-with-its-person",
        "app/ops/erase.py",
        "    sealed_store.seal(tx, addresses, refused, secret=secret, now=saying.at)\n",
        "",
        f"{ERASED}::test_a_no_outlives_its_person_and_is_obeyed_when_the_address_returns",
    ),
    (
        "erasing-frees-the-address-of-somebody-else",
        "app/people/erase_store.py",
        "            contact.c.person_id == person_id, ~is_shared\n",
        "            contact.c.person_id == person_id\n",
        f"{ERASED}::test_an_address_that_somebody_else_has_too_stays_suppressed",
    ),
    (
        "the-history-outlives-the-erasing",
        "app/people/erase_store.py",
        "    tx.execute(delete(choice).where(choice.c.person_id == person_id))\n",
        "",
        f"{ERASED}::test_erased_twice_is_erased_once",
    ),
    (
        "nobody-looks-again-after-the-erasing",
        "app/subscribers/table.py",
        "        rest(tx, PersonId(event.entity_id), now=house.clock.now())\n",
        "        assert event\n",
        f"{ERASED}::test_what_was_decided_meanwhile_is_erased_when_the_event_is_heard",
    ),
    (
        "wrong-codes-cost-nothing",
        "app/ops/address.py",
        "        store.add_wrong(tx, person_id)\n",
        "",
        f"{ADDRESS}::test_five_wrong_tries_end_a_code",
    ),
    (
        "a-code-is-good-for-ever",
        "app/people/address_store.py",
        "is_good = row.code_until is not None and row.code_until > now",
        "is_good = row.code_until is not None",
        f"{ADDRESS}::test_a_code_is_good_for_ten_minutes",
    ),
    (
        "many-may-flood-one-mailbox",
        "app/ops/address.py",
        " or store.sent_to(tx, *wanted, now=held.now) >= MOST_TO_ONE",
        "",
        f"{ADDRESS}::test_nobodys_mailbox_is_flooded_by_many",
    ),
    (
        "the-old-address-hears-nothing",
        "app/messages/barred_store.py",
        "            address_change.c.was == message.c.address,\n",
        "",
        f"{ADDRESS}::test_the_new_address_is_proven_and_the_old_one_told",
    ),
)
