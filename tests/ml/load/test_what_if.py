"""What a happening adds to a plan: units, rates learnt or assumed, the range, people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bench.models_what_if import TARGET, TOGETHER, grades, rates_of, shop_of
from ml.load.happenings import (
    PRIORS,
    SPREAD,
    Campaign,
    Cause,
    DelayedParcels,
    Happening,
    Known,
    Outage,
    Rate,
    StockOut,
)
from ml.load.outlook import people
from ml.load.responses import learn
from ml.load.slots import SLOT
from ml.load.together import EIGHTY, added
from ml.load.what_if import with_it
from ml.play.play import play

ZONE = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 3, 1, 16, tzinfo=UTC)
TEN = MIDNIGHT + timedelta(hours=10)
# Contacts of a week's half hours, from 8 to 22 o'clock; those after noon bring twice as many.
PLAN = {
    slot: 4.0 if slot_no < 24 else 8.0
    for day in range(7)
    for slot_no in range(16, 44)
    for slot in [MIDNIGHT + timedelta(days=day) + slot_no * SLOT]
}
CAMPAIGN = Campaign(audience=10_000, starts_at=TEN, minutes=60)
DELAY = DelayedParcels(parcels=100, told_at=MIDNIGHT, days=2)


def rate_of(cause: Cause, about: str) -> Rate:
    return next(one for one in PRIORS if (one.cause, one.about) == (cause, about))


@pytest.mark.parametrize(
    ("one", "contacts"),
    [
        (CAMPAIGN, 10_000 * 0.006),
        (replace(CAMPAIGN, minutes=0), 60),
        (replace(CAMPAIGN, minutes=300), 60),
        (replace(CAMPAIGN, contacts_per_thousand=3.0), 30),
        (DELAY, 2 * 100 * (0.08 + 0.03)),
        (StockOut(orders_a_day=50, starts_at=MIDNIGHT, days=3), 3 * 50 * 0.2),
        (Outage(visitors=1_000, starts_at=TEN, ends_at=TEN + timedelta(hours=2)), 60 + 20),
    ],
)
def test_a_happening_adds_its_units_times_the_rate(one: Happening, contacts: float):
    found = added([one], PRIORS, PLAN, ZONE)

    assert found.contacts == pytest.approx(contacts)
    assert sum(found.by_slot.values()) == pytest.approx(contacts)
    assert sum(found.by_group.values()) == pytest.approx(contacts)
    assert found.unplanned == pytest.approx(0)
    assert found.low < found.contacts < found.high


def test_a_campaign_is_answered_from_its_first_half_hour_on_and_a_slower_one_has_a_lower_peak():
    fast = added([replace(CAMPAIGN, minutes=30)], PRIORS, PLAN, ZONE)
    slow = added([replace(CAMPAIGN, minutes=240)], PRIORS, PLAN, ZONE)

    assert min(fast.by_slot) == TEN
    assert fast.by_slot[TEN] == pytest.approx(60 * 0.45 / 2)
    assert max(slow.by_slot.values()) < max(fast.by_slot.values())


def test_a_delay_follows_the_planned_course_of_each_day_and_of_the_first_what_is_left():
    found = added([DELAY], PRIORS, PLAN, ZONE)
    at_noon = added([replace(DELAY, told_at=MIDNIGHT + timedelta(hours=12))], PRIORS, PLAN, ZONE)
    day = sum(n for slot, n in PLAN.items() if slot < MIDNIGHT + timedelta(days=1))
    morning = 8 * 4.0

    assert found.by_slot[TEN] == pytest.approx(100 * 0.11 * 4 / day)
    assert min(at_noon.by_slot) == MIDNIGHT + timedelta(hours=12)
    assert at_noon.contacts == pytest.approx(100 * 0.11 * (2 - morning / day))


def test_what_comes_where_nothing_is_planned_is_told_apart():
    late = replace(CAMPAIGN, starts_at=MIDNIGHT + timedelta(hours=21), minutes=0)
    found = added([late], PRIORS, PLAN, ZONE)

    assert found.contacts == pytest.approx(60 * 0.45)
    assert found.unplanned == pytest.approx(60 * 0.55)


def test_one_rate_errs_alike_in_two_campaigns_and_two_rates_err_apart():
    once, twice = (added([CAMPAIGN] * n, PRIORS, PLAN, ZONE) for n in (1, 2))
    delayed = added([DELAY], PRIORS, PLAN, ZONE)
    where, delivery = (rate_of(Cause.LATE_PARCEL, about) for about in ("where", "delivery"))

    assert twice.sd == pytest.approx(2 * once.sd)
    assert delayed.sd == pytest.approx(200 * np.hypot(where.sd, delivery.sd))


def test_the_whole_is_the_sum_of_its_parts_half_hour_by_half_hour():
    asked: list[Happening] = [
        CAMPAIGN,
        DELAY,
        replace(CAMPAIGN, starts_at=TEN + timedelta(hours=11)),
    ]
    found = added(asked, PRIORS, PLAN, ZONE)
    alone = [added([one], PRIORS, PLAN, ZONE) for one in asked]

    assert [replace(one, parts=()) for one in alone] == list(found.parts)
    assert found.contacts == pytest.approx(sum(one.contacts for one in found.parts))
    assert found.unplanned == pytest.approx(sum(one.unplanned for one in found.parts))
    for slot, contacts in found.by_slot.items():
        of_parts = sum(one.by_slot.get(slot, 0.0) for one in found.parts)
        assert contacts == pytest.approx(of_parts)


def test_the_range_of_the_whole_adds_variances_of_what_errs_apart_and_of_chance():
    found = added([CAMPAIGN, DELAY], PRIORS, PLAN, ZONE)
    campaign, delay = found.parts
    reach = EIGHTY * np.sqrt(found.contacts + campaign.sd**2 + delay.sd**2)

    assert found.sd == pytest.approx(np.hypot(campaign.sd, delay.sd))
    assert found.high == pytest.approx(found.contacts + reach)
    assert found.high < campaign.high + delay.high
    assert found.sd_by_slot[TEN] == pytest.approx(
        np.hypot(campaign.sd_by_slot[TEN], delay.sd_by_slot[TEN])
    )


def test_the_range_holds_four_of_five_of_what_rates_and_chance_bring():
    rng = np.random.default_rng(6)
    asked: list[Happening] = [CAMPAIGN, replace(CAMPAIGN, audience=4_000), DELAY]
    rates = [replace(one, sd=0.15 * one.mean) for one in PRIORS]
    found = added(asked, rates, PLAN, ZONE)
    draws = 20_000
    units = {Cause.MESSAGE: 14_000, Cause.LATE_PARCEL: 200}
    came = sum(
        rng.poisson(np.maximum(rng.normal(rate.mean, rate.sd, draws), 0) * units[rate.cause])
        for rate in found.rates
    )
    share = np.mean((came >= found.low) & (came <= found.high))

    assert share == pytest.approx(0.8, abs=0.02)


def test_each_rate_that_was_told_is_kept_and_two_that_were_told_err_alike():
    asked = [replace(CAMPAIGN, contacts_per_thousand=rate) for rate in (3.0, 9.0)]
    found = added([*asked, CAMPAIGN], PRIORS, PLAN, ZONE)

    assert [(one.mean, one.known) for one in found.rates] == [
        (0.003, Known.TOLD),
        (0.009, Known.TOLD),
        (0.006, Known.ASSUMED),
    ]
    assert [one.rates for one in found.parts] == [[one] for one in found.rates]
    assert found.sd == pytest.approx(np.hypot((30 + 90) * SPREAD, 60 * 0.5))


def test_what_nobody_will_write_about_is_not_outside_of_the_plan():
    silent = replace(CAMPAIGN, contacts_per_thousand=0.0)
    late = replace(CAMPAIGN, starts_at=MIDNIGHT - timedelta(days=2))
    found = added([silent, late], PRIORS, PLAN, ZONE)

    assert [one.is_outside for one in found.parts] == [False, True]
    assert found.contacts == 0


def test_a_rate_that_was_told_is_named_as_told_and_an_assumed_one_as_assumed():
    told = added([replace(CAMPAIGN, contacts_per_thousand=3.0)], PRIORS, PLAN, ZONE)

    assert [one.known for one in told.rates] == [Known.TOLD]
    assert {one.known for one in added([DELAY], PRIORS, PLAN, ZONE).rates} == {Known.ASSUMED}


def test_a_shop_without_a_past_keeps_the_assumptions_and_a_short_one_too():
    shop = shop_of(1)
    played = play(shop, days=50, rng=np.random.default_rng(1))
    nothing = np.zeros(len(played.series.contacts), dtype=bool)

    assert learn(played.series, [], {}, nothing) == list(PRIORS)
    assert learn(played.series, played.exposures, {}, nothing) == list(PRIORS)


def test_a_year_teaches_the_rates_that_made_it():
    shop = shop_of(2)
    rates = rates_of(shop, play(shop, days=400, rng=np.random.default_rng(2)))
    found = {(one.cause, one.about): one for one in rates if one.known is Known.LEARNT}
    truth = {
        (Cause.MESSAGE, "presale"): shop.presale_send,
        (Cause.LATE_PARCEL, "where"): shop.where_late,
        (Cause.LATE_PARCEL, "delivery"): shop.delivery_late,
        (Cause.SHORT_ORDER, "presale"): shop.presale_short,
    }

    assert set(found) == set(truth)
    for key, mean in truth.items():
        assert found[key].mean == pytest.approx(mean, rel=0.15)
        assert found[key].days > 300
        assert found[key].units > 100
    assert {one.known for one in rates if one.about == "payment"} == {Known.ASSUMED}


def test_nothing_of_a_promotions_day_and_nothing_of_an_unfinished_day_teaches():
    shop = shop_of(3)
    played = play(shop, days=200, rng=np.random.default_rng(3))
    rows = np.arange(len(played.series.contacts))
    is_sale = (rows // 48 == 150) | (rows // 48 == 90)
    contacts = played.series.contacts.copy()
    contacts[is_sale | (rows // 48 == 199)] = 1e6

    def taught(series_contacts: object) -> object:
        series = replace(played.series, contacts=np.asarray(series_contacts))
        return learn(series, played.exposures, {}, is_sale)

    assert taught(contacts) == taught(played.series.contacts)


@pytest.mark.parametrize("seed", range(6))
def test_what_a_played_shop_brings_lies_in_the_range_that_its_past_taught(seed: int):
    found = grades(seed, is_learnt=True)

    alone = [one for one in found if one.name != TOGETHER]
    assert len(alone) == 3
    assert all(one.is_within for one in alone), alone
    assert max(one.error for one in found) < 0.12
    assert sum(one.high - one.low for one in found) < sum(0.4 * one.truth for one in found)


def test_assumed_rates_err_more_and_say_so_by_their_range():
    learnt, assumed = (
        [one for seed in range(3) for one in grades(seed, is_learnt=known)]
        for known in (True, False)
    )

    assert sum(one.error for one in assumed) > 3 * sum(one.error for one in learnt)
    assert sum(one.high - one.low for one in assumed) > 2 * sum(
        one.high - one.low for one in learnt
    )


def test_people_are_those_of_the_plans_own_rule_and_nothing_added_changes_nothing():
    mean = np.linspace(5, 40, 28)
    quantiles = np.maximum(mean + np.outer((-2, -1.3, 0, 1.3, 2), np.sqrt(1.5 * mean)), 0)
    none = np.zeros(28)

    same = with_it(mean, quantiles, added=none, sd=none, person_share=0.8, target=TARGET)
    more = with_it(mean, quantiles, added=none + 10, sd=none, person_share=0.8, target=TARGET)
    unsure = with_it(mean, quantiles, added=none + 10, sd=none + 5, person_share=0.8, target=TARGET)

    assert same.people == people(mean, quantiles, 0.8, TARGET)
    assert np.array_equal(same.quantiles, quantiles)
    assert sum(same.people) < sum(more.people) < sum(unsure.people)
    assert np.all(unsure.quantiles[4] > more.quantiles[4])
    assert np.all(more.quantiles[2] == quantiles[2] + 10)
