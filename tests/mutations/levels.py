"""Faults to plant in whose word holds, in the form of `planted.Fault`."""

from collections.abc import Sequence

PURE, STORE = "app/people/levels.py", "app/people/choice_store.py"
CASES = "tests/app/hub/test_preference_cases.py::test_the_case_is_decided_as_the_table_says"
T = "tests/app/people/test_levels.py"

LEVELS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "the-table-of-preferences-rules-nothing",
        "app/hub/policy.py",
        "        preferences=read_wishes(said[shop_wishes.TABLE]),\n",
        "",
        f"{T}::test_what_the_table_says_rules_the_next_decision",
    ),
    (
        "a-channel-speaks-before-a-category",
        PURE,
        "((category, ANY), Level.CATEGORY),\n        ((ANY, channel), Level.CHANNEL),",
        "((ANY, channel), Level.CHANNEL),\n        ((category, ANY), Level.CATEGORY),",
        CASES,
    ),
    (
        "a-no-is-taken-for-nothing-said",
        PURE,
        "if (wanted := said.get(cell)) is not None:",
        "if wanted := said.get(cell):",
        CASES,
    ),
    (
        "a-code-can-be-refused",
        "app/hub/permission.py",
        "if not (said or shop) or question.notice.kind is Kind.SECURITY:",
        "if not (said or shop):",
        CASES,
    ),
    (
        "a-table-locks-advertising-on",
        "app/people/shop_wishes.py",
        "return bool(locked) and about is not Category.OFFERS",
        "return bool(locked)",
        f"{T}::test_no_table_locks_advertising_on",
    ),
    (
        "what-is-locked-is-chosen-all-the-same",
        STORE,
        "        _refuse_locked(tx, person_id, choices)\n",
        "        pass\n",
        f"{T}::test_what_the_shop_locked_cannot_be_chosen_and_nothing_else_is_written",
    ),
    (
        "what-was-said-before-a-lock-cannot-be-taken-back",
        STORE,
        "(locked := locks - set(said_by(tx, person_id)))",
        "(locked := locks)",
        f"{T}::test_what_was_said_before_the_lock_is_honoured_and_may_be_taken_back",
    ),
    (
        "everything-on-agrees-to-advertising",
        STORE,
        "        if category == Category.OFFERS\n        for one",
        "        if category in {Category.OFFERS, ANY}\n        for one",
        f"{T}::test_only_who_asks_for_offers_agrees_to_advertising",
    ),
    (
        "a-wide-no-is-not-asked-for-as-a-message-leaves",
        "app/messages/barred_store.py",
        ".order_by(preference.c.category == ANY, preference.c.channel == ANY)",
        ".order_by(preference.c.channel == ANY, preference.c.category == ANY)",
        "tests/app/messages/test_deliver.py::test_news_that_was_switched_off_meanwhile_does_not_leave",
    ),
)
