"""Faults to plant in the forecast of contacts: above all, reading what was not known yet."""

from collections.abc import Sequence

LOAD, T = "ml/load", "tests/ml/load"
KNOWN = f"{T}/test_known.py"

OF_LOAD: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-forecast-reads-what-came-after-it",
        f"{LOAD}/grid.py",
        "np.searchsorted(day_of_row[: len(series.contacts)], origin_day)",
        "min(len(series.contacts), len(day_of_row))",
        f"{T}/test_known.py::test_nothing_of_the_origins_day_or_later_is_laid_out",
    ),
    (
        "an-example-reads-days-after-its-own",
        f"{LOAD}/days.py",
        "past = grid.divided[:origin]",
        "past = grid.divided[: origin + 1]",
        f"{KNOWN}::test_noise_in_what_came_later_changes_no_byte",
    ),
    (
        "an-exposure-is-read-before-it-is-known",
        f"{LOAD}/regressors.py",
        "(at >= 0) & (one.known_row[inside] <= now)",
        "at >= 0",
        f"{KNOWN}::test_an_exposure_that_became_known_later_changes_no_byte",
    ),
    (
        "an-exposure-counts-before-it-is-known",
        f"{LOAD}/regressors.py",
        "np.maximum(by_row, np.arange(rows) + 1)",
        "np.arange(rows) + 1",
        f"{KNOWN}::test_an_exposure_that_became_known_later_changes_no_byte",
    ),
    (
        "a-day-counts-before-all-of-it-is-known",
        f"{LOAD}/regressors.py",
        "(days >= 0) & (one.day_known_row[inside] <= now)",
        "days >= 0",
        f"{KNOWN}::test_an_exposure_that_became_known_later_changes_no_byte",
    ),
    (
        "a-second-week-ahead-reads-the-first",
        f"{LOAD}/weekly.py",
        "first_back=np.asarray(leads) // 7 + 1",
        "first_back=np.ones_like(leads)",
        f"{T}/test_weekly.py::test_a_second_week_ahead_reads_only_what_came_before_the_origin",
    ),
    (
        "an-interval-is-calibrated-on-its-own-week",
        f"{LOAD}/conformal.py",
        "[_until(one, fold.origin) for one in folds[: len(given)]]",
        "[_until(one, now) for one in folds]",
        f"{T}/test_conformal.py::test_a_fold_knows_nothing_of_itself_or_of_later_ones",
    ),
    (
        "a-contender-is-used-that-does-not-beat-the-baseline",
        f"{LOAD}/champion.py",
        "errors[best] < (1 - BETTER_BY) * baseline",
        "errors[best] >= 0",
        f"{T}/test_champion.py::test_a_contender_that_is_hardly_better_is_not_used",
    ),
    (
        "a-promotion-teaches-before-it-is-over",
        f"{LOAD}/uplift.py",
        "known_by is None or one.event.ends_at <= known_by",
        "True",
        f"{T}/test_events.py::test_a_promotion_that_ended_later_is_not_looked_at",
    ),
    (
        "a-promotion-without-anything-usual-teaches",
        f"{LOAD}/uplift.py",
        "if one.usual >= LEAST_USUAL and",
        "if one.usual >= 0 and",
        f"{T}/test_events.py::test_a_promotion_that_cannot_be_compared_teaches_nothing",
    ),
    (
        "a-busy-shop-looks-back-as-far-as-a-small-one",
        f"{LOAD}/intraday.py",
        "np.clip(half_life, HALF_LIFE_LEAST, HALF_LIFE_MOST)",
        "HALF_LIFE_MOST",
        f"{T}/test_intraday.py"
        "::test_where_many_contacts_come_the_last_half_hour_says_more_than_where_few_do",
    ),
)
