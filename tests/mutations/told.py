"""Faults to plant in what may be answered by itself."""

from collections.abc import Sequence

ANSWER, SHEET, RULES = "app/desk/answer.py", "app/desk/may_answer.py", "app/desk/intent.py"
TESTS = "tests/app/desk/test_may_answer.py"
ASKED = "tests/app/desk/test_answer.py"

TOLD: Sequence[tuple[str, str, str, str, str]] = (
    (
        "an-answer-uses-what-its-row-forbids",
        ANSWER,
        "if not said or not {one.kind for one in said} <= row.may_use:",
        "if not said:",
        f"{TESTS}::test_a_fact_that_the_sheet_does_not_allow_is_left_to_an_agent",
    ),
    (
        "a-draft-is-sent-by-itself",
        ANSWER,
        "    if how is not How.ANSWER:\n",
        "    if False:\n",
        f"{TESTS}::test_every_row_of_the_table_is_told_as_it_stands_there",
    ),
    (
        "a-sheet-forgets-an-intent",
        SHEET,
        "if missing := [str(one) for one in Intent if one not in rows]:",
        "if missing := [str(one) for one in rows if one not in Intent]:",
        f"{TESTS}::test_an_intent_that_is_missing_from_the_sheet_is_named",
    ),
    (
        "half-of-a-message-is-answered",
        RULES,
        "len(asked) > 1 or (bool(asked) and self._asks_more(plain, asked[0]))",
        "len(asked) > 1",
        f"{ASKED}::test_what_is_beyond_us_is_left_to_a_person",
    ),
    (
        "one-of-two-wishes-is-answered",
        RULES,
        "len(asked) > 1 or (bool(asked) and self._asks_more(plain, asked[0]))",
        "bool(asked) and self._asks_more(plain, asked[0])",
        f"{ASKED}::test_what_is_beyond_us_is_left_to_a_person",
    ),
    (
        "an-answer-cites-what-was-before",
        "orders_core/outbox/reading.py",
        "history.c.entity_id, history.c.version.desc()",
        "history.c.entity_id, history.c.version",
        "tests/app/desk/test_api.py::test_an_answer_cites_the_events_that_its_facts_came_with",
    ),
    (
        "older-news-of-a-payment-rings-beside-newer",
        "app/hub/overtaken.py",
        "one.notice in newest[one.order_id].wish.what.replaces",
        "not one.notice",
        "tests/app/hub/test_overtaken.py"
        "::test_newer_news_of_a_payment_takes_back_the_bells_of_older",
    ),
    (
        "news-of-a-payment-takes-back-all-of-its-order",
        "app/hub/overtaken.py",
        "one.notice in newest[one.order_id].wish.what.replaces",
        "one.notice",
        "tests/app/hub/test_overtaken.py::test_other_news_of_the_order_is_left_alone",
    ),
    (
        "news-takes-itself-back",
        "app/hub/overtaken.py",
        "but={made.id for made in newest.values()}",
        "but=()",
        "tests/app/hub/test_overtaken.py"
        "::test_newer_news_of_a_payment_takes_back_the_bells_of_older",
    ),
    (
        "a-trial-takes-back-what-is-told-in-earnest",
        "app/hub/notify.py",
        "    overtake(tx, in_earnest, now=now)\n",
        "    overtake(tx, decisions, now=now)\n",
        "tests/app/hub/test_overtaken.py::test_what_nobody_is_told_of_a_trial_takes_nothing_back",
    ),
)
