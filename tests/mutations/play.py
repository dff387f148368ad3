"""Faults to plant in the played shop and in teams for a share, in the form of `planted.Fault`."""

from collections.abc import Sequence

P, T = "tests/ml/play/test_play.py", "tests/ml/staffing/test_kept.py"

PLAY: Sequence[tuple[str, str, str, str, str]] = (
    (
        "what-is-counted-is-known-before-it-is-over",
        "ml/play/play.py",
        "over = start + (slots + 1) * slot",
        "over = start + slots * slot",
        f"{P}::test_what_is_counted_is_known_when_it_is_over_and_what_is_planned_long_before",
    ),
    (
        "causes-share-their-dice",
        "ml/play/course.py",
        "rng.spawn(5)",
        "[rng] * 5",
        f"{P}::test_a_promotion_brings_exactly_its_uplift_and_more_orders_that_are_asked_about_later",
    ),
    (
        "a-wide-slot-pays-for-the-others",
        "ml/staffing/kept.py",
        "people_needed(likely, target)",
        "0",
        f"{T}::test_a_slot_that_may_bring_much_is_staffed_for_it_and_does_not_pay_for_the_others",
    ),
    (
        "a-slot-is-planned-to-be-missed",
        "ml/staffing/kept.py",
        "people_needed([rates[MIDDLE]], target)",
        "0",
        f"{T}::test_no_slot_is_planned_to_be_missed",
    ),
)
