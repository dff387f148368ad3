"""Faults to plant in digests, in the form of `planted.Fault`."""

from collections.abc import Sequence

STORE, PURE = "app/hub/digest_store.py", "app/hub/digest.py"
ITEMS = "app/hub/digest_items.py"
P = "tests/app/hub/test_digests_in_a_pause.py"
T, STEPS = "tests/app/hub/test_digests.py", "tests/app/hub/test_escalations.py"
FALLEN = "tests/app/hub/test_digest_fallen.py"
LEADING = "tests/app/hub/test_leading.py"
FALLEN = "tests/app/hub/test_digest_fallen.py"
LEADING = "tests/app/hub/test_leading.py"

DIGESTS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-digest-takes-what-another-closes",
        STORE,
        "(state = 'open' OR state = 'closing' AND held_until <= clock_timestamp())",
        "state <> 'closed'",
        f"{T}::test_a_slot_whose_closer_is_at_work_is_not_taken_by_another",
    ),
    (
        "a-digest-closes-whatever-its-epoch",
        STORE,
        "digest_slot.id = held.id AND digest_slot.epoch = held.epoch",
        "digest_slot.id = held.id",
        f"{T}::test_a_slot_that_another_took_over_is_left_to_it",
    ),
    (
        "slots-are-closed-in-any-order",
        STORE,
        "WHERE state = 'closing' ORDER BY digest_slot.id FOR",
        "WHERE state = 'closing' ORDER BY digest_slot.id DESC FOR",
        "tests/app/hub/test_digest_locks.py::test_slots_are_closed_in_the_order_of_their_ids",
    ),
    (
        "items-are-written-before-their-slot-is-locked",
        "app/hub/digest_close.py",
        "    if len(digest_store.close(tx, held, went=went)) < len(held):",
        "    if not held:",
        "tests/app/hub/test_digest_locks.py::test_a_slot_is_locked_before_its_items_are_written",
    ),
    (
        "what-is-asked-of-a-person-lies-among-the-rest",
        "app/messages/capture.py",
        " or bool(message.variables.get(URGENT))",
        "",
        "tests/app/hub/test_first_in_line.py::test_what_is_asked_of_a_person_lies_first",
    ),
    (
        "news-joins-a-slot-that-closes",
        STORE,
        "WHERE s.state = 'open'",
        "WHERE true",
        f"{T}::test_what_comes_while_a_slot_is_closing_opens_the_next",
    ),
    (
        "a-digest-closes-before-its-time",
        STORE,
        "WHERE closes_at <= %(now)s\n",
        "WHERE true\n",
        f"{T}::test_a_slot_is_not_closed_before_its_time_and_its_time_is_known",
    ),
    (
        "open-slots-are-forgotten",
        STORE,
        "WHERE state = 'closed' AND closes_at < %(before)s",
        "WHERE closes_at < %(before)s",
        f"{T}::test_old_slots_are_forgotten_with_their_items_and_open_ones_are_not",
    ),
    (
        "what-was-read-stays-in-the-digest",
        ITEMS,
        "    if item.is_read:",
        "    if False:",
        f"{T}::test_what_was_read_in_the_inbox_falls_out",
    ),
    (
        "a-digest-is-lost-in-a-pause",
        PURE,
        "until == ENDLESS or until <= question.now:",
        "until <= until:",
        f"{P}::test_a_digest_that_closes_during_a_pause_comes_when_it_is_over",
    ),
    (
        "a-pause-that-is-over-holds-a-digest",
        PURE,
        " or until <= question.now:",
        ":",
        f"{P}::test_a_pause_that_is_over_by_the_time_of_the_closing_holds_nothing",
    ),
    (
        "a-digest-waits-for-ever",
        PURE,
        "until == ENDLESS or ",
        "",
        f"{P}::test_a_pause_without_an_end_leaves_the_bell_out_and_nothing_waits",
    ),
    (
        "a-pause-holds-the-inbox",
        PURE,
        "if channel not in BELLS or until",
        "if until",
        f"{P}::test_the_line_in_the_inbox_is_never_paused",
    ),
    (
        "old-news-rings-after-a-long-pause",
        ITEMS,
        "if slot.closes_at < find(item.notice).useful_until(now, item.variables)",
        "if True",
        f"{P}::test_what_is_of_no_use_by_the_end_of_a_pause_does_not_wait",
    ),
    (
        "a-digest-rings-in-the-night-a-pause-ends-in",
        PURE,
        "    return _by_day_at(channel, until, question)",
        "    return Slot(channel, until)",
        f"{P}::test_a_pause_that_ends_at_night_lets_the_digest_come_in_the_morning",
    ),
    (
        "a-digest-is-folded-again",
        PURE,
        "        and not notice.is_gathered\n",
        "",
        f"{T}::test_a_digest_goes_out_once_with_all_that_joined",
    ),
    (
        "what-joins-a-digest-counts-as-heard",
        "app/hub/pressure.py",
        "        case Digest(at_once=()):\n",
        "        case Digest(at_once=(1,)):\n",
        f"{T}::test_a_digest_of_offers_alone_is_one_of_the_cap_and_its_members_are_none",
    ),
    (
        "a-step-rings-although-it-was-seen",
        "app/hub/escalate_ring.py",
        "    if step.is_seen:",
        "    if False:",
        f"{STEPS}::test_what_becomes_of_a_step_is_written_down",
    ),
    (
        "a-step-rings-before-its-time",
        "app/hub/escalate_store.py",
        "AND s.due_at <= %(now)s",
        "",
        f"{STEPS}::test_the_case_goes_as_the_table_says[a minute before nothing goes]",
    ),
    (
        "waiting-steps-are-forgotten",
        "app/hub/escalate_store.py",
        "WHERE state <> 'waiting' AND due_at < %(before)s",
        "WHERE due_at < %(before)s",
        f"{STEPS}::test_old_steps_are_forgotten_and_waiting_ones_are_not",
    ),
    (
        "late-joiners-keep-their-slots",
        "app/hub/digest_collect.py",
        "            with tx.begin_nested():\n",
        "            if True:\n",
        "tests/app/hub/test_digest_locks.py"
        "::test_who_goes_on_to_a_later_slot_keeps_none_that_comes_after_it",
    ),
    (
        "what-is-over-is-still-told",
        "app/hub/notice.py",
        "return min(worn_out, datetime.fromisoformat(facts[ENDS]))",
        "return worn_out",
        "tests/app/hub/test_useful.py::test_it_falls_out_of_a_digest_that_closes_after_the_end",
    ),
    (
        "what-is-not-told-silences-older-news",
        ITEMS,
        "        if out.get(item.verdict_id, Out.READ) == Out.READ\n",
        "",
        f"{FALLEN}::test_news_that_falls_out_itself_silences_no_older_news",
    ),
    (
        "what-was-read-in-a-digest-comes-by-mail-too",
        STORE,
        "WHERE told.verdict_id = i.verdict_id AND told.fell_out IS NULL",
        "WHERE false",
        f"{FALLEN}::test_what_was_read_in_the_digest_of_the_inbox_is_not_in_the_letter",
    ),
    (
        "a-parcel-that-turned-back-still-rings",
        "app/subscribers/table.py",
        "EventType.PARCEL_RETURNING: (HUB,)",
        "EventType.PARCEL_RETURNING: NOBODY",
        "tests/app/hub/test_react_parcels.py"
        "::test_a_parcel_that_waits_no_more_retracts_the_bells_that_say_so",
    ),
    (
        "a-digest-forgets-the-words-of-its-items",
        "app/templating/sources.py",
        " or (folds and LINE.fullmatch(name))",
        "",
        "tests/app/hub/test_digest_templates.py"
        "::test_it_goes_out_once_in_new_words_and_those_can_be_shown_again",
    ),
    (
        "each-piece-of-news-is-the-first",
        PURE,
        "return None if is_open or is_held else slot",
        "return None if is_held else slot",
        f"{LEADING}::test_what_follows_while_the_digest_is_open_is_gathered",
    ),
    (
        "what-the-night-holds-opens-a-digest",
        PURE,
        "return None if is_open or is_held else slot",
        "return None if is_open else slot",
        f"{LEADING}::test_what_the_night_holds_opens_nothing_and_is_gathered",
    ),
    (
        "all-who-come-at-once-are-the-first",
        "app/hub/lead.py",
        "return _told(asked, late) if late else None",
        "return None",
        f"{LEADING}::test_who_comes_while_another_opens_the_digest_joins_it",
    ),
    (
        "a-trial-opens-a-digest",
        "app/hub/lead.py",
        "rhythms) and not wish.is_trial\n",
        "rhythms)\n",
        f"{LEADING}::test_a_trial_leads_nothing",
    ),
    (
        "a-digest-that-waited-leaves-unasked",
        "app/hub/release.py",
        "    digests = digest_again.ask_again(tx, held, people, bounds, now)",
        "    digests: dict[UUID, Again] = {}",
        "tests/app/hub/test_digest_again.py::test_what_was_read_while_the_digest_waited_is_not_in_it",
    ),
    (
        "an-empty-digest-that-waited-is-sent",
        "app/hub/release.py",
        "    if digest and not digest.left:",
        "    if digest and False:",
        "tests/app/hub/test_digest_again.py::test_a_digest_of_which_all_was_read_is_not_sent",
    ),
    (
        "refused-offers-stay-in-a-queued-digest",
        "app/hub/heed.py",
        "    digest_again.write(tx, settled, digests)",
        "    digest_again.write(tx, gone, digests)",
        "tests/app/hub/test_digest_again.py::test_offers_that_are_refused_leave_a_waiting_digest_at_once",
    ),
    (
        "what-fell-out-of-a-digest-is-asked-again",
        "app/hub/digest_store.py",
        " AND i.fell_out IS NULL\nORDER",
        "\nORDER",
        "tests/app/hub/test_digest_again.py::test_what_fell_out_once_does_not_come_back",
    ),
    (
        "a-cancelled-digest-is-told-otherwise",
        "app/hub/digest_again.py",
        "    stay = [(one, of) for one, then, of in asked if then.because is None]",
        "    stay = [(one, of) for one, _, of in asked]",
        "tests/app/hub/test_digest_again.py::test_a_digest_that_is_refused_as_a_whole_keeps_what_it_would_have_said",
    ),
    (
        "an-offer-in-a-digest-keeps-the-lane-of-news",
        "app/hub/release_store.py",
        "kind = now.kind, lane = now.lane,",
        "kind = now.kind,",
        "tests/app/hub/test_digest_again.py::test_a_digest_left_with_offers_goes_out_as_an_offer",
    ),
)
