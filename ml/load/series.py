"""Contacts by half hour and by what they are about, and what was known beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ml.load.slots import GROUPS, LEVELS, SLOT

__all__ = ["GROUPS", "LEVELS", "SLOT", "Exposure", "Floats", "Forecast", "Series"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Series:
    """Contacts as they came: row after row half an hour, column after column a group."""

    starts_at: datetime  #: the first slot, aware UTC, a whole half hour
    zone: ZoneInfo  #: the shop's
    groups: tuple[str, ...]
    contacts: Floats  #: slots × groups; NaN where nothing was recorded, as when the desk is closed
    country: str = ""  #: two letters; whose public holidays the shop's customers keep

    def slot_at(self, row: int) -> datetime:
        """Return the beginning of a row's slot; rows may lie past the end."""
        return self.starts_at + row * SLOT


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """What makes people write, counted by the slot: parcels late, messages sent, refunds open.

    `known_at` says from when on each value could be known: a forecast reads no value that was not
    known at its origin. What is planned (a campaign) is known before its slot, what is counted
    (orders) when its slot is over.
    """

    name: str
    values: Floats  #: of each slot from the series' start on, past its end where planned
    known_at: NDArray[np.datetime64]  #: UTC, seconds; as long as `values`


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What will come in the slots from `starts_at` on: slots × groups, contacts."""

    starts_at: datetime
    groups: tuple[str, ...]
    baseline: Floats  #: the mean of the last four same weekdays × the event's multiplier
    mean: Floats
    quantiles: Floats  #: levels × slots × groups, of `LEVELS`
    used: Mapping[str, str]  #: the contender that won its backtest, by group
