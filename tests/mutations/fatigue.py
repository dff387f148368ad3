"""Faults to plant in what keeps offers from being too many, in the form of `planted.Fault`."""

from collections.abc import Sequence

RULE, T = "app/hub/permission.py", "tests/app/hub/test_fatigue.py"
STORE, M = "app/hub/tired_store.py", "tests/ml/fatigue/test_risk.py"

FATIGUE: Sequence[tuple[str, str, str, str, str]] = (
    (
        "news-of-an-order-is-held-as-too-many",
        RULE,
        "tired is None or question.notice.kind is not Kind.MARKETING",
        "tired is None",
        f"{T}::test_news_of_an_order_rings_all_the_same",
    ),
    (
        "a-risk-outlives-its-person",
        "app/people/erase_store.py",
        "    tired,\n    habit,\n)",
        "    habit,\n)",
        "tests/app/ops/test_erase.py"
        "::test_what_was_worked_out_of_a_person_is_taken_away_and_erased_with_them",
    ),
    (
        "any-risk-holds-an-offer",
        RULE,
        "percent not in question.bounds.tired",
        "not question.bounds.tired",
        f"{T}::test_an_offer_rings_nowhere_for_whoever_it_would_drive_away_and_waits_in_the_inbox",
    ),
    (
        "what-was-opened-later-is-known-before",
        STORE,
        "avg((read_at < heard.at)::int)",
        "avg((read_at < 'infinity')::int)",
        f"{T}::test_a_telling_is_judged_by_what_was_known_then",
    ),
    (
        "a-week-that-is-not-over-counts",
        STORE,
        "WHERE heard.at < :now - :within",
        "WHERE heard.at < :now",
        f"{T}::test_a_week_that_is_not_over_says_nothing_yet",
    ),
    (
        "a-risk-of-an-earlier-night-stays",
        STORE,
        "    tx.execute(delete(tired))\n",
        "",
        f"{T}::test_a_risk_is_read_with_its_person_and_gone_with_the_next_night",
    ),
    (
        "a-model-no-better-than-the-mean-is-used",
        "ml/fatigue/risk.py",
        "gained if gained > doubt else None",
        "gained",
        f"{M}::test_where_nothing_foretells_it_there_is_no_model",
    ),
    (
        "one-person-who-refused-often-makes-a-model",
        "ml/fatigue/risk.py",
        "min(left, refusers) < FEWEST_LEFT",
        "left < FEWEST_LEFT",
        f"{M}::test_where_hardly_anybody_refused_it_cannot_be_told",
    ),
)
