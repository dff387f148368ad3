"""Faults to plant in caps and in the places under them, in the form of `planted.Fault`."""

from collections.abc import Sequence

HUB = "app/hub"
SLOTS = "tests/app/hub/test_slots.py"
MOVED = "tests/app/hub/test_slots_moved.py"
ROWS = "tests/app/hub/test_cap_rows.py"
TRIGGER = "app/db/migrations/versions/0026_slots.sql"
ENDS = f"{SLOTS}::test_what_ends_unsent_gives_its_place_back"
KEEPS = f"{SLOTS}::test_what_rang_may_have_rung_or_may_yet_ring_keeps_its_place"
MAKING_WAY = "tests/app/hub/test_displacement.py"
MAKES_WAY = "tests/app/hub/test_displacement_cases.py::test_who_makes_way_for_whom"
TOGETHER = f"{MOVED}::test_bells_of_one_message_that_move_one_after_the_other_stay_one_bell"

OF_CAPS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-row-is-read-unlocked",
        f"{HUB}/store.py",
        "ORDER BY person_id FOR UPDATE\n",
        "ORDER BY person_id\n",
        "tests/app/hub/test_races.py::test_eight_who_write_to_one_person_never_pass_the_cap",
    ),
    (
        "rows-are-locked-in-any-order",
        f"{HUB}/store.py",
        "ANY(%(people)s::uuid[])\nORDER BY person_id FOR UPDATE\n",
        "ANY(%(people)s::uuid[])\nORDER BY person_id DESC FOR UPDATE\n",
        f"{SLOTS}::test_rows_that_are_there_already_are_locked_in_one_order",
    ),
    (
        "what-was-given-back-is-read-and-left",
        f"{HUB}/store.py",
        "DELETE FROM slot_returned WHERE person_id = ANY(%(people)s::uuid[]) RETURNING",
        "UPDATE slot_returned SET entry = 0 WHERE person_id = ANY(%(people)s::uuid[]) RETURNING",
        ENDS,
    ),
    (
        "a-bell-that-moves-waits-for-a-row",
        f"{HUB}/store.py",
        "ORDER BY person_id FOR UPDATE SKIP LOCKED\n",
        "ORDER BY person_id FOR UPDATE NOWAIT\n",
        f"{MOVED}::test_a_bell_moves_only_while_nobody_counts_its_person",
    ),
    (
        "what-may-have-rung-is-given-back",
        TRIGGER,
        "      AND NOT NEW.duplicate_risk",
        "",
        KEEPS,
    ),
    (
        "what-is-in-doubt-is-given-back",
        TRIGGER,
        "NEW.state IN ('failed', 'expired', 'cancelled')",
        "NEW.state IN ('failed', 'expired', 'cancelled', 'unknown')",
        KEEPS,
    ),
    (
        "what-expired-keeps-its-place",
        TRIGGER,
        "NEW.state IN ('failed', 'expired', 'cancelled')",
        "NEW.state IN ('failed', 'cancelled')",
        ENDS,
    ),
    (
        "what-is-given-back-is-all-of-a-message",
        f"{HUB}/pressure.py",
        "| number & 0xFF\n    left",
        "| 0xFF\n    left",
        f"{SLOTS}::test_a_refused_letter_gives_back_the_letter_and_not_the_bell",
    ),
    (
        "bells-of-one-morning-are-one",
        f"{HUB}/pressure.py",
        "                number += 1 << NTH\n",
        "                break\n",
        f"{SLOTS}::test_of_bells_that_wait_for_one_morning_just_the_one_that_ended_is_given_back",
    ),
    (
        "a-moved-bell-leaves-its-place-behind",
        f"{HUB}/release.py",
        "settled = take_along(tx, again, ask)",
        "settled = again",
        f"{MOVED}::test_a_bell_that_is_held_anew_takes_its_place_along",
    ),
    (
        "a-moved-bell-passes-the-cap",
        f"{HUB}/moved.py",
        "                return finding.channels, self._until\n",
        "                return wanted, self._until\n"
        "            case _ if finding:\n                return wanted, self._until\n",
        f"{MOVED}::test_a_bell_that_would_be_one_too_many_where_it_moves_to_does_not_ring",
    ),
    (
        "a-bell-that-moved-is-counted-by-its-own-message",
        f"{HUB}/moved.py",
        "self._rest | {one.entry >> 8 for one in beside if one.is_queued}",
        "self._rest",
        TOGETHER,
    ),
    (
        "what-was-given-back-is-not-weighed",
        f"{HUB}/store.py",
        "given_back(row.recent, row.returned) for row in rows",
        "given_back(row.recent, ()) for row in rows",
        f"{SLOTS}::test_who_is_weighed_has_the_room_that_was_given_back",
    ),
    (
        "news-displaces-what-a-worker-holds",
        f"{HUB}/displace_store.py",
        "ORDER BY id FOR UPDATE SKIP LOCKED",
        "ORDER BY id FOR UPDATE",
        f"{MAKING_WAY}::test_nobody_waits_for_an_offer_that_a_worker_is_about_to_take",
    ),
    (
        "news-displaces-what-is-being-sent",
        f"{HUB}/displace_store.py",
        " AND state = 'queued' AND lane",
        " AND lane",
        f"{MAKING_WAY}::test_what_a_worker_sends_at_this_moment_is_left_alone",
    ),
    (
        "news-displaces-news",
        f"{HUB}/displace_store.py",
        " AND lane = %(lane)s",
        " AND lane <= %(lane)s",
        f"{MAKING_WAY}::test_without_the_marketing_lane_nothing_is_taken",
    ),
    (
        "news-displaces-what-others-wait-for",
        f"{HUB}/displace_store.py",
        "WHERE person_id = ANY(%(people)s) AND state",
        "WHERE state",
        f"{MAKING_WAY}::test_offers_of_others_are_not_even_held",
    ),
    (
        "a-place-that-was-taken-is-given-back-too",
        f"{HUB}/displace_store.py",
        "settled_at = %(now)s, entry = NULL,",
        "settled_at = %(now)s,",
        f"{MAKING_WAY}::test_bells_that_wait_make_way_for_news_of_an_order",
    ),
    (
        "the-oldest-offer-makes-way",
        f"{HUB}/displace.py",
        "        reverse=True,\n",
        "",
        MAKES_WAY,
    ),
    (
        "all-channels-make-way",
        f"{HUB}/displace.py",
        "        if is_enough(others):\n            chosen = others\n    return chosen\n",
        "        if is_enough(others) and not others:\n"
        "            chosen = others\n    return chosen\n",
        MAKES_WAY,
    ),
    (
        "offers-displace-offers",
        f"{HUB}/displace.py",
        "if notice.kind in OFFER_KINDS or not _is_stopped(verdict):",
        "if not _is_stopped(verdict):",
        MAKES_WAY,
    ),
    (
        "rows-of-one-cap-count-apart",
        f"{HUB}/cap_rules.py",
        "        counts.setdefault(row.limit, set()).add(mark)\n",
        "        counts.setdefault(row.limit, set()).add(mark if row.over else 0)\n",
        "tests/app/hub/test_cap_cases.py::test_a_message_too_many_becomes_what_its_caps_say",
    ),
    (
        "the-loosest-row-holds",
        f"{HUB}/cap_rules.py",
        "min(said, row.over, key=STRICTEST_FIRST.index)",
        "max(said, row.over, key=STRICTEST_FIRST.index)",
        "tests/app/hub/test_cap_table.py::test_of_two_rows_for_one_sort_the_strictest_holds",
    ),
    (
        "a-digest-that-is-too-many-joins-itself",
        f"{HUB}/caps.py",
        "_bits(full, Over.DIGEST) and is_foldable(question.notice):",
        "_bits(full, Over.DIGEST):",
        f"{ROWS}::test_a_digest_that_is_one_too_many_itself_waits_for_room",
    ),
    (
        "late-news-of-a-full-cap-joins-the-next-hour",
        f"{HUB}/digest_collect.py",
        "return Rhythm.DAILY if is_capped else Rhythm.HOURLY",
        "return Rhythm.HOURLY",
        f"{ROWS}::test_what_comes_after_the_evening_joins_the_next_one",
    ),
)
