"""Faults to plant in what keeps the news of test keys away from people."""

from collections.abc import Sequence

TESTS = "tests/app/hub/test_trial.py"
IN_OUTBOX = f"{TESTS}::test_an_order_of_a_test_key_is_told_to_the_dev_outbox_alone_whoever_moves_it"
OF_EVENT = f"{TESTS}::test_what_a_test_key_does_to_an_order_in_earnest_is_told_to_nobody_either"
UNCOUNTED = f"{TESTS}::test_what_is_tried_takes_no_place_under_a_cap_and_in_no_digest"
REACT = "app/hub/react.py"

TRIAL: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-trial-leaves-by-its-channel",
        "app/messages/deliver.py",
        "return TRIAL if message.is_trial else message.channel",
        "return message.channel",
        IN_OUTBOX,
    ),
    (
        "an-order-of-a-test-key-is-told",
        REACT,
        "order.is_trial or is_trial(event.by)",
        "is_trial(event.by)",
        IN_OUTBOX,
    ),
    (
        "what-a-test-key-does-is-told",
        REACT,
        "order.is_trial or is_trial(event.by)",
        "order.is_trial",
        OF_EVENT,
    ),
    (
        "a-trial-is-counted",
        "app/hub/decide_each.py",
        "        if wish.is_trial:\n",
        "        if False:\n",
        UNCOUNTED,
    ),
    (
        "a-trial-is-folded",
        "app/hub/notify.py",
        "if not made.wish.is_trial]",
        "]",
        UNCOUNTED,
    ),
    (
        "a-trial-tells-for-good",
        "app/hub/by_hand.py",
        '"trial:" if asked.is_trial else ""',
        '""',
        f"{TESTS}::test_a_notice_that_was_tried_can_still_be_told",
    ),
)
