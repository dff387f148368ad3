"""Faults to plant in how contacts are counted and in the forecast that is made of them."""

from collections.abc import Sequence

FORECAST, T = "app/forecast", "tests/app/forecast"
CONTACTS, MAKE = f"{T}/test_contacts.py", f"{T}/test_make.py"
EXPOSURES = f"{T}/test_exposures.py"
LOAD = "ml/load"
MIGRATION = "app/db/migrations/versions/0035_contacts"

OF_CAST: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-half-hour-told-again-keeps-what-was-told",
        f"{FORECAST}/contacts_store.py",
        "    tx.exec_driver_sql(FORGET_UNTOLD, listed)\n",
        "",
        f"{CONTACTS}::test_a_half_hour_told_again_is_told_anew",
    ),
    (
        "one-system-forgets-what-another-told",
        f"{FORECAST}/contacts_store.py",
        "source = %(source)s AND slot = ANY",
        "slot = ANY",
        f"{CONTACTS}::test_a_half_hour_told_again_is_told_anew",
    ),
    (
        "a-count-told-again-is-refused",
        f"{FORECAST}/contacts_store.py",
        "DO UPDATE SET contacts = EXCLUDED.contacts",
        "DO UPDATE SET contacts = contact_slot.contacts",
        f"{T}/test_api.py::test_contacts_told_again_take_the_new_count",
    ),
    (
        "an-odd-hour-loses-a-contact",
        f"{FORECAST}/contacts.py",
        "contacts - contacts // 2",
        "contacts // 2",
        f"{CONTACTS}::test_an_hours_halves_sum_to_it",
    ),
    (
        "the-migration-loses-the-odd-contact",
        f"{MIGRATION}.sql",
        "(contacts + 1 - half) / 2",
        "contacts / 2",
        f"{CONTACTS}::test_the_migration_keeps_every_contact_up_and_down",
    ),
    (
        "a-contact-is-about-what-nobody-knows",
        f"{MIGRATION}.sql",
        "ALTER TABLE incoming ADD CONSTRAINT ck_incoming_about_known\n"
        "  CHECK (about IN ('where', 'delivery', 'return', 'presale', 'payment', 'other'));",
        "",
        f"{CONTACTS}::test_no_contact_is_about_what_we_do_not_know",
    ),
    (
        "a-count-stands-between-two-half-hours",
        f"{MIGRATION}.sql",
        "CHECK (EXTRACT(epoch FROM slot) % 1800 = 0)",
        "CHECK (EXTRACT(epoch FROM slot) % 900 = 0)",
        f"{CONTACTS}::test_a_count_that_makes_no_sense_is_refused_by_the_table",
    ),
    (
        "a-run-is-taken-while-another-holds-it",
        f"{FORECAST}/run_store.py",
        "  WHERE state = 'asked' AND (held_until IS NULL OR held_until < clock_timestamp())\n"
        "  ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)",
        "  WHERE state = 'asked'\n  ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)",
        f"{MAKE}::test_a_worker_that_dies_leaves_the_run_asked_for",
    ),
    (
        "a-run-is-stored-by-who-lost-it",
        f"{FORECAST}/run_store.py",
        '            forecast_run.c.token == run.token,\n        )\n        .values(state="stored"',
        '        )\n        .values(state="stored"',
        f"{MAKE}::test_who_was_held_to_be_dead_stores_nothing",
    ),
    (
        "a-run-is-closed-by-who-lost-it",
        f"{FORECAST}/run_store.py",
        '            forecast_run.c.token == run.token,\n        )\n        .values(state="failed"',
        '        )\n        .values(state="failed"',
        f"{MAKE}::test_who_was_held_to_be_dead_stores_nothing",
    ),
    (
        "a-promotion-waits-for-the-night",
        f"{FORECAST}/run_store.py",
        "if waiting.why == HOURLY != why:",
        "if waiting.why != why == HOURLY:",
        f"{MAKE}::test_asking_for_more_than_the_hour_makes_the_waiting_run_learn",
    ),
    (
        "what-was-told-afterwards-stands-before-what-was-foreseen",
        f"{FORECAST}/plan_store.py",
        "ORDER BY slot, was_over, run_id DESC",
        "ORDER BY slot, run_id DESC",
        f"{MAKE}::test_half_hours_that_are_over_keep_what_was_foreseen_of_them_in_time",
    ),
    (
        "what-is-shown-is-forgotten",
        f"{FORECAST}/run_store.py",
        "OR other.was_over = old.was_over AND other.run_id > old.run_id",
        "OR other.was_over = old.was_over",
        f"{MAKE}::test_old_plans_are_forgotten_but_not_what_each_half_hour_was_last_foreseen_as",
    ),
    (
        "the-day-is-put-right-twice-over",
        f"{FORECAST}/foresee.py",
        '"learnt_until": None, ',
        "",
        f"{MAKE}::test_the_day_is_put_right_again_and_never_twice_over",
    ),
    (
        "a-morning-not-told-yet-is-a-quiet-one",
        f"{FORECAST}/gather.py",
        "came[max((until - start) // SLOT, 0) :] = np.nan",
        "pass",
        f"{MAKE}::test_a_system_that_has_not_told_this_morning_yet_makes_no_quiet_day",
    ),
    (
        "a-series-holds-what-has-not-come-yet",
        f"{LOAD}/recorded.py",
        "for (slot, about), n in counts.items() if slot < end}",
        "for (slot, about), n in counts.items()}",
        "tests/ml/load/test_recorded.py::test_nothing_from_now_on_is_taken",
    ),
    (
        "a-promotion-is-judged-by-what-it-brought",
        f"{LOAD}/windows.py",
        "before = _before(ordered, held, min(one.starts_at, now))",
        "before = list(held.values())",
        "tests/ml/load/test_windows.py::test_each_promotion_is_given_what_those_before_it_taught",
    ),
    (
        "chance-is-counted-twice",
        "ml/staffing/rates.py",
        "np.maximum(deviation**2 - mean, 0.0)",
        "deviation**2",
        "tests/ml/staffing/test_rates.py::test_counts_that_vary_by_chance_alone_have_one_rate",
    ),
    (
        "who-learns-stands-before-campaigns",
        "app/subscribers/chores.py",
        'Chore("forecast", SLOW,',
        'Chore("forecast", "bulk",',
        "tests/app/jobs/test_lanes.py::test_what_computes_for_long_carries_no_message",
    ),
    (
        "two-that-fold-count-twice",
        f"{FORECAST}/exposures_store.py",
        "WHERE name = 'history' FOR UPDATE",
        "WHERE name = 'history'",
        f"{EXPOSURES}::test_two_that_fold_at_once_count_once",
    ),
    (
        "a-stretch-of-history-counts-again",
        f"{FORECAST}/exposures_store.py",
        "  WHERE id > %(since)s AND id < uuid7_floor",
        "  WHERE id < uuid7_floor",
        f"{EXPOSURES}::test_history_is_counted_once_however_often_it_is_folded",
    ),
    (
        "a-later-stretch-replaces-an-earlier",
        f"{FORECAST}/exposures_store.py",
        "SET events = exposure_slot.events + EXCLUDED.events",
        "SET events = EXCLUDED.events",
        f"{EXPOSURES}::test_history_is_counted_once_however_often_it_is_folded",
    ),
    (
        "history-is-counted-while-it-is-written",
        f"{FORECAST}/exposures_store.py",
        " AND id < uuid7_floor(clock_timestamp() - interval '{SETTLED}')",
        "",
        f"{EXPOSURES}::test_what_may_still_be_written_is_left_for_the_next_time",
    ),
    (
        "what-was-told-days-later-counts",
        f"{FORECAST}/exposures_store.py",
        "\n  AND recorded_at < changed_at + interval '{LATE}'",
        "",
        f"{EXPOSURES}::test_an_event_told_a_day_late_is_none",
    ),
    (
        "an-event-is-known-before-it-was-told",
        f"{FORECAST}/exposures.py",
        "known_at[row] = max(known_at[row], told_at)",
        "pass",
        f"{EXPOSURES}::test_an_event_told_late_is_not_known_before",
    ),
)
