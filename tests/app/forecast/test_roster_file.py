"""Rosters as files: what each form means, what is refused and why, and that files come back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from app.forecast.roster import by_halves, changes, slots_on_clock, stretches
from app.forecast.roster_file import MOST_BYTES, read_roster
from ml.load.slots import SLOT, midnight
from tests.dice import dice

SHANGHAI, BERLIN, KATHMANDU = map(ZoneInfo, ("Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu"))
HEADER = "date,from,to,people\n"
NINE = datetime(2026, 11, 10, 1, tzinfo=UTC)  # 09:00 in Shanghai


def people(text: str, zone: ZoneInfo = SHANGHAI) -> Mapping[datetime, int]:
    read = read_roster(text.encode(), zone)
    assert read.faults == ()
    return read.people


def half_hours(since: datetime, count: int, number: int) -> Mapping[datetime, int]:
    return {since + step * SLOT: number for step in range(count)}


FORMS = {
    "plain": HEADER + "2026-11-10,09:00,17:30,6\n",
    "semicolons": "date;from;to;people\n2026-11-10;09:00;17:30;6",
    "tabs": "date\tfrom\tto\tpeople\r\n2026-11-10\t9:00\t17:30\t6\r\n",
    "Chinese": "日期,开始,结束,人数\n2026年11月10日,09:00,17:30,6\n",
    "full width": "日期,开始,结束,人数\n2026/11/10,０９：００,１７：３０,６\n",
    "one column": "date,hours,people\n2026-11-10,09:00-17:30,6\n",
    "one column in Chinese": "日期,时段,人数\n2026-11-10,09:00至17:30,6\n",
    "a long dash": "date,hours,people\n2026-11-10,09:00 – 17:30,6\n",
    "seconds": HEADER + "2026/11/10,9:00:00,17:30:00,6\n",
    "instants": HEADER + ",2026-11-10T01:00Z,2026-11-10T09:30Z,6\n",
    "offsets": "from,to,people\n2026-11-10T10:00+09:00,2026-11-10T10:30+01:00,6\n",
    "the clock with its day": "from,to,people\n2026-11-10 09:00,2026-11-10 17:30,6\n",
    "two shifts": HEADER + "2026-11-10,09:00,17:30,2\n2026-11-10,09:00,17:30,4\n",
    "in any order": "people,unknown,to,from,date\n6,x,17:30,09:00,2026-11-10\n",
    "blank rows": "\n" + HEADER + "\n,,,\n2026-11-10,09:00,17:30,6\n\n",
    "Excel's hint": "sep=;\ndate;from;to;people\n2026-11-10;09:00;17:30;6\n",
    "quoted": 'date,from,to,people\n"2026-11-10","09:00","17:30","6"\n',
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_each_form_says_the_same(text: str) -> None:
    assert people(text) == half_hours(NINE, 17, 6)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_each_encoding_says_the_same(encoding: str) -> None:
    read = read_roster(FORMS["Chinese"].encode(encoding), SHANGHAI)

    assert read.people == half_hours(NINE, 17, 6)


@pytest.mark.parametrize(
    ("row", "since", "count"),
    [
        ("2026-11-10,22:00,06:00", NINE.replace(hour=14), 16),
        ("2026-11-10,22:00,24:00", NINE.replace(hour=14), 4),
        ("2026-11-10,22:00,00:00", NINE.replace(hour=14), 4),
        ("2026-11-10,00:00,24:00", NINE - timedelta(hours=9), 48),
        ("2026-11-10,23:30,00:30", NINE.replace(hour=15, minute=30), 2),
    ],
)
def test_a_stretch_may_go_past_midnight(row: str, since: datetime, count: int) -> None:
    assert people(f"{HEADER}{row},3") == half_hours(since, count, 3)


def test_rows_that_overlap_sum_and_nought_takes_off() -> None:
    said = people(
        HEADER + "2026-11-10,09:00,10:00,2\n2026-11-10,09:30,10:30,3\n2026-11-10,11:00,11:30,0"
    )

    assert list(said.values()) == [2, 5, 3, 0]


SPRING, AUTUMN = "2026-03-29", "2026-10-25"  # clocks change in Berlin at 01:00 UTC


@pytest.mark.parametrize(
    ("row", "hours"),
    [
        (f"{SPRING},00:00,24:00", 23),
        (f"{SPRING},01:30,03:30", 1),
        (f"{SPRING},02:30,04:00", 1),
        (f"{SPRING},01:00,02:30", 1),
        (f"{AUTUMN},00:00,24:00", 25),
        (f"{AUTUMN},01:00,04:00", 4),
        (f"{AUTUMN},02:00,03:00", 2),
        (f"{AUTUMN},01:30,02:30", 1.5),
        ("2026-10-24,22:00,06:00", 9),
    ],
)
def test_the_hour_that_comes_twice_counts_twice_and_the_one_that_never_comes_not(
    row: str, hours: float
) -> None:
    assert len(people(f"{HEADER}{row},1", BERLIN)) == 2 * hours


def test_half_hours_of_a_zone_off_the_hour_begin_where_utcs_do() -> None:
    said = people(HEADER + "2026-11-10,09:15,10:15,1", KATHMANDU)

    assert list(said) == [datetime(2026, 11, 10, 3, 30, tzinfo=UTC) + n * SLOT for n in (0, 1)]


WRONG = [
    ("2026-11-10,09:00,17:30,", "people", "missing"),
    ("2026-11-10,09:00,17:30,-1", "people", "bad_people"),
    ("2026-11-10,09:00,17:30,2.5", "people", "bad_people"),
    ("2026-11-10,09:00,17:30,=1+1", "people", "bad_people"),
    ("2026-11-10,09:00,17:30,1000000", "people", "bad_people"),
    ("2026-11-10,09:00,17:30,100001", "people", "too_many_people"),
    (",09:00,17:30,1", "date", "missing"),
    ("10/11/2026,09:00,17:30,1", "date", "bad_date"),
    ("2026-02-30,09:00,17:30,1", "date", "bad_date"),
    ("0026-02-03,09:00,17:30,1", "date", "bad_year"),
    ("2026-11-10,,17:30,1", "from", "missing"),
    ("2026-11-10,09:00,,1", "to", "missing"),
    ("2026-11-10,nine,17:30,1", "from", "bad_time"),
    ("2026-11-10,24:00,17:30,1", "from", "bad_time"),
    ("2026-11-10,09:60,17:30,1", "from", "bad_time"),
    ("2026-11-10,09:00,24:30,1", "to", "bad_time"),
    ("2026-11-10,09:00+99:99,17:30,1", "from", "bad_time"),
    ("2026-11-10,09:10,17:30,1", "from", "not_half_hour"),
    ("2026-11-10,09:00,17:45,1", "to", "not_half_hour"),
    ("2026-11-10,09:00,09:00,1", "to", "ends_before_start"),
    ("2026-11-10,2026-11-10 09:00,2026-11-10 08:00,1", "to", "ends_before_start"),
    ("2026-11-10,09:00,2026-11-12 08:00,1", "to", "too_long"),
    ("2026-11-10,2026-11-10T01:00Z,17:30,1", "to", "zone_mixed"),
]


@pytest.mark.parametrize(("row", "field", "code"), WRONG)
def test_a_wrong_cell_is_named_and_nothing_of_the_file_is_taken(
    row: str, field: str, code: str
) -> None:
    read = read_roster(f"{HEADER}2026-11-09,09:00,10:00,1\n{row}\n".encode(), SHANGHAI)

    assert [(one.line, one.field, one.code) for one in read.faults] == [(3, field, code)]
    assert read.people == {}


def test_a_stretch_that_never_comes_is_refused() -> None:
    read = read_roster(f"{HEADER}{SPRING},02:00,03:00,1".encode(), BERLIN)

    assert [one.code for one in read.faults] == ["never_comes"]


@pytest.mark.parametrize(
    ("content", "field", "code"),
    [
        (b"", "file", "no_rows"),
        (HEADER.encode(), "file", "no_rows"),
        (b"date,from,to\n2026-11-10,09:00,10:00", "people", "no_column"),
        (b"date,people\n2026-11-10,1", "from", "no_column"),
        (b"date,from,to,people,people\n2026-11-10,09:00,10:00,1,2", "people", "column_twice"),
        (b"PK\x03\x04 a workbook", "file", "not_csv"),
        (HEADER.encode("utf-16"), "file", "not_csv"),
        (b"date,from,to,people\n\xff\xff,1,2,3", "file", "bad_encoding"),
        (b" " * (MOST_BYTES + 1), "file", "too_large"),
        (HEADER.encode() + b"2026-11-10,9:00,10:00,1\n" * 5001, "file", "too_many_rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, field: str, code: str) -> None:
    read = read_roster(content, SHANGHAI)

    assert [(one.field, one.code) for one in read.faults] == [(field, code)]


def test_a_file_of_over_a_year_is_refused() -> None:
    day = datetime(2026, 1, 1)  # noqa: DTZ001 - what a clock shows
    rows = [f"{day + timedelta(days=n):%Y-%m-%d},00:00,24:00,1\n" for n in range(420)]

    read = read_roster((HEADER + "".join(rows)).encode(), SHANGHAI)
    assert {one.code for one in read.faults} == {"too_many_slots"}


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    text = HEADER + '\n2026-11-10,09:00,10:00,"1"\n2026-11-10,09:00,10:00,"1\n2"\nx,09:00,10:00,1\n'

    assert [one.line for one in read_roster(text.encode(), SHANGHAI).faults] == [4, 6]


def test_an_exported_roster_is_read_as_it_was_in_any_zone() -> None:
    chance = dice(7)
    starts = [datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 9, 10)]
    odd = ("Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Europe/Berlin")
    for name in (*odd * 2, *sorted(available_timezones())[::9]):
        zone = ZoneInfo(name)
        since = midnight(starts[chance.randrange(4)], zone)
        roster = {since + step * SLOT: chance.randrange(3) for step in range(32 * 48)}
        rows = [",".join((*ends, str(count))) for ends, count in stretches(roster, zone)]

        assert people(HEADER + "\n".join(rows), zone) == roster, name


def test_a_calm_day_is_one_row() -> None:
    roster = half_hours(NINE, 17, 6)

    assert stretches(roster, SHANGHAI) == [(("2026-11-10", "09:00", "17:30"), 6)]
    all_day = half_hours(NINE - timedelta(hours=9), 96, 1)
    assert [ends for ends, _ in stretches(all_day, SHANGHAI)] == [
        ("2026-11-10", "00:00", "24:00"),
        ("2026-11-11", "00:00", "24:00"),
    ]


def test_only_what_differs_is_a_change() -> None:
    before = half_hours(NINE, 4, 2)
    told = {**half_hours(NINE + SLOT, 4, 3), NINE: 2}
    found = changes(before, told, SHANGHAI)

    assert [(one.since, one.until, one.was, one.becomes) for one in found] == [
        (NINE + SLOT, NINE + 4 * SLOT, 2, 3),
        (NINE + 4 * SLOT, NINE + 5 * SLOT, None, 3),
    ]


def test_an_hour_stands_for_both_of_its_halves() -> None:
    assert by_halves({NINE: 3}) == {NINE: 3, NINE + SLOT: 3}


def test_a_clock_of_nowhere_covers_nothing() -> None:
    two = datetime(2026, 3, 29, 2)  # noqa: DTZ001 - what a clock would show

    assert slots_on_clock(two, two + timedelta(hours=1), BERLIN) == []
