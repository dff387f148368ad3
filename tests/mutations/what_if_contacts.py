"""Faults to plant in what-ifs on the forecast, in the form of `planted.Fault`."""

from collections.abc import Sequence

M, A = "tests/ml/load/test_what_if.py", "tests/app/forecast/test_what_if.py"

OF_WHAT_IF: Sequence[tuple[str, str, str, str, str]] = (
    (
        "what-comes-outside-the-plan-is-counted-within",
        "ml/load/happenings.py",
        "if slot in plan and n > 0",
        "if n > 0",
        f"{M}::test_what_comes_where_nothing_is_planned_is_told_apart",
    ),
    (
        "a-delay-is-asked-about-before-it-is-told",
        "ml/load/happenings.py",
        "whole > 0 and slot >= slot_of(since)",
        "whole > 0",
        f"{M}::test_a_delay_follows_the_planned_course_of_each_day_and_of_the_first_what_is_left",
    ),
    (
        "days-of-promotions-teach",
        "ml/load/responses.py",
        "weights=is_promotion, minlength=count) > 0",
        "weights=is_promotion, minlength=count) < 0",
        f"{M}::test_nothing_of_a_promotions_day_and_nothing_of_an_unfinished_day_teaches",
    ),
    (
        "a-day-that-is-not-over-teaches",
        "ml/load/responses.py",
        "left_out[-1:] = True",
        "left_out[-1:] |= False",
        f"{M}::test_nothing_of_a_promotions_day_and_nothing_of_an_unfinished_day_teaches",
    ),
    (
        "a-short-past-is-learnt-from",
        "ml/load/responses.py",
        "len(rows) < LEAST_DAYS or",
        "len(rows) < 2 or",
        f"{M}::test_a_shop_without_a_past_keeps_the_assumptions_and_a_short_one_too",
    ),
    (
        "past-half-hours-are-changed",
        "app/forecast/what_if.py",
        "for one in planned if one.slot + SLOT > now",
        "for one in planned",
        f"{A}::test_past_half_hours_of_today_take_nothing_any_more",
    ),
)
