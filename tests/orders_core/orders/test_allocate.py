"""Which warehouses units come from."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders_core.orders.allocate import (
    Allocation,
    Site,
    Strategy,
    Take,
    Where,
    allocate,
    most_of,
)

MUG, TEA, LAMP = "MUG", "TEA", "LAMP"
HANGZHOU = Site("hangzhou", "CN", "Zhejiang", 100)
BEIJING = Site("beijing", "CN", "Beijing", 200)
ROTTERDAM = Site("rotterdam", "NL", "Zuid-Holland", 300)
SITES = {site.code: site for site in (HANGZHOU, BEIJING, ROTTERDAM)}
Left = dict[str, dict[str, int]]


def shares(*takes: tuple[str, str, int]) -> list[Take]:
    return [Take(*take) for take in takes]


@pytest.mark.parametrize(
    ("how", "found"),
    [
        (Allocation(), [("MUG", "hangzhou", 3), ("MUG", "beijing", 2)]),
        (Allocation(order=("rotterdam",)), [("MUG", "rotterdam", 5)]),
        (
            Allocation(order=("beijing", "rotterdam")),
            [("MUG", "beijing", 4), ("MUG", "rotterdam", 1)],
        ),
        (Allocation(may_split=False), [("MUG", "rotterdam", 5)]),
        (Allocation(Strategy.MOST_STOCK), [("MUG", "rotterdam", 5)]),
        (Allocation(Strategy.FEWEST_SPLITS), [("MUG", "rotterdam", 5)]),
    ],
)
def test_five_mugs_are_found_as_the_strategy_says(
    how: Allocation, found: list[tuple[str, str, int]]
) -> None:
    left = {MUG: {"hangzhou": 3, "beijing": 4, "rotterdam": 9}}

    assert allocate({MUG: 5}, left, SITES, how=how) == shares(*found)


@pytest.mark.parametrize(
    ("to", "warehouse"),
    [
        (Where("CN", "Beijing"), "beijing"),
        (Where("CN", "beijing"), "beijing"),
        (Where("CN", "Yunnan"), "hangzhou"),
        (Where("NL", None), "rotterdam"),
        (Where("US", "Zhejiang"), "hangzhou"),
        (None, "hangzhou"),
    ],
)
def test_the_nearest_is_of_the_same_region_then_country_then_any(
    to: Where | None, warehouse: str
) -> None:
    left = {MUG: {"hangzhou": 9, "beijing": 9, "rotterdam": 9}}

    found = allocate({MUG: 1}, left, SITES, how=Allocation(Strategy.NEAREST), to=to)

    assert found == shares((MUG, warehouse, 1))


def test_two_warehouses_of_no_region_are_not_of_the_same() -> None:
    sites = {
        "far": Site("far", "CN", None, 200),
        "near": Site("near", "CN", "Yunnan", 300),
    }
    left = {MUG: {"far": 1, "near": 1}}
    how = Allocation(Strategy.NEAREST)

    assert allocate({MUG: 1}, left, sites, how=how, to=Where("CN", None)) == shares((MUG, "far", 1))


def test_fewest_splits_takes_a_pair_that_has_all_over_a_chain_by_preference() -> None:
    left = {
        MUG: {"hangzhou": 1, "beijing": 4, "rotterdam": 0},
        TEA: {"hangzhou": 1, "beijing": 0, "rotterdam": 4},
    }
    wanted = {MUG: 4, TEA: 4}

    fewest = allocate(wanted, left, SITES, how=Allocation(Strategy.FEWEST_SPLITS))
    usual = allocate(wanted, left, SITES)

    assert fewest == shares((MUG, "beijing", 4), (TEA, "rotterdam", 4))
    assert usual is not None
    assert {take.warehouse for take in usual} == {"hangzhou", "beijing", "rotterdam"}


def test_among_many_warehouses_the_one_that_has_most_of_what_is_missing_is_added() -> None:
    sites = {f"w{number:02}": Site(f"w{number:02}", "CN", None, number) for number in range(30)}
    left = {MUG: dict.fromkeys(sites, 1) | {"w20": 5, "w25": 4}}

    found = allocate({MUG: 9}, left, sites, how=Allocation(Strategy.FEWEST_SPLITS))

    assert found == shares((MUG, "w20", 5), (MUG, "w25", 4))


def test_what_is_not_there_is_not_found() -> None:
    left = {MUG: {"hangzhou": 3, "beijing": 1}, TEA: {"hangzhou": 0}}

    assert allocate({MUG: 5}, left, SITES) is None
    assert allocate({MUG: 4, TEA: 1}, left, SITES) is None
    assert allocate({MUG: 4}, left, SITES, how=Allocation(may_split=False)) is None


def test_a_level_that_owes_units_lends_none_and_takes_none_of_anothers() -> None:
    left = {MUG: {"hangzhou": -5, "beijing": 3}}

    assert allocate({MUG: 3}, left, SITES) == shares((MUG, "beijing", 3))
    assert allocate({MUG: 3}, left, SITES, how=Allocation(Strategy.FEWEST_SPLITS)) == shares(
        (MUG, "beijing", 3)
    )
    assert most_of(MUG, left, may_split=True) == most_of(MUG, left, may_split=False) == 3


goods = st.sampled_from([MUG, TEA, LAMP])
wishes = st.dictionaries(goods, st.integers(1, 9), min_size=1)
units = st.integers(-3, 9)
stocks: st.SearchStrategy[Left] = st.fixed_dictionaries(
    {code: st.dictionaries(st.sampled_from(sorted(SITES)), units) for code in (MUG, TEA, LAMP)}
)
hows = st.builds(
    Allocation,
    st.sampled_from(Strategy),
    st.permutations(sorted(SITES)).map(lambda codes: tuple(codes[:2])),
    st.booleans(),
)
places = st.none() | st.builds(Where, st.sampled_from(["CN", "NL", "US"]), st.just("Zhejiang"))


@given(wishes, stocks, hows, places)
def test_what_is_found_is_what_is_wanted_and_never_more_than_is_there(
    wanted: dict[str, int], left: Left, how: Allocation, to: Where | None
) -> None:
    found = allocate(wanted, left, SITES, how=how, to=to) or []

    keys = [(take.code, take.warehouse) for take in found]
    assert len(set(keys)) == len(keys)
    assert all(0 < units <= left[code][warehouse] for code, warehouse, units in found)
    for code in {take.code for take in found}:
        assert sum(take.units for take in found if take.code == code) == wanted[code]


@given(wishes, stocks, hows, places)
def test_who_may_not_split_gets_all_from_one_warehouse(
    wanted: dict[str, int], left: Left, how: Allocation, to: Where | None
) -> None:
    whole = Allocation(how.strategy, how.order, may_split=False)

    found = allocate(wanted, left, SITES, how=whole, to=to) or []

    assert len({take.warehouse for take in found}) <= 1


@given(wishes, stocks, hows, places)
def test_an_order_is_found_if_and_only_if_it_can_be(
    wanted: dict[str, int], left: Left, how: Allocation, to: Where | None
) -> None:
    found = allocate(wanted, left, SITES, how=how, to=to)

    assert (found is not None) is can_be(wanted, left, may_split=how.may_split)


def can_be(wanted: dict[str, int], left: Left, *, may_split: bool) -> bool:
    if may_split:
        return all(most_of(code, left, may_split=True) >= n for code, n in wanted.items())
    return any(all(left[c].get(at, 0) >= n for c, n in wanted.items()) for at in SITES)


@given(wishes, stocks)
def test_the_fewest_splits_are_the_fewest(wanted: dict[str, int], left: Left) -> None:
    found = allocate(wanted, left, SITES, how=Allocation(Strategy.FEWEST_SPLITS))

    if found is not None:
        used = len({take.warehouse for take in found})
        fewer = combinations(SITES, used - 1)
        assert not any(
            all(sum(max(0, left[c].get(at, 0)) for at in tried) >= n for c, n in wanted.items())
            for tried in fewer
        )
