"""Faults to plant in being told more, in answers, hints and foreign gifts, as `planted.Fault`."""

from collections.abc import Sequence

MORE = "tests/app/hub/test_told_more.py"
CASES = f"{MORE}::test_the_case_is_decided_as_the_table_says"
PAGE = "tests/app/story/test_more.py"
ONE = f"{MORE}::test_more_is_rung_for_this_order_and_this_person_alone"

REPLY_TO = "app/messages/reply_to.py"
SIGNED = "tests/app/messages/test_reply_to.py"
GIFTS = "tests/app/intake/test_gifts.py"
HINTS = "tests/app/inbox/test_hints.py"
BY_MAIL = "tests/app/desk/test_reply_by_mail.py"

SEAMS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "more-of-an-order-is-more-advertising",
        "app/hub/question.py",
        "is_step = notice.kind is Kind.ORDER and not notice.for_receiver",
        "is_step = not notice.for_receiver",
        CASES,
    ),
    (
        "the-receiver-of-a-gift-is-told-more",
        "app/hub/question.py",
        "is_step = notice.kind is Kind.ORDER and not notice.for_receiver",
        "is_step = notice.kind is Kind.ORDER",
        CASES,
    ),
    (
        "somebody-else-is-told-more",
        "app/people/order_wish.py",
        "wish.more_on if wish.person_id == person.person_id else None",
        "wish.more_on",
        ONE,
    ),
    (
        "more-of-one-order-opens-every-bell",
        "app/hub/permission.py",
        "if channel != more]\n    if not off:",
        "if not more]\n    if not off:",
        CASES,
    ),
    (
        "a-no-said-later-is-not-heard",
        "app/people/choice_store.py",
        "    mute_store.tell_no_more_on(tx, person_id, refused_steps(told))\n",
        "",
        f"{MORE}::test_a_no_said_later_takes_the_wish_for_more_back",
    ),
    (
        "one-no-is-a-no-to-all",
        "app/people/mute_store.py",
        "delete(told_more).where(asked, told_more.c.channel.in_(channels))",
        "delete(told_more).where(asked)",
        f"{MORE}::test_a_no_to_something_else_leaves_it",
    ),
    (
        "what-waits-rings-although-it-is-as-usual-again",
        "app/hub/heed.py",
        "SAID = (preference, pause, mute, bells, consent, suppression)",
        "SAID = (preference, pause, mute, consent, suppression)",
        f"{MORE}::test_what_waits_is_cancelled_once_it_rings_as_usual_again",
    ),
    (
        "a-muted-order-is-told-more",
        "app/people/mute_store.py",
        "    tell_as_usual(tx, order_id)\n    said = insert(muted_order)",
        "    said = insert(muted_order)",
        f"{MORE}::test_muting_and_being_told_more_take_each_others_place",
    ),
    (
        "more-is-told-where-the-page-offered-nothing",
        "app/story/own_pages.py",
        "        if on in more_for(tx, meet(tx, [person_id])[person_id]):\n",
        "        if on in ('email', 'push', 'sms'):\n",
        f"{PAGE}::test_no_more_is_told_where_its_person_said_no",
    ),
    (
        "more-is-told-at-a-dead-address",
        "app/story/more.py",
        "[channel for channel in alive.addresses if alive.address(channel)]",
        "[*alive.addresses]",
        f"{PAGE}::test_no_more_is_told_where_nobody_is_reached",
    ),
    (
        "a-lock-is-asked-past",
        "app/people/levels.py",
        "one.wanted or one.level is Level.SHOP for one in found",
        "one.wanted or not one.is_own for one in found",
        f"{PAGE}::test_what_the_shop_locked_off_cannot_be_asked_for",
    ),
    (
        "a-refused-bell-leaves-for-whoever-asked-elsewhere",
        "app/messages/barred_store.py",
        "        told_more.c.channel == message.c.channel,\n",
        "",
        "tests/app/messages/test_deliver.py"
        "::test_a_bell_asked_for_of_this_order_leaves_though_such_news_is_refused",
    ),
    (
        "advertising-leaves-as-a-step-of-an-order",
        "app/messages/barred_store.py",
        'and_(message.c.kind == "order", asked)',
        "and_(asked)",
        "tests/app/messages/test_deliver.py"
        "::test_a_bell_asked_for_of_this_order_leaves_though_such_news_is_refused",
    ),
    (
        "any-tag-is-ours",
        REPLY_TO,
        "return message_id if is_ours else None",
        "return message_id",
        f"{SIGNED}::test_the_tag_of_another_message_or_another_secret_is_none",
    ),
    (
        "the-beginning-of-a-tag-is-enough",
        REPLY_TO,
        "hmac.compare_digest(self._local(version, message_id), local)",
        "self._local(version, message_id).startswith(local)",
        f"{SIGNED}::test_the_tag_of_another_message_or_another_secret_is_none",
    ),
    (
        "a-tag-needs-no-secret",
        REPLY_TO,
        'hmac.digest(secret, use, "sha256") for',
        "use for",
        f"{SIGNED}::test_the_tag_of_another_message_or_another_secret_is_none",
    ),
    (
        "one-tag-for-every-message",
        REPLY_TO,
        "hmac.new(self._keys[version], said.encode(), sha256)",
        "hmac.new(self._keys[version], version.encode(), sha256)",
        f"{SIGNED}::test_every_single_character_counts",
    ),
    (
        "an-address-is-good-for-ever",
        REPLY_TO,
        "return -AHEAD_SECONDS <= age_seconds <= GOOD_SECONDS",
        "return age_seconds >= -AHEAD_SECONDS",
        f"{SIGNED}::test_it_is_good_for_a_year_and_no_longer",
    ),
    (
        "an-address-is-good-before-its-message",
        REPLY_TO,
        "return -AHEAD_SECONDS <= age_seconds <= GOOD_SECONDS",
        "return age_seconds <= GOOD_SECONDS",
        f"{SIGNED}::test_it_is_good_for_a_year_and_no_longer",
    ),
    (
        "a-text-message-says-where-it-is-answered",
        "app/messages/envelope.py",
        "if replies is None or message.channel != ChannelName.EMAIL:",
        "if replies is None:",
        f"{SIGNED}::test_a_letter_says_where_it_is_answered_and_nothing_else_does",
    ),
    (
        "a-signed-address-says-goodbye-for-the-sender",
        "app/desk/write_back.py",
        "if letter.sender and not letter.is_proven:",
        "if letter.sender:",
        f"{BY_MAIL}::test_goodbye_from_another_address_is_of_whoever_got_the_letter",
    ),
    (
        "what-a-letter-says-of-itself-goes-before-its-address",
        "app/desk/replies_api.py",
        "message = proven or _named(tx, body)",
        "message = _named(tx, body) or proven",
        f"{BY_MAIL}::test_whoever_writes_from_another_address_is_heard_and_the_agent_reads_that",
    ),
    (
        "a-look-is-told-to-every-page",
        "app/inbox/store.py",
        "return marked.rowcount if as_ is Mark.SEEN else _told(tx, person_id, marked.rowcount)",
        "return _told(tx, person_id, marked.rowcount)",
        f"{HINTS}::test_what_was_only_on_a_screen_is_told_to_nobody",
    ),
    (
        "what-is-read-is-told-to-no-other-page",
        "app/inbox/store.py",
        "    if changed:\n        hint(tx, person_id)\n",
        "",
        f"{HINTS}::test_what_is_done_on_one_page_is_hinted_at_to_the_others",
    ),
    (
        "what-changed-nothing-is-told",
        "app/inbox/store.py",
        "    if changed:\n        hint(tx, person_id)\n",
        "    hint(tx, person_id)\n",
        f"{HINTS}::test_what_touches_nothing_of_theirs_is_told_to_nobody",
    ),
    (
        "what-was-never-committed-is-told",
        "app/http/deps.py",
        "            hints.over(tx)\n    if people:\n",
        "            hints.over(tx)\n            _hint(house_of(request), people)\n    if False:\n",
        f"{HINTS}::test_a_request_that_fails_is_told_to_nobody",
    ),
    (
        "a-connection-goes-on-gathering",
        "app/db/hints.py",
        "    tx.info.pop(KEY, None)\n",
        "    del tx\n",
        f"{HINTS}::test_where_nobody_gathers_any_more_nothing_is_kept",
    ),
    (
        "a-gift-is-written-once-and-never-again",
        "orders_core/orders/mirror_store.py",
        "    _write_gifts(tx, writings)\n",
        "",
        f"{GIFTS}::test_the_newest_snapshot_says_whose_gift_it_is_and_whether_it_is_one",
    ),
    (
        "whoever-lost-the-order-leaves-its-gift-behind",
        "orders_core/orders/mirror_store.py",
        "[writing for name, writing in fresh.items() if name in added]",
        "list(fresh.values())",
        f"{GIFTS}::test_of_two_intakes_of_one_order_only_the_first_leaves_a_gift",
    ),
    (
        "a-gift-taken-back-is-still-given",
        "orders_core/orders/gift_store.py",
        "        tx.execute(delete(gift).where(gift.c.order_id.in_(over)))\n",
        "        pass\n",
        f"{GIFTS}::test_the_newest_snapshot_says_whose_gift_it_is_and_whether_it_is_one",
    ),
    (
        "a-foreign-gift-goes-to-oneself",
        "app/intake/snapshot.py",
        "receiver is not None and receiver.reference == self.customer.reference",
        "receiver is not None and not receiver.reference",
        f"{GIFTS}::test_what_cannot_be_a_gift_is_refused_and_says_where",
    ),
    (
        "the-words-of-a-gift-break-no-tie",
        "orders_core/orders/mirror.py",
        "return self.total_minor, self.currency, str(self.person_id), lines, given",
        "return self.total_minor, self.currency, str(self.person_id), lines",
        f"{GIFTS}::test_two_snapshots_of_one_version_leave_the_same_gift_in_either_order",
    ),
    (
        "the-houses-channels-ring-nobody",
        "app/wiring.py",
        "clock=clock, hint=hint)",
        "clock=clock)",
        "tests/app/messages/test_capture.py::test_a_house_rings_open_inboxes_over_valkey",
    ),
    (
        "an-event-in-binary-mode-has-another-name",
        "app/intake/envelope.py",
        "unquote(value)",
        "value",
        "tests/app/intake/test_api.py"
        "::test_what_a_header_cannot_hold_is_percent_encoded_and_the_same_event",
    ),
    (
        "a-carrier-may-name-any-year",
        "app/intake/carriers/reading.py",
        " if FIRST <= at < LAST else None",
        "",
        "tests/app/intake/carriers/test_easypost.py::test_a_time_that_no_parcel_can_have_is_none",
    ),
    (
        "a-long-number-is-cut",
        "app/campaigns/form.py",
        "if len(digits) > MOST_DIGITS or not 1 <= int(digits) <= most:",
        "if not 1 <= int(digits[:MOST_DIGITS]) <= most:",
        "tests/app/campaigns/test_pages.py"
        "::test_a_number_with_noughts_before_it_is_as_large_as_it_is",
    ),
    (
        "who-paused-their-bells-is-not-listed",
        "app/campaigns/view.py",
        "    Because.PAUSED.value,\n",
        "",
        "tests/app/campaigns/test_pages.py::test_whoever_paused_their_bells_is_counted_and_found",
    ),
)
