"""Faults to plant in the hour of each person, in the form of `planted.Fault`."""

from collections.abc import Sequence

FAN_OUT, T = "app/campaigns/fan_out.py", "tests/app/campaigns/test_best_time.py"
STORE, M = "app/campaigns/best_store.py", "tests/ml/timing/test_timing.py"
EACH = f"{T}::test_each_is_told_in_their_own_hour_once_and_who_has_none_in_the_hour_named"
GAIN = f"{T}::test_a_gain_is_measured_on_those_who_had_two_days_to_open_it"

TIMING: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-pass-decides-about-people-again",
        FAN_OUT,
        "campaign.id if is_rest or passes_again else None",
        "campaign.id if is_rest else None",
        EACH,
    ),
    (
        "a-person-is-told-before-their-hour",
        FAN_OUT,
        " if chosen[one.id].taken <= hour]",
        "]",
        EACH,
    ),
    (
        "a-worker-that-lost-its-slot-puts-it-off",
        "app/campaigns/slot_store.py",
        'values = {"due_at": due_at, "state": "open", "after_id": None}\n'
        "    tx.execute(update(campaign_slot).where(_is(held)).values(values))",
        'values = {"due_at": due_at, "state": "open", "after_id": None}\n'
        "    tx.execute(update(campaign_slot).values(values))",
        f"{T}::test_a_pass_taken_over_by_another_worker_is_not_put_off_by_the_first",
    ),
    (
        "an-opening-after-two-days-counts",
        STORE,
        "            inbox_item.c.read_at <= campaign_time.c.told_at + OPENED_WITHIN,\n",
        "            inbox_item.c.read_at.is_not(None),\n",
        GAIN,
    ),
    (
        "who-had-no-two-days-is-counted",
        STORE,
        "            campaign_time.c.told_at <= now - OPENED_WITHIN,\n",
        "",
        GAIN,
    ),
    (
        "an-hour-is-learnt-from-nine-opens",
        "ml/timing/hours.py",
        "if opens < FEWEST:",
        "if opens < FEWEST - 1:",
        f"{M}::test_of_whoever_opened_nine_times_nothing_can_be_told",
    ),
    (
        "a-choice-is-weighed-as-if-it-were-certain",
        "ml/chance/measured.py",
        " / one.propensity * ",
        " * ",
        f"{M}::test_a_gain_that_is_there_is_found_and_one_that_is_not_is_not_claimed",
    ),
    (
        "a-gain-is-claimed-of-few",
        "ml/chance/measured.py",
        "people < FEWEST or ",
        "",
        f"{M}::test_of_few_people_nothing_is_said",
    ),
    (
        "an-hour-outlives-its-person",
        "app/ops/erase.py",
        "    best_store.erase(tx, person_id)\n",
        "",
        "tests/app/ops/test_erase.py"
        "::test_what_was_worked_out_of_a_person_is_taken_away_and_erased_with_them",
    ),
    (
        "an-hour-the-law-forbids-is-chosen",
        "app/campaigns/best.py",
        "min(max(named.hour, FIRST), LAST)",
        "named.hour",
        f"{T}::test_the_hour_for_all_is_one_in_which_the_law_lets_advertise",
    ),
    (
        "whoever-hears-of-it-in-a-digest-is-not-reached",
        "app/campaigns/list_store.py",
        "    Because.FOLDED.value,\n",
        "",
        "tests/app/campaigns/test_pages.py"
        "::test_whoever_hears_of_it_in_a_digest_is_reached_when_that_goes_out",
    ),
    (
        "a-digest-brings-its-contacts-when-it-is-filled",
        "app/campaigns/reach.py",
        "return verdict.until or at",
        "return at if isinstance(verdict.answer, Digest) else verdict.until or at",
        "tests/app/campaigns/test_pages.py"
        "::test_whoever_hears_of_it_in_a_digest_is_reached_when_that_goes_out",
    ),
    (
        "an-hour-is-counted-on-the-databases-clock",
        STORE,
        "local) AS clock\nWHERE",
        "x) AS c, LATERAL (SELECT read_at AS local) AS clock\nWHERE",
        f"{T}::test_what_was_opened_is_counted_by_the_hour_of_the_week_on_ones_own_clock",
    ),
    (
        "who-opens-most-says-when-everybody-opens",
        STORE,
        "1.0 / count(*) OVER (PARTITION BY person_id)",
        "1.0",
        f"{T}::test_who_opens_a_hundred_times_weighs_no_more_for_all_than_who_opens_twice",
    ),
)
