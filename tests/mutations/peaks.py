"""Faults to plant in what explains a peak: chance taken for a cause, a share lost."""

from collections.abc import Sequence

FORECAST, T = "app/forecast", "tests/app/forecast/test_peaks.py"
TEXT = "tests/app/forecast/test_why.py"

OF_PEAKS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "few-contacts-make-a-peak",
        f"{FORECAST}/peaks.py",
        "if _surprise(one.behind) >= LEAST_SURPRISE",
        "if True",
        f"{T}::test_a_peak_stands_above_an_ordinary_day_by_more_than_chance",
    ),
    (
        "a-peak-goes-past-midnight",
        f"{FORECAST}/peaks.py",
        " and day_of(one.slot, zone) == day_of(before.slot, zone)",
        "",
        f"{T}::test_a_peak_ends_at_midnight",
    ),
    (
        "the-messages-count-twice",
        f"{FORECAST}/peaks.py",
        "    product = one.expected - one.added",
        "    product = one.expected",
        f"{T}::test_shares_sum_to_what_is_above_an_ordinary_day_whatever_comes",
    ),
    (
        "whatever-stands-out-is-explained",
        f"{FORECAST}/peaks.py",
        "        return named >= EXPLAINED * self.excess",
        "        return named >= 0",
        f"{T}::test_what_has_no_named_cause_is_not_explained",
    ),
    (
        "small-counts-stand-out",
        f"{FORECAST}/standing.py",
        "is_above and found.chance <= CHANCE",
        "is_above",
        f"{T}::test_what_happens_stands_out_only_if_chance_hardly_does_that",
    ),
    (
        "weeks-before-anything-was-known-count-as-none",
        f"{FORECAST}/standing.py",
        "    if weeks < 1:\n        return None\n",
        "    weeks = max(weeks, 1)\n",
        f"{T}::test_without_a_week_to_compare_with_nothing_stands_out",
    ),
    (
        "what-happened-since-counts-in-the-forecast",
        f"{FORECAST}/standing.py",
        "Counts.IN if self.until <= learnt_until else Counts.LATER",
        "Counts.IN",
        f"{T}::test_it_says_whether_the_forecast_counts_it",
    ),
    (
        "an-exposure-is-known-since-its-latest-event",
        f"{FORECAST}/exposures_store.py",
        "exposure_slot.name = said.name ORDER BY slot LIMIT 1",
        "exposure_slot.name = said.name ORDER BY slot DESC LIMIT 1",
        f"{TEXT}::test_an_exposure_is_known_since_its_first_event",
    ),
)
