"""Faults to plant in rosters as files: an hour of the clock counted wrongly, a row taken half."""

from collections.abc import Sequence

FORECAST, T = "app/forecast", "tests/app/forecast"
FILES = f"{T}/test_roster_file.py"
DOORS = f"{T}/test_roster.py"

OF_ROSTERS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "an-hour-that-comes-twice-counts-once",
        f"{FORECAST}/roster.py",
        "for fold in (0, 1)",
        "for fold in (0,)",
        f"{FILES}::test_the_hour_that_comes_twice_counts_twice_and_the_one_that_never_comes_not",
    ),
    (
        "an-hour-that-comes-twice-is-written-once-for-both",
        f"{FORECAST}/roster.py",
        "    if _comes_twice(since, zone):",
        "    if False:",
        f"{FILES}::test_an_exported_roster_is_read_as_it_was_in_any_zone",
    ),
    (
        "rows-that-overlap-do-not-sum",
        f"{FORECAST}/roster_file.py",
        "people.get(slot, 0) + count",
        "count",
        f"{FILES}::test_rows_that_overlap_sum_and_nought_takes_off",
    ),
    (
        "right-rows-are-taken-beside-a-wrong-one",
        f"{FORECAST}/roster_file.py",
        "faults=faults[:MOST_FAULTS], unread=unread)",
        "faults=faults, people=people, unread=unread)",
        f"{FILES}::test_a_wrong_cell_is_named_and_nothing_of_the_file_is_taken",
    ),
    (
        "a-stretch-does-not-go-past-midnight",
        f"{FORECAST}/roster_cells.py",
        "        last += A_DAY",
        "        last += 0 * A_DAY",
        f"{FILES}::test_a_stretch_may_go_past_midnight",
    ),
    (
        "a-half-hour-told-again-keeps-its-number",
        f"{FORECAST}/roster_store.py",
        "DO UPDATE SET people = EXCLUDED.people\nWHERE roster_slot.people <> EXCLUDED.people",
        "DO NOTHING",
        f"{DOORS}::test_a_lead_sees_what_a_file_changes_before_it_counts",
    ),
    (
        "the-same-number-counts-as-a-change",
        f"{FORECAST}/roster_store.py",
        "\nWHERE roster_slot.people <> EXCLUDED.people",
        "",
        f"{DOORS}::test_a_lead_sees_what_a_file_changes_before_it_counts",
    ),
    (
        "what-was-tampered-with-is-taken",
        f"{FORECAST}/roster_pages.py",
        "    if seen.read.faults:\n        return _page(request, tx, now, seen=seen, text=sheet)\n",
        "",
        f"{DOORS}::test_what_was_tampered_with_is_not_taken",
    ),
)
