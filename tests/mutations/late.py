"""Faults to plant in what is said of late parcels, in the form of `planted.Fault`."""

from collections.abc import Sequence

LOOK, T = "app/orders/late.py", "tests/app/orders/test_late.py"
STORE, RULE = "app/orders/late_store.py", "app/orders/late_rule.py"
JOURNEY, M = "ml/late/journey.py", "tests/ml/late/test_late.py"

LATE: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-delay-is-told-again",
        STORE,
        ", parcel_outlook.c.day_named_at.is_(None)",
        "",
        f"{T}::test_two_looks_at_once_give_the_day_once",
    ),
    (
        "a-likely-day-moves-while-its-news-waits",
        LOOK,
        " and named_at <= now - STANDS_FOR",
        "",
        f"{T}::test_a_likely_day_stands_while_its_news_may_wait",
    ),
    (
        "a-parcel-that-arrived-meanwhile-gets-a-day",
        LOOK,
        "parcel.status not in THERE | BACK and ",
        "",
        f"{T}::test_a_parcel_that_waits_at_a_station_meanwhile_gets_no_day",
    ),
    (
        "a-model-outdoes-a-carrier",
        LOOK,
        "WEIGHT[source] <= WEIGHT[ExpectedSource.MODEL]",
        "True",
        f"{T}::test_who_knows_better_is_not_even_considered",
    ),
    (
        "a-parcel-that-rings-nobody-rings",
        LOOK,
        " and way.ring is Ring.NOW",
        "",
        f"{T}::test_whose_parcel_rings_nobody_is_not_told_of_its_delay_either",
    ),
    (
        "a-delay-less-likely-than-not-is-told",
        RULE,
        "one.chance > MORE_LIKELY_THAN_NOT and ",
        "",
        f"{T}::test_less_likely_than_not_is_never_told",
    ),
    (
        "a-model-speaks-of-what-has-arrived",
        "orders_core/parcels/parcel.py",
        "        if source is ExpectedSource.MODEL and self.status in SETTLED:\n"
        "            return self\n",
        "",
        "tests/orders_core/parcels/test_expect.py"
        "::test_a_model_says_nothing_of_a_parcel_that_has_arrived",
    ),
    (
        "a-delay-of-a-parcel-that-came-is-told",
        "app/hub/standing.py",
        "dated.status not in SETTLED and ",
        "",
        f"{T}::test_what_waits_to_be_told_is_withdrawn_once_the_parcel_is_there",
    ),
    (
        "what-is-scanned-later-is-learnt-from",
        JOURNEY,
        "for at in (now, over_at",
        "for at in (over_at",
        f"{M}::test_what_happens_after_now_changes_nothing",
    ),
    (
        "a-parcel-that-turned-back-came",
        JOURNEY,
        "until == over_at)",
        "True)",
        f"{M}::test_a_parcel_that_turned_back_is_not_taken_for_one_that_came",
    ),
    (
        "a-carrier-with-little-history-is-spoken-of",
        "ml/late/outlook.py",
        " or rates.finished.get(journey.carrier, 0) < FEWEST",
        "",
        f"{M}::test_of_a_carrier_with_little_history_nothing_is_said",
    ),
)
