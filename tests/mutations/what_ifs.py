"""Faults to plant in what-if questions and what is said of notices, as `planted` takes them."""

from collections.abc import Sequence

HUB, OPS = "app/hub", "app/ops"
T = "tests/app/hub/test_what_if.py"
W = "tests/app/ops/test_worth.py"
SAME = f"{T}::test_a_policy_that_did_not_change_replays_identically"

WHAT_IFS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-decision-forgets-what-was-heard",
        f"{HUB}/notify.py",
        "            seen = pack_pressure(recent, now=wish.decide_at, reach=reach(bounds))",
        "            seen = pack_pressure((), now=wish.decide_at, reach=reach(bounds))",
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
        SAME,
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
        "        ours.subtract(before - now)\n",
        "",
        f"{T}::test_what_left_the_row_from_elsewhere_is_gone_in_the_other_life_too",
    ),
    (
        "a-default-overrules-a-choice",
        f"{HUB}/what_if.py",
        "{**change.defaults, **person.preferences}",
        "{**person.preferences, **change.defaults}",
        f"{T}::test_a_default_holds_for_whoever_never_chose",
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
