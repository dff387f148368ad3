"""A shop that is played: what is known of it holds, and each cause can be switched off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from ml.load.series import GROUPS, Floats
from ml.play.causes import Causes, Promotion, Send, Shortage
from ml.play.play import Played, play

DAYS, DAY = 40, 48
SALE = Promotion(kind="sale", day=30, audience_share=0.5, discount_share=0.2, uplift=3.0)
SHOP = Causes(
    promotions=(SALE,),
    sends=(Send(day=20, slot=20, messages=9_000),),
    shortages=(Shortage(day=10, days=2, wanted_share=0.2),),
)
SEED = 5


def of(causes: Causes, *, seed: int = SEED) -> Played:
    return play(causes, days=DAYS, rng=np.random.default_rng(seed))


def by_day(rate: Floats) -> Floats:
    return np.asarray(np.nansum(rate, axis=1).reshape(DAYS, DAY).sum(axis=1))


def test_the_same_dice_play_the_same_shop_and_others_another():
    first, again, other = of(SHOP), of(SHOP), of(SHOP, seed=6)

    assert first.series.contacts.tobytes() == again.series.contacts.tobytes()
    assert first.rate.tobytes() == again.rate.tobytes()
    assert first.series.contacts.tobytes() != other.series.contacts.tobytes()


def test_contacts_are_counts_around_the_rate_and_none_come_while_the_desk_is_closed():
    found = of(replace(SHOP, dispersion=0.0))
    contacts, is_open = found.series.contacts, ~np.isnan(found.rate)
    off = (contacts - found.rate)[is_open] / np.sqrt(found.rate[is_open])

    assert is_open.reshape(DAYS, DAY, -1)[:, 16:44].all()
    assert not is_open.reshape(DAYS, DAY, -1)[:, :16].any()
    assert np.array_equal(is_open, ~np.isnan(contacts))
    assert abs(off.mean()) < 4 / np.sqrt(len(off))
    assert off.std() == pytest.approx(1, abs=0.05)


def test_counts_that_vary_beyond_chance_do_so_by_their_dispersion():
    plain = of(replace(SHOP, dispersion=0.1))
    is_open = ~np.isnan(plain.rate)
    rate = plain.rate[is_open]
    off = (plain.series.contacts[is_open] - rate) / np.sqrt(rate + 0.1 * rate**2)

    assert off.std() == pytest.approx(1, abs=0.06)


def test_a_promotion_brings_exactly_its_uplift_and_more_orders_that_are_asked_about_later():
    with_it, without = of(SHOP), of(replace(SHOP, promotions=()))
    ratio = by_day(with_it.rate) / by_day(without.rate)

    assert np.all(ratio[: SALE.day] == 1)
    assert ratio[SALE.day] == pytest.approx(SALE.uplift)
    assert np.all(ratio[SALE.day + 2 : SALE.day + 5] > 1.1)
    assert np.unique(with_it.uplift).tolist() == [1, SALE.uplift]


def test_a_promotion_that_begins_at_noon_leaves_the_morning_as_it_was():
    late = of(replace(SHOP, promotions=(replace(SALE, from_slot=24),)))
    day = late.uplift.reshape(DAYS, DAY)[SALE.day]

    assert set(day[:24]) == {1.0}
    assert set(day[24:]) == {SALE.uplift}


def test_messages_bring_what_they_bring_each_and_half_as_much_after_the_half_life():
    more = of(SHOP).rate - of(replace(SHOP, sends=())).rate
    presale = np.nan_to_num(more[:, GROUPS.index("presale")])
    first = 20 * DAY + 20

    assert np.nan_to_num(more).sum() == pytest.approx(9_000 * 0.006, rel=0.02)
    assert presale[first + 4] == pytest.approx(presale[first] / 2)
    assert presale[:first].sum() == pytest.approx(0)


@pytest.mark.parametrize(
    ("cause", "group"),
    [
        ("where_late", "where"),
        ("delivery_late", "delivery"),
        ("return_open", "return"),
        ("presale_short", "presale"),
        ("payment_order", "payment"),
        ("other", "other"),
    ],
)
def test_a_cause_that_is_switched_off_takes_its_contacts_and_leaves_the_rest(
    cause: str, group: str
):
    off: dict[str, Any] = {cause: 0.0}
    less = of(SHOP).rate - of(replace(SHOP, **off)).rate
    gone = np.nansum(less, axis=0)
    at = GROUPS.index(group)

    assert gone[at] > 0
    assert np.delete(gone, at).tolist() == [0] * (len(GROUPS) - 1)


def test_carriers_in_trouble_make_parcels_late_and_late_parcels_make_people_write():
    calm, troubled = (
        of(replace(SHOP, late_share=share, trouble_late_share=share)) for share in (0.02, 0.3)
    )

    assert troubled.course.late.sum() > 10 * calm.course.late.sum()
    assert by_day(troubled.rate).sum() > 1.1 * by_day(calm.rate).sum()


def test_what_is_counted_is_known_when_it_is_over_and_what_is_planned_long_before():
    found = of(SHOP)
    start = np.datetime64(found.series.starts_at.replace(tzinfo=None), "s")
    begins = start + np.arange(DAYS * DAY) * np.timedelta64(1800, "s")

    for one in found.exposures:
        assert len(one.values) == len(one.known_at) == DAYS * DAY
        if one.name == "messages":
            assert np.all(one.known_at < begins - np.timedelta64(7, "D"))
        else:
            assert np.all(one.known_at >= begins + np.timedelta64(1800, "s"))


def test_days_begin_at_midnight_of_the_shop():
    assert of(SHOP).series.starts_at == datetime(2024, 1, 1, tzinfo=UTC) - timedelta(hours=8)
