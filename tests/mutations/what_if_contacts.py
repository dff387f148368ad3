"""Faults to plant in what-ifs on the forecast, in the form of `planted.Fault`."""

from collections.abc import Sequence

M, A = "tests/ml/load/test_what_if.py", "tests/app/forecast/test_what_if.py"
P = "tests/app/forecast/test_what_if_pages.py"

OF_WHAT_IF: Sequence[tuple[str, str, str, str, str]] = (
    (
        "what-comes-outside-the-plan-is-counted-within",
        "ml/load/together.py",
        "if slot not in plan:",
        "if not plan:",
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
    (
        "rates-err-alike",
        "ml/load/together.py",
        "errs.setdefault((rate.cause, rate.about, rate.known), {})",
        'errs.setdefault((rate.cause, "", rate.known), {})',
        f"{M}::test_one_rate_errs_alike_in_two_campaigns_and_two_rates_err_apart",
    ),
    (
        "one-rate-errs-apart-in-two-campaigns",
        "ml/load/together.py",
        "off[slot] = off.get(slot, 0.0) + count * rate.sd",
        "off[slot] = count * rate.sd",
        f"{M}::test_one_rate_errs_alike_in_two_campaigns_and_two_rates_err_apart",
    ),
    (
        "chance-is-left-out-of-the-range",
        "ml/load/together.py",
        "math.sqrt(self.contacts + self.sd**2)",
        "self.sd",
        f"{M}::test_the_range_holds_four_of_five_of_what_rates_and_chance_bring",
    ),
    (
        "a-happening-outside-the-plan-is-passed-over-in-silence",
        "app/forecast/what_if_api.py",
        "if part.is_outside",
        "if part.is_outside and len(asked) == 1",
        f"{A}::test_a_refusal_names_which_happening_and_which_field",
    ),
    (
        "six-happenings-at-once",
        "app/forecast/what_if_bodies.py",
        "max_length=MOST_AT_ONCE, strict=False",
        "max_length=MOST_AT_ONCE + 1, strict=False",
        f"{A}::test_five_come_together_and_six_are_refused",
    ),
    (
        "a-refusal-names-the-kind-as-a-place",
        "app/http/faults.py",
        "part not in at and not (is_missing and is_last)",
        "part not in at and not parts",
        f"{A}::test_a_refusal_names_which_happening_and_which_field",
    ),
    (
        "a-form-grows-past-five",
        "app/forecast/what_if_form.py",
        "return len(self.rows) >= MOST_AT_ONCE",
        "return len(self.rows) > MOST_AT_ONCE",
        f"{P}::test_five_rows_are_the_most_of_a_form",
    ),
    (
        "enter-takes-a-row-away",
        "templates/pages/forecast/what_if.html",
        '<button class="unseen"',
        '<button name="remove" value="1" class="unseen"',
        f"{P}::test_enter_in_a_field_asks",
    ),
)
