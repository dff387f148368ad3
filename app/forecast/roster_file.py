"""Reads a roster out of a file that a spreadsheet saved: rows of a day, a stretch and people. Pure.

Nothing is taken of a file of which any row is wrong. Rows that overlap sum, as shifts do.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from unicodedata import normalize
from zoneinfo import ZoneInfo

from app.forecast.roster_cells import Refused, covered, people_in
from app.intake.csv.inspecting import OTHER_FORMATS

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
MOST_SLOTS = 20_000  # more than a year
MOST_PEOPLE = 100_000
MOST_FAULTS = 100
SEPARATORS = ",;\t"
FIELDS = ("date", "from", "to", "people")
HINT = re.compile(r"sep=.\s*", re.IGNORECASE)  # what Excel writes and reads before the header
WORDS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "date": ("date", "day", "日期"),
        "from": ("from", "start", "begin", "开始", "开始时间", "上班", "上班时间"),
        "to": ("to", "end", "until", "结束", "结束时间", "下班", "下班时间"),
        "hours": ("hours", "time", "shift", "时段", "时间", "班次"),
        "people": ("people", "rostered", "人数", "排班人数", "在岗人数"),
    }
)
FIELD_OF = {word: name for name, words in WORDS.items() for word in words}


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One cell, or a whole file, that cannot be read; `code` names the fault and its mending."""

    line: int
    field: str  #: of FIELDS, 'hours', or 'file'
    code: str
    value: str = ""  #: as it stands there, shortened


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a file says: people by half hour (UTC), or what is wrong with it."""

    rows: int = 0
    people: Mapping[datetime, int] = field(default_factory=dict)
    faults: Sequence[Wrong] = ()  #: the first hundred
    unread: Sequence[str] = ()  #: columns that mean nothing here


def read_roster(content: bytes, zone: ZoneInfo) -> Read:
    """Read a file as the zone's clock means it.

    UTF-8 or GB18030; commas, semicolons or tabs; Chinese or English header words. With any fault
    no people are returned.
    """
    try:
        lines = _lines(_text(content))
        columns, unread = _columns(lines[0][1])
    except Refused as fault:
        return Read(faults=[_wrong(1, fault)])
    return _rows(lines[1:], columns, zone, unread=unread)


def _rows(
    lines: Sequence[tuple[int, Sequence[str]]],
    columns: Mapping[str, int],
    zone: ZoneInfo,
    *,
    unread: Sequence[str],
) -> Read:
    people: dict[datetime, int] = {}
    faults: list[Wrong] = []
    for line, cells in lines:
        row = {name: _cell(cells, place) for name, place in columns.items()}
        try:
            _take(people, row, zone)
        except Refused as fault:
            faults.append(_wrong(line, fault))
    if faults:
        return Read(rows=len(lines), faults=faults[:MOST_FAULTS], unread=unread)
    return Read(rows=len(lines), people=people, unread=unread)


def _take(people: dict[datetime, int], row: Mapping[str, str], zone: ZoneInfo) -> None:
    count = people_in(row["people"])
    for slot in covered(row, zone):
        people[slot] = people.get(slot, 0) + count
        if people[slot] > MOST_PEOPLE:
            raise Refused("people", "too_many_people", row["people"])
    if len(people) > MOST_SLOTS:
        raise Refused("file", "too_many_slots")


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Refused("file", "too_large")
    if content.startswith(tuple(OTHER_FORMATS)) or b"\x00" in content:
        raise Refused("file", "not_csv")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("file", "bad_encoding")


def _lines(text: str) -> Sequence[tuple[int, Sequence[str]]]:
    """Return the header and each row that has anything in it, with the line it begins at."""
    given = text.splitlines(keepends=True)
    skipped = 1 if given and HINT.fullmatch(given[0]) else 0
    header = next((line for line in given[skipped:] if line.strip()), "")
    separator = max(SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO("".join(given[skipped:]), newline=""), delimiter=separator)
    found: list[tuple[int, Sequence[str]]] = []
    line = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line, cells))
            line = skipped + reader.line_num + 1
    except csv.Error:
        raise Refused("file", "not_csv") from None
    if len(found) <= 1:
        raise Refused("file", "no_rows")
    if len(found) - 1 > MOST_ROWS:
        raise Refused("file", "too_many_rows")
    return found


def _columns(header: Sequence[str]) -> tuple[Mapping[str, int], Sequence[str]]:
    found: dict[str, int] = {}
    unread = []
    for place, cell in enumerate(header):
        name = FIELD_OF.get(normalize("NFKC", cell).strip().lower())
        if name is None:
            if cell.strip():
                unread.append(cell.strip()[:40])
            continue
        if name in found:
            raise Refused(name, "column_twice", cell)
        found[name] = place
    for name in ("people",) if "hours" in found else ("from", "to", "people"):
        if name not in found:
            raise Refused(name, "no_column")
    return found, unread


def _cell(cells: Sequence[str], place: int) -> str:
    return normalize("NFKC", cells[place]).strip() if place < len(cells) else ""


def _wrong(line: int, fault: Refused) -> Wrong:
    return Wrong(line=line, field=fault.field, code=fault.code, value=fault.value[:40])
