"""Shops of one world hold their promotions together, and each its own way."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ml.play.causes import Causes
from ml.play.world import YEAR, Truth, shops


def world(**truth: Any) -> Sequence[Causes]:
    return shops(Causes(), number=30, years=2, rng=np.random.default_rng(1), truth=Truth(**truth))


def test_a_kind_is_held_on_the_same_day_by_every_shop_that_holds_it():
    days: dict[tuple[str, bool], set[int]] = {}
    for shop in world():
        for one in shop.promotions:
            days.setdefault((one.kind, one.day >= YEAR), set()).add(one.day)

    assert len(days) == 12
    assert all(len(some) == 1 for some in days.values())
    assert len({shop.orders_a_day for shop in world()}) == 30


def test_where_nothing_differs_audience_and_discount_alone_make_the_uplift():
    same = world(kind=0.0, shop=0.0, kind_in_shop=0.0, day=0.0, chance=0.0)

    for one in same[0].promotions:
        depth = (one.audience_share / 0.5) ** 0.4 * (one.discount_share / 0.2) ** 0.6
        assert np.isclose(one.uplift, 1 + 1.2 * depth)


def test_not_every_shop_takes_part_in_every_kind():
    held = [len(shop.promotions) for shop in world()]

    assert min(held) < max(held) <= 12
    assert np.mean(held) > 9
