"""Faults to plant in hours and in deciding again, in the form of `planted.Fault`."""

from collections.abc import Sequence

QUIET, RELEASE, STORE = "app/hub/quiet_hours.py", "app/hub/release.py", "app/hub/release_store.py"
MESSAGES = "app/messages"
HOURS = "tests/app/hub/test_whose_hours.py"
AGAIN = "tests/app/hub/test_release.py"
BY_TABLE = f"{HOURS}::test_a_bell_rings_when_the_table_says"

OF_HOURS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "hours-forget-the-law",
        QUIET,
        "return notice.kind is Kind.MARKETING and ChannelName.SMS in channels",
        "return False",
        BY_TABLE,
    ),
    (
        "own-hours-do-not-win",
        QUIET,
        "    if person.quiet is None:\n        return (shop,)",
        "    if person.quiet is None or bounds:\n        return (shop,)",
        BY_TABLE,
    ),
    (
        "a-lock-locks-nothing",
        QUIET,
        "return (own, shop) if bounds.is_quiet_locked else (own,)",
        "return (own,)",
        BY_TABLE,
    ),
    (
        "a-night-starts-on-any-day",
        QUIET,
        "        if day.weekday() not in window.weekdays:\n            continue\n",
        "",
        BY_TABLE,
    ),
    (
        "the-spread-reaches-into-the-next-night",
        QUIET,
        "        most = min(most, following - edge)\n",
        "        pass\n",
        f"{HOURS}::test_the_spread_never_reaches_into_the_next_hours_of_anybody",
    ),
    (
        "the-spread-outlives-the-notice",
        QUIET,
        "most = min(question.bounds.spread, question.notice.ttl)",
        "most = question.bounds.spread",
        f"{HOURS}::test_the_spread_is_shorter_than_the_notice_is_worth_reading",
    ),
    (
        "everybody-has-one-place-in-line",
        QUIET,
        "person_id.bytes + edge.isoformat().encode()",
        "person_id.bytes",
        f"{HOURS}::test_nobody_is_last_every_morning",
    ),
    (
        "a-claim-takes-what-no-longer-stands",
        f"{MESSAGES}/store.py",
        "            message.c.stands_until > now,\n",
        "            message.c.stands_until.is_not(None),\n",
        f"{AGAIN}::test_what_waited_leaves_only_after_it_was_decided_again",
    ),
    (
        "what-expired-is-claimed-by-nobody",
        f"{MESSAGES}/store.py",
        '            message.c.state == "sending",\n            message.c.expires_at <= now,\n',
        '            message.c.state == "sending",\n',
        f"{AGAIN}::test_what_expired_is_called_expired_by_whoever_claims_it",
    ),
    (
        "a-second-bell-rings-at-night",
        f"{MESSAGES}/message.py",
        "if message.stands_until is not None and message.stands_until <= now:",
        "if message.stands_until is not None and message.stands_until <= now > now:",
        "tests/app/messages/test_message.py::test_a_second_bell_waits_to_be_decided_again_once_its_hours_are_over",
    ),
    (
        "two-decide-one-message-again",
        STORE,
        ".limit(at_most)\n        .with_for_update(skip_locked=True)\n",
        ".limit(at_most)\n",
        f"{AGAIN}::test_nobody_waits_for_a_message_that_another_worker_decides",
    ),
    (
        "what-waits-is-decided-too-soon",
        STORE,
        "            message.c.due_at <= now,\n",
        "",
        f"{AGAIN}::test_what_was_moved_to_later_is_left_alone",
    ),
    (
        "what-expired-is-decided-again",
        STORE,
        "            message.c.expires_at > now,\n",
        "",
        f"{AGAIN}::test_what_expired_is_called_expired_by_whoever_claims_it",
    ),
    (
        "what-is-stopped-is-let-go",
        STORE,
        "        asked.remove(Lane.MARKETING)\n",
        "        pass\n",
        f"{AGAIN}::test_while_marketing_is_stopped_it_is_left_alone",
    ),
    (
        "the-cap-is-asked-twice",
        RELEASE,
        'frozenset({"cap", "rhythm", "routing", "switch"})',
        'frozenset({"rhythm", "routing", "switch"})',
        f"{AGAIN}::test_the_place_under_the_cap_is_neither_asked_for_nor_counted_again",
    ),
    (
        "a-mute-in-the-night-is-not-seen",
        RELEASE,
        "about(facts.people[one.person_id], one.order_id, facts.wishes)",
        "facts.people[one.person_id]",
        f"{AGAIN}::test_whoever_muted_the_order_in_the_night_hears_nothing_in_the_morning",
    ),
    (
        "what-comes-too-late-waits-on",
        RELEASE,
        "case Wait(until) if until < one.expires_at:",
        "case Wait(until):",
        f"{AGAIN}::test_what_would_come_too_late_is_cancelled",
    ),
    (
        "an-old-address-is-rung",
        RELEASE,
        "address = question.person.address(one.channel) or one.address",
        "address = one.address",
        f"{AGAIN}::test_an_address_that_died_is_not_rung_and_a_new_one_is",
    ),
    (
        "what-is-sent-is-retracted",
        STORE,
        "message.c.order_id.in_(order_ids),\n            IS_QUEUED,\n",
        "message.c.order_id.in_(order_ids),\n",
        f"{AGAIN}::test_what_a_worker_holds_is_not_retracted",
    ),
    (
        "the-inbox-line-is-retracted",
        STORE,
        "message.c.channel.in_(BELLS),\n            message.c.verdict_id",
        "message.c.verdict_id",
        f"{AGAIN}::test_the_bells_of_an_order_that_moved_on_are_retracted_at_once",
    ),
    (
        "replay-is-held-against-today",
        "app/hub/notify.py",
        "    if wish.event_id is not None and wish.standing is None:\n        return None\n",
        "",
        f"{AGAIN}::test_what_replay_tells_stands_for_good",
    ),
)
