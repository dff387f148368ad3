"""Faults to plant in what is learnt of where people look, in the form of `planted.Fault`."""

from collections.abc import Sequence

RULE, T = "app/hub/habits.py", "tests/app/hub/test_habits.py"
STORE, K = "app/hub/habit_store.py", "tests/app/hub/test_habits_kept.py"
BEST, SEEN, M = "ml/channel/best.py", "ml/channel/seen.py", "tests/ml/channel/test_channel.py"
COUNTED = f"{K}::test_what_rang_and_had_its_time_is_counted_and_nothing_else"
CASE = f"{T}::test_the_bell_is_the_one_that_is_worth_most"

HABITS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "an-offer-is-left-to-chance",
        RULE,
        "notice.kind is Kind.SERVICE and ",
        "",
        f"{T}::test_an_offer_an_order_a_code_and_what_is_urgent_are_never_left_to_chance",
    ),
    (
        "what-is-urgent-is-left-to-chance",
        RULE,
        " and not notice.is_urgent",
        "",
        f"{T}::test_an_offer_an_order_a_code_and_what_is_urgent_are_never_left_to_chance",
    ),
    (
        "a-bell-of-which-nothing-is-known-is-weighed-away",
        RULE,
        "    if any(bell not in known for bell in bells):\n        return []\n",
        "    bells = tuple(bell for bell in bells if bell in known)\n",
        f"{CASE}[of one bell nothing is known: nothing is weighed]",
    ),
    (
        "news-of-orders-says-something-of-offers",
        RULE,
        '    Kind.MARKETING: "offers",',
        '    Kind.MARKETING: "orders",',
        f"{CASE}[what is known of news of orders says nothing of offers]",
    ),
    (
        "a-doubt-names-a-channel",
        BEST,
        "<= SURE * worth",
        "<= 0 * worth",
        f"{M}::test_the_best_is_chosen_where_it_can_be_told",
    ),
    (
        "a-channel-costs-nothing",
        BEST,
        "worth * option.mean - option.cost",
        "worth * option.mean",
        f"{M}::test_the_best_is_chosen_where_it_can_be_told",
    ),
    (
        "of-few-people-a-prior-is-made",
        SEEN,
        "if told > 1) < FEWEST_PEOPLE",
        "if told > 1) < FEWEST_PEOPLE - 1",
        f"{M}::test_of_few_people_and_of_people_told_once_there_is_no_prior",
    ),
    (
        "chance-alone-makes-people-differ",
        SEEN,
        "by_chance = people - 1",
        "by_chance = 0",
        f"{M}::test_mean_and_strength_of_a_known_crowd_are_found_again",
    ),
    (
        "a-bell-that-was-not-needed-counts-as-unseen",
        STORE,
        "WHERE seen OR NOT elsewhere",
        "WHERE true",
        f"{K}::test_what_was_read_by_another_way_first_says_nothing_of_a_bell",
    ),
    (
        "what-was-read-too-late-counts-as-read",
        STORE,
        "coalesce(elsewhere_at <= over_at, false) AS elsewhere",
        "elsewhere_at IS NOT NULL AS elsewhere",
        f"{K}::test_what_was_read_by_another_way_first_says_nothing_of_a_bell",
    ),
    (
        "what-is-not-over-counts-as-unseen",
        STORE,
        "rang AND settled_at <= :now - :within)",
        "rang)",
        COUNTED,
    ),
    ("what-never-left-counts-as-unseen", STORE, "state = 'sent' AND ", "", COUNTED),
    ("a-trial-is-learnt-from", STORE, " AND NOT is_trial", "", COUNTED),
    ("a-digest-is-learnt-from", STORE, "message.notice <> ALL(:gathered)", "true", COUNTED),
    ("who-is-erased-is-learnt-again", STORE, " AND erased_at IS NULL", "", COUNTED),
    (
        "what-is-of-no-use-any-more-was-seen-in-time",
        STORE,
        "least(message.expires_at, settled_at + :within)",
        "settled_at + :within",
        COUNTED,
    ),
    (
        "four-tellings-make-a-habit",
        STORE,
        "HAVING sum(told) >= :fewest",
        "HAVING sum(told) >= :fewest - 1",
        f"{K}::test_the_night_keeps_what_everybody_sees_where_and_decisions_read_it",
    ),
    (
        "a-habit-of-an-earlier-night-stays",
        STORE,
        '    tx.execute(text("DELETE FROM habit"))\n',
        "",
        f"{K}::test_the_night_keeps_what_everybody_sees_where_and_decisions_read_it",
    ),
    (
        "a-gain-counts-what-had-no-time",
        STORE,
        "\n         AND decided_at <= :now - :within AS may_tell",
        " AS may_tell",
        f"{K}::test_what_it_brought_is_told_by_what_was_left_to_chance",
    ),
    (
        "a-gain-counts-what-would-have-rung-there",
        STORE,
        "said ->> 'best' <> said ->> 'before' AND ",
        "",
        f"{K}::test_what_it_brought_is_told_by_what_was_left_to_chance",
    ),
    (
        "a-later-opening-takes-the-place-of-the-first",
        "app/hub/opened_store.py",
        ", message.c.opened_at.is_(None))",
        ")",
        f"{K}::test_a_link_that_is_opened_marks_its_own_message_and_the_first_time_stands",
    ),
    (
        "a-night-is-asked-for-twice",
        "app/db/learning_store.py",
        "if tx.execute(waits).one_or_none() is None:",
        "if True:",
        f"{K}::test_the_night_is_made_once",
    ),
    (
        "one-night-takes-the-run-of-another",
        "app/db/learning_store.py",
        "        .where(learning_run.c.name == name, IS_ASKED)\n        .order_by",
        "        .where(IS_ASKED)\n        .order_by",
        f"{K}::test_a_night_takes_no_run_of_another",
    ),
    (
        "what-was-seen-outlives-its-person",
        "app/people/erase_store.py",
        "    tired,\n    habit,\n)",
        "    tired,\n)",
        "tests/app/ops/test_erase.py"
        "::test_what_was_worked_out_of_a_person_is_taken_away_and_erased_with_them",
    ),
    (
        "when-a-link-was-opened-outlives-its-person",
        "app/messages/erase_store.py",
        "            opened_at=None,\n",
        "",
        "tests/app/ops/test_erase.py"
        "::test_what_was_worked_out_of_a_person_is_taken_away_and_erased_with_them",
    ),
)
