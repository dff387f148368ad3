"""Faults to plant in what keeps news quick and true, in the form of `planted.Fault`."""

from collections.abc import Sequence

DELIVER, HANDLE = "app/messages/deliver.py", "app/subscribers/handle.py"
STANDING, REFUNDS = "app/hub/standing.py", "orders_core/orders/refund_store.py"
WIRING = "app/db/engine.py"
PARCELS = "tests/app/hub/test_react_parcels.py"
EVENTS = "tests/app/subscribers/test_handle.py"

HASTE: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-full-claim-is-the-last",
        DELIVER,
        "        if done < BATCH[lane]:\n            break\n",
        "        break\n",
        "tests/app/messages/test_deliver.py"
        "::test_a_full_claim_is_followed_by_another_until_nothing_is_due",
    ),
    (
        "haste-forgets-what-failed",
        HANDLE,
        "if tried and in_haste and result.done:",
        "if tried and in_haste:",
        f"{EVENTS}::test_in_haste_what_failed_is_tried_again_only_when_nothing_new_is_due",
    ),
    (
        "haste-waits-for-what-failed",
        HANDLE,
        "if tried and in_haste and result.done:",
        "if False:",
        f"{EVENTS}::test_in_haste_what_failed_is_tried_again_only_when_nothing_new_is_due",
    ),
    (
        "every-question-is-planned-anew",
        WIRING,
        "    if plans_once:\n",
        "    if False:\n",
        "tests/app/db/test_engine.py::test_who_asks_all_day_has_its_questions_planned_once",
    ),
    (
        "money-that-is-back-is-still-on-its-way",
        STANDING,
        "if notice.of_refund and standing.is_refunded:",
        "if False:",
        f"{PARCELS}::test_money_that_is_back_already_is_not_told_to_be_on_its_way",
    ),
    (
        "money-that-was-asked-for-is-back",
        REFUNDS,
        "where(refund.c.id.in_(refund_ids), refund.c.made_at.is_not(None))",
        "where(refund.c.id.in_(refund_ids))",
        f"{PARCELS}::test_a_refund_that_arrives_retracts_the_letter_that_said_it_was_on_its_way",
    ),
)
