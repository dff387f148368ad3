"""Which choice holds: what somebody said most narrowly, else what the shop says. Pure.

A choice may be said of one category on one channel, of a category on every channel, of a channel
for every category, or of everything: `ANY` stands for all of them. The narrower one holds, whenever
it was said. Muting one order is narrower still; the rule `mute` asks for it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from app.people.choices import BELLS, Category, ChannelName

ANY = "*"
STEPS = frozenset({ANY, Category.ORDERS, Category.DELIVERY})  #: what news of an order belongs to
Cell = tuple[str, str]  # (category, channel), either of them `ANY`
Choices = Mapping[Cell, bool]
Wishes = tuple[tuple[str, str, bool, bool], ...]  # the shop's: (category, channel, wanted, locked)


class Level(StrEnum):
    """Where a choice was found. Append only: stored verdicts name them; narrowest first."""

    CELL = "cell"  #: this category on this channel
    CATEGORY = "category"  #: this category, on every channel
    CHANNEL = "channel"  #: this channel, for every category
    EVERYTHING = "everything"
    LOCK = "lock"  #: the shop's, where the person said nothing; they cannot change it
    SHOP = "shop"  #: the shop's default
    SYSTEM = "system"  #: ours: what nobody said anything about is wanted


OWN = frozenset({Level.CELL, Level.CATEGORY, Level.CHANNEL, Level.EVERYTHING})


class ShopWish(NamedTuple):
    """What the shop says of one category on one channel where the person said nothing."""

    wanted: bool
    is_locked: bool


class Ruled(NamedTuple):
    """Whether a category is wanted on a channel, and the level that says so."""

    wanted: bool
    level: Level

    @property
    def is_own(self) -> bool:
        """Whether the person said so themselves."""
        return self.level in OWN


def ruled(said: Choices, shop: Mapping[Cell, ShopWish], category: str, channel: str) -> Ruled:
    """Say whether a category is wanted on a channel, and on which level that was found."""
    for cell, level in _narrowest_first(category, channel):
        if (wanted := said.get(cell)) is not None:
            return Ruled(wanted, level)
    if (wish := shop.get((category, channel))) is not None:
        return Ruled(wish.wanted, Level.LOCK if wish.is_locked else Level.SHOP)
    return Ruled(wanted=True, level=Level.SYSTEM)


def _narrowest_first(category: str, channel: str) -> tuple[tuple[Cell, Level], ...]:
    return (
        ((category, channel), Level.CELL),
        ((category, ANY), Level.CATEGORY),
        ((ANY, channel), Level.CHANNEL),
        ((ANY, ANY), Level.EVERYTHING),
    )


def said_of(said: Choices, category: str, channel: str) -> Cell | None:
    """Return the choice of the person's own that holds for a cell; None where the shop's does."""
    return next((cell for cell, _ in _narrowest_first(category, channel) if cell in said), None)


def wants(said: Choices, category: str, channel: str) -> bool:
    """Say whether the person asked for a category on a channel in so many words."""
    found = ruled(said, {}, category, channel)
    return found.wanted and found.is_own


def covered(cell: Cell, said: Choices) -> list[Cell]:
    """Return the narrower choices that a wide one lies over: saying it anew takes them back."""
    about, on = cell
    return [one for one in said if one != cell and about in {ANY, one[0]} and on in {ANY, one[1]}]


def refused_steps(said: Choices) -> frozenset[str]:
    """Return the bells on which a no among these is said of news of orders, wide or narrow."""
    refused = {on for (about, on), wanted in said.items() if about in STEPS and not wanted}
    return BELLS if ANY in refused else frozenset(refused & BELLS)


def more_among(said: Choices, shop: Wishes, reached: Iterable[str]) -> tuple[str, ...]:
    """Return the bells that somebody may be told more on: reached, and refused by nobody.

    Where the shop rings only for whoever asks, asking is enough; where it locked, it is not.
    """
    wishes = wishes_of(shop)

    def may(on: str) -> bool:
        found = [ruled(said, wishes, about, on) for about in (Category.ORDERS, Category.DELIVERY)]
        return all(one.wanted or one.level is Level.SHOP for one in found)

    return tuple(on for on in ChannelName if on in BELLS and on in set(reached) and may(on))


@lru_cache(maxsize=64)
def wishes_of(wishes: Wishes) -> Mapping[Cell, ShopWish]:
    """Return the shop's wishes by the cell they are of."""
    return {(about, on): ShopWish(wanted, locked) for about, on, wanted, locked in wishes}


def with_defaults(wishes: Wishes, defaults: Mapping[Cell, bool]) -> Wishes:
    """Return the wishes with other defaults; what the shop locked stays locked."""
    if not defaults:
        return wishes
    locked = {cell[:2] for cell in wishes if cell[3]}
    others = [cell for cell in wishes if cell[3] or cell[:2] not in defaults]
    others += [(*cell, wanted, False) for cell, wanted in defaults.items() if cell not in locked]
    return tuple(sorted(others))
