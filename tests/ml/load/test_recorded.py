"""Which half hours brought nobody, and of which nothing is known."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ml.load.recorded import recorded
from ml.load.series import SLOT, Series

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)  # nine in Shanghai
DAY = timedelta(days=1)


def series(counts: dict[tuple[datetime, str], int], *, until: datetime = NINE + 3 * DAY) -> Series:
    found = recorded(counts, zone=SHANGHAI, until=until, country="")
    assert found is not None
    return found


def test_a_recorded_day_has_zeros_and_a_day_without_record_is_not_known():
    found = series({(NINE, "where"): 3, (NINE + 2 * DAY, "where"): 2}).contacts[:, 0]

    assert np.isnan(found[:18]).all()  # before the first record of all
    assert found[18] == 3
    assert (found[19:48] == 0).all()
    assert np.isnan(found[48:96]).all()
    assert (found[96:114] == 0).all()
    assert found[114] == 2


def test_the_first_column_is_the_whole_and_the_groups_sum_to_it():
    found = series({(NINE, "where"): 3, (NINE, "return"): 1, (NINE + SLOT, "return"): 5})

    assert found.groups == ("all", "where", "return")
    assert found.contacts[18].tolist() == [4, 3, 1]
    assert found.contacts[19].tolist() == [5, 0, 5]


def test_where_all_are_of_one_group_it_is_the_whole():
    assert series({(NINE, "other"): 3}).groups == ("all",)


def test_nothing_from_now_on_is_taken():
    now = NINE + SLOT + timedelta(minutes=29)
    counts = {(NINE, "where"): 3, (NINE + SLOT, "where"): 7, (NINE + DAY, "return"): 9}
    found = series(counts, until=now)

    assert found.groups == ("all",)
    assert len(found.contacts) == 19
    assert recorded({(NINE, "where"): 3}, zone=SHANGHAI, until=NINE, country="") is None
