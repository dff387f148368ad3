"""Which warehouses an order's units come from. Pure: how many each may still promise comes in.

A rule table above the core names the strategy; the core keeps to it, and to what is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

MOST_TRIED_TOGETHER = 8  # warehouses whose sets are all tried: 255 at most


class Strategy(StrEnum):
    """Where units are taken first."""

    PRIORITY = "priority"  #: in the order of preference
    FEWEST_SPLITS = "fewest_splits"  #: from as few warehouses as can be
    MOST_STOCK = "most_stock"  #: where most of what is wanted lies
    NEAREST = "nearest"  #: the same region, the same country, the rest


@dataclass(frozen=True, slots=True)
class Allocation:
    """How one order's units are to be found.

    `order` names warehouses that are preferred, the first the most; those it leaves out follow by
    their own priority. `version` is that of the rule table which said so, if one did.
    """

    strategy: Strategy = Strategy.PRIORITY
    order: tuple[str, ...] = ()
    may_split: bool = True  #: whether one order's units may come from several warehouses
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A warehouse that sells: where it stands, and its priority (the least is used first)."""

    code: str
    country: str
    region: str | None
    priority: int


class Where(NamedTuple):
    """Where an order goes to."""

    country: str
    region: str | None = None


class Take(NamedTuple):
    """So many units of one SKU out of one warehouse."""

    code: str
    warehouse: str
    units: int


#: Units that may be promised, by SKU code and warehouse.
Left = Mapping[str, Mapping[str, int]]
USUAL = Allocation()


def allocate(
    wanted: Mapping[str, int],
    left: Left,
    sites: Mapping[str, Site],
    *,
    how: Allocation = USUAL,
    to: Where | None = None,
) -> list[Take] | None:
    """Say where every unit comes from; None if they are not all to be had as `how` demands.

    With leave to split, all is found if and only if enough is there in sum; without, if and only
    if one warehouse has everything.
    """
    if len(sites) == 1:
        [only] = sites
        return _from_one(wanted, left, only)
    ranked: Sequence[str] = rank(wanted, left, sites, how=how, to=to)
    if not how.may_split:
        return next((found for at in ranked if (found := _from_one(wanted, left, at))), None)
    if how.strategy is Strategy.FEWEST_SPLITS:
        ranked = _fewest(wanted, left, ranked)
    return _walk(wanted, left, ranked)


def most_of(code: str, left: Left, *, may_split: bool) -> int:
    """Say how many units of a SKU one order could get: of all warehouses, or of the fullest."""
    units = [max(0, there) for there in left[code].values()]
    return sum(units) if may_split else max(units, default=0)


def rank(
    wanted: Mapping[str, int],
    left: Left,
    sites: Mapping[str, Site],
    *,
    how: Allocation,
    to: Where | None,
) -> list[str]:
    """Return the warehouses in the order in which they are asked; ties go by preference."""
    named = {code: place for place, code in enumerate(how.order)}

    def preference(site: Site) -> tuple[int, int, str]:
        return named.get(site.code, len(named)), site.priority, site.code

    def key(site: Site) -> tuple[int, tuple[int, int, str]]:
        match how.strategy:
            case Strategy.MOST_STOCK:
                return -sum(left[code].get(site.code, 0) for code in wanted), preference(site)
            case Strategy.NEAREST:
                return _distance(site, to), preference(site)
        return 0, preference(site)

    return [site.code for site in sorted(sites.values(), key=key)]


def _distance(site: Site, to: Where | None) -> int:
    if to is None or site.country != to.country:
        return 2
    here, there = (site.region or "").casefold(), (to.region or "").casefold()
    return 0 if here and here == there else 1


def _from_one(wanted: Mapping[str, int], left: Left, warehouse: str) -> list[Take] | None:
    for code, units in wanted.items():
        if left[code].get(warehouse, 0) < units:
            return None
    return [Take(code, warehouse, units) for code, units in wanted.items()]


def _walk(wanted: Mapping[str, int], left: Left, ranked: Iterable[str]) -> list[Take] | None:
    """Take what each warehouse has, in turn, until nothing is missing."""
    missing = dict(wanted)
    found = []
    for warehouse in ranked:
        for code, units in list(missing.items()):
            taken = min(units, left[code].get(warehouse, 0))
            if taken > 0:
                found.append(Take(code, warehouse, taken))
                missing[code] -= taken
        missing = {code: units for code, units in missing.items() if units}
        if not missing:
            return found
    return None


def _fewest(wanted: Mapping[str, int], left: Left, ranked: Sequence[str]) -> Sequence[str]:
    """Choose the smallest set of warehouses that has everything, the preferred one of its size.

    Exact where few warehouses hold any of it; among many, the one that has most of what is still
    missing is added until all is found.
    """
    holding = [at for at in ranked if any(left[code].get(at, 0) > 0 for code in wanted)]
    if len(holding) > MOST_TRIED_TOGETHER:
        return _greedily(wanted, left, holding)
    sets = (tried for size in range(1, len(holding) + 1) for tried in combinations(holding, size))
    return next((tried for tried in sets if _covers(wanted, left, tried)), holding)


def _covers(wanted: Mapping[str, int], left: Left, warehouses: Sequence[str]) -> bool:
    return all(
        sum(max(0, left[code].get(at, 0)) for at in warehouses) >= units
        for code, units in wanted.items()
    )


def _greedily(wanted: Mapping[str, int], left: Left, holding: Sequence[str]) -> Sequence[str]:
    missing, chosen, rest = dict(wanted), list[str](), list(holding)
    while rest and any(missing.values()):
        best = max(
            rest,  # the first of those that have as much
            key=lambda at: sum(min(n, max(0, left[c].get(at, 0))) for c, n in missing.items()),
        )
        rest.remove(best)
        chosen.append(best)
        missing = {c: max(0, n - max(0, left[c].get(best, 0))) for c, n in missing.items()}
    return chosen
