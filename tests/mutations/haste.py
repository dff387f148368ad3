"""Faults to plant in what keeps news quick and true, in replies, erasing and staffing."""

from collections.abc import Sequence

DELIVER, HANDLE = "app/messages/deliver.py", "app/subscribers/handle.py"
STANDING, REFUNDS = "app/hub/standing.py", "orders_core/orders/refund_store.py"
WIRING = "app/db/engine.py"
PARCELS = "tests/app/hub/test_react_parcels.py"
EVENTS = "tests/app/subscribers/test_handle.py"
NOTICES, STAFFING = "tests/app/intake/test_notices.py", "tests/ml/staffing"

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
        "if notice.of_refund and standing.is_ended:",
        "if False:",
        f"{PARCELS}::test_money_that_is_back_already_is_not_told_to_be_on_its_way",
    ),
    (
        "goods-that-came-are-told-that-they-may",
        STANDING,
        "if notice.of_return and standing.is_ended:",
        "if False:",
        "tests/app/hub/test_react_returns.py::test_goods_that_came_are_not_told_that_they_may",
    ),
    (
        "a-return-that-was-approved-has-come",
        "orders_core/returns/store.py",
        "order_return.c.id.in_(return_ids), order_return.c.state.in_(CAME)",
        "order_return.c.id.in_(return_ids)",
        "tests/app/hub/test_react_returns.py"
        "::test_goods_that_come_retract_the_letter_that_said_they_may",
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
        "notices=house.notices if MAY_TELL in caller.scopes else None,",
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
        "if got is None or got.person_id != owner or got.notice not in NOTICES:",
        "if got is None or got.notice not in NOTICES:",
        "tests/app/hub/test_why.py::test_the_footer_of_a_letter_leads_to_why_it_came",
    ),
    (
        "anybody-writes-back-for-anybody",
        "app/desk/inbox_reply_pages.py",
        "if got is None or got.person_id != owner:",
        "if got is None:",
        "tests/app/desk/test_inbox_reply.py::test_nobody_answers_the_messages_of_others",
    ),
    (
        "an-empty-reply-looks-like-goodbye",
        "app/desk/inbox_reply_pages.py",
        '"empty" if written.unheard else "left"',
        '"left"',
        "tests/app/desk/test_inbox_reply.py"
        "::test_what_holds_no_words_of_theirs_says_so_and_ends_nothing",
    ),
    (
        "names-and-words-of-gifts-outlive-their-person",
        "app/ops/erase.py",
        "    gift_store.erase(tx, person_id)\n",
        "",
        "tests/app/ops/test_erase.py::test_of_gifts_by_and_to_them_no_name_and_no_word_is_left",
    ),
    (
        "whoever-goes-off-duty-takes-on-more",
        "ml/staffing/chat.py",
        "            self.on_duty[chats] -= go\n",
        "",
        f"{STAFFING}/test_chat.py::test_whoever_goes_off_duty_finishes_and_takes_no_more",
    ),
    (
        "mail-of-yesterday-is-forgotten",
        "ml/staffing/backlog.py",
        "came = open_before + np.cumsum(",
        "came = np.cumsum(",
        f"{STAFFING}/test_backlog.py::test_what_lay_there_before_is_answered_first",
    ),
    (
        "whoever-brings-orders-may-try-notices",
        "app/ops/try_run.py",
        "notices=house.notices if Permission.NOTICES_WRITE in caller.scopes else None,",
        "notices=house.notices,",
        "tests/app/ops/test_try.py::test_a_notice_needs_the_scope_of_notices",
    ),
)
