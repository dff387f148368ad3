"""Faults to plant in what-if questions and what is said of notices, as `planted` takes them."""

from collections.abc import Sequence

HUB, OPS = "app/hub", "app/ops"
T = "tests/app/hub/test_what_if.py"
W = "tests/app/ops/test_worth.py"
SAME = f"{T}::test_a_policy_that_did_not_change_replays_identically"
LONG_WAY = "tests/app/hub/test_what_if_shortcuts.py::test_the_long_way_says_the_same"

WHAT_IFS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-decision-forgets-what-was-heard",
        f"{HUB}/decide_each.py",
        "        seen = pack_pressure(recent, now=wish.decide_at, reach=reach(self._bounds))",
        "        seen = pack_pressure((), now=wish.decide_at, reach=reach(self._bounds))",
        SAME,
    ),
    (
        "a-decision-forgets-who-refused",
        f"{HUB}/facts.py",
        '("y", True), ("r", False)',
        '("y", True),',
        f"{T}::test_every_rule_looks_at_the_same_again",
    ),
    (
        "a-decision-forgets-a-choice",
        f"{HUB}/facts.py",
        "    if person.preferences:\n",
        "    if not person.preferences:\n",
        f"{T}::test_every_rule_looks_at_the_same_again",
    ),
    (
        "a-decision-forgets-where-the-order-stood",
        f"{HUB}/facts.py",
        "    if standing is not None:\n",
        "    if standing is None and person.dead:\n",
        SAME,
    ),
    (
        "the-past-is-replayed-in-any-order",
        f"{HUB}/what_if_store.py",
        "ORDER BY person_id, id LIMIT",
        "ORDER BY person_id, id DESC LIMIT",
        f"{T}::test_what_would_have_been_heard_feeds_the_later_decisions",
    ),
    (
        "the-parts-of-the-past-overlap",
        f"{HUB}/what_if_store.py",
        "%% %(parts)s = %(part)s)",
        "%% %(parts)s >= 0)",
        f"{T}::test_the_parts_of_a_stretch_share_the_people_and_lose_none",
    ),
    (
        "the-end-of-the-stretch-belongs-to-it",
        f"{HUB}/what_if_store.py",
        "AND decided_at < %(until)s\n  AND (",
        "AND decided_at <= %(until)s\n  AND (",
        f"{T}::test_only_the_stretch_is_replayed_and_a_limit_is_said",
    ),
    (
        "what-would-have-been-heard-is-forgotten",
        f"{HUB}/what_if.py",
        "        self._heard = add(recent, ",
        "        self._heard = add(seen, ",
        f"{T}::test_what_was_heard_only_in_this_life_counts_not_in_the_other",
    ),
    (
        "what-left-the-row-stays-in-the-other-life",
        f"{HUB}/what_if.py",
        "_without(ours, (before - now).elements())",
        "ours",
        f"{T}::test_what_left_the_row_from_elsewhere_is_gone_in_the_other_life_too",
    ),
    (
        "a-changed-default-changes-nothing",
        f"{HUB}/worlds.py",
        "with_defaults(ruled.preferences, change.defaults)",
        "ruled.preferences",
        f"{T}::test_a_default_holds_for_whoever_never_chose",
    ),
    (
        "what-a-row-forgot-stays-in-the-other-life",
        f"{HUB}/what_if.py",
        "return _without(ours, expected[:aged])",
        "return ours",
        LONG_WAY,
    ),
    (
        "what-was-heard-in-the-other-life-is-not-looked-at",
        f"{HUB}/what_if.py",
        "is_the_same = recent == seen or not reads_row(known, ruled)",
        "is_the_same = True",
        LONG_WAY,
    ),
    (
        "a-longer-night-touches-no-verdict",
        f"{HUB}/worlds.py",
        "is_shops = person.quiet is None or ruled.is_quiet_locked",
        "is_shops = person.quiet is not None",
        LONG_WAY,
    ),
    (
        "a-refusal-hides-what-marketing-would-be",
        f"{HUB}/worlds.py",
        "        if was.decided_by in SIFTERS:\n            return False\n",
        "        if was.decided_by in SIFTERS or not notice.is_urgent:\n            return False\n",
        LONG_WAY,
    ),
    (
        "one-verdict-is-remembered-for-every-policy-that-ruled",
        f"{HUB}/worlds.py",
        "key = (past.notice, past.facts, past.bounds, ",
        "key = (past.notice, past.facts, ",
        LONG_WAY,
    ),
    (
        "a-pause-is-remembered-beyond-its-end",
        f"{HUB}/worlds.py",
        "now < person.paused_until",
        "now is None",
        LONG_WAY,
    ),
    (
        "everybody-has-nobodys-moment-in-the-morning",
        f"{HUB}/what_if.py",
        "replace(known.person, person_id=who)",
        "replace(known.person)",
        SAME,
    ),
    (
        "a-campaign-answers-for-anybody",
        "app/campaigns/told_store.py",
        "            campaign_verdict.c.person_id == person_id,\n        )\n    ).one_or_none()",
        "        )\n        .limit(1)\n    ).one_or_none()",
        "tests/app/ops/test_why_of_people.py::test_an_offer_is_explained_to_whom_it_went_and_to_whom_it_did_not",
    ),
    (
        "whoever-left-the-segment-waits-for-a-turn",
        f"{OPS}/left_out.py",
        "    if not place.is_among:\n        return Why.NOT_AMONG\n",
        "",
        "tests/app/ops/test_why_of_people.py::test_where_nothing_was_decided_the_campaign_says_why",
    ),
    (
        "a-verdict-on-the-middle-of-the-interval",
        f"{OPS}/worth.py",
        "(self.seen.low > SEEN_OFTEN, ",
        "((self.seen.value or 0) > SEEN_OFTEN, ",
        f"{W}::test_a_verdict_is_spoken_where_the_whole_interval_lies_on_one_side",
    ),
    (
        "a-case-about-another-order-counts",
        f"{OPS}/worth_store.py",
        "              AND asked.order_id IS NOT DISTINCT FROM decided.order_id\n",
        "",
        f"{W}::test_a_case_about_the_same_order_within_two_days_counts_told_or_not",
    ),
    (
        "another-category-switched-off-counts",
        f"{OPS}/worth_store.py",
        "              AND choice.category = %(categories)s::jsonb ->> decided.notice\n",
        "",
        f"{W}::test_another_category_switched_off_or_this_one_switched_on_is_no_opt_out",
    ),
    (
        "what-was-seen-late-counts",
        f"{OPS}/worth_store.py",
        "WHERE line.seen_at <= over_at",
        "WHERE line.seen_at IS NOT NULL",
        f"{W}::test_seen_and_opened_within_two_days_count",
    ),
    (
        "history-counts-as-not-read-yet",
        f"{OPS}/untold.py",
        "    if event.ring is Ring.NEVER:\n        return Why.HISTORY\n",
        "",
        "tests/app/ops/test_untold.py::test_history_rings_nobody",
    ),
)
