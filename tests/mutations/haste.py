"""Faults to plant in what keeps news quick and true, and in notices that come as events."""

from collections.abc import Sequence

DELIVER, HANDLE = "app/messages/deliver.py", "app/subscribers/handle.py"
STANDING, REFUNDS = "app/hub/standing.py", "orders_core/orders/refund_store.py"
WIRING = "app/db/engine.py"
PARCELS = "tests/app/hub/test_react_parcels.py"
EVENTS = "tests/app/subscribers/test_handle.py"
NOTICES = "tests/app/intake/test_notices.py"

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
    (
        "a-notice-that-came-twice-is-told-twice",
        "app/intake/events.py",
        "told = {place: fresh[place] for place in asked if place in fresh}",
        "told = {place: incoming[place] for place in asked}",
        f"{NOTICES}::test_another_notice_under_the_same_name_is_refused",
    ),
    (
        "whoever-brings-orders-may-tell",
        "app/intake/api.py",
        "notices=house.notices if MAY_TELL in caller.scopes else MayNotTell(),",
        "notices=house.notices,",
        f"{NOTICES}::test_a_key_that_may_not_tell_tells_nobody",
    ),
    (
        "a-refused-notice-counts-as-come",
        "app/intake/events.py",
        """        else:
            incoming[place] = event
""",
        """        if event is not None:
            incoming[place] = event
""",
        f"{NOTICES}::test_whom_nobody_knows_is_refused_and_can_be_sent_again",
    ),
    (
        "a-letters-why-is-open-to-others",
        "app/hub/pages.py",
        "if got and got.person_id == owner else None",
        "if got else None",
        "tests/app/hub/test_why.py::test_the_footer_of_a_letter_leads_to_why_it_came",
    ),
    (
        "anybody-writes-back-for-anybody",
        "app/desk/inbox_reply_pages.py",
        "if got is None or got.person_id != owner:",
        "if got is None:",
        "tests/app/desk/test_inbox_reply.py::test_nobody_answers_the_messages_of_others",
    ),
)
