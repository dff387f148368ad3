"""Rows out of a CSV file, as a stream; what cannot be read is kept aside with line and reason."""

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.intake.csv.inspecting import FileRefused

MOST_LINE_BYTES = 64 * 1024
BOM = "\ufeff"
SHOWN_CHARACTERS = 500


@dataclass(frozen=True)
class Row:
    """One record: the line it begins on, where in the file, and its cells by column."""

    line: int
    offset: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Reject:
    """One record that could not be taken, and why; `text` is its beginning as it stands."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class _Line:
    number: int
    offset: int
    text: str | None  # None where it is longer than a line may be

    @property
    def leaves_quote_open(self) -> bool:
        """A doubled quote inside a quoted cell counts twice, so an odd count means open."""
        return self.text is not None and self.text.count('"') % 2 == 1


def header_of(path: Path) -> list[str]:
    """Read the names of the columns, in lower case.

    Raises:
        FileRefused: If the first line is none: too long, quoted wrongly, a column twice.
    """
    with path.open("rb") as file:
        first = next(_records(_lines(file)), None)
    if not isinstance(first, _Line) or first.text is None:
        raise FileRefused("line 1: expected the names of the columns")
    names = [name.strip().lower() for name in _cells(first.text.removeprefix(BOM)) or ()]
    for name in names:
        if names.count(name) > 1:
            raise FileRefused(f'column "{name}" appears twice')
    for mark, said in ((";", "';'"), ("\t", "tabs")):
        if len(names) == 1 and mark in names[0]:
            raise FileRefused(f"columns are separated by {said}: expected commas")
    return names


def rows(path: Path) -> Iterator[Row | Reject]:
    """Yield every record behind the header, in the order of the file.

    A record may span lines inside quotes, up to 64 kB. Where a quote is never closed, only the line
    it opens on is kept aside, and reading goes on with the next.
    """
    header = header_of(path)
    with path.open("rb") as file:
        records = _records(_lines(file))
        next(records)
        for record in records:
            yield record if isinstance(record, Reject) else _row(record, header)


def rows_at(file: BinaryIO, offsets: Sequence[int], header: Sequence[str]) -> Iterator[Row]:
    """Yield the records that begin at these places of an open file."""
    for offset in offsets:
        file.seek(offset)
        record = next(_records(_lines(file, offset=offset)), None)
        row = _row(record, header) if isinstance(record, _Line) else None
        if isinstance(row, Row):
            yield row


def _lines(file: BinaryIO, *, offset: int = 0) -> Iterator[_Line]:
    number = 0
    while raw := file.readline(MOST_LINE_BYTES + 1):
        number += 1
        size, is_too_long = len(raw), len(raw) > MOST_LINE_BYTES
        while is_too_long and not raw.endswith(b"\n") and (raw := file.readline(MOST_LINE_BYTES)):
            size += len(raw)
        yield _Line(number, offset, None if is_too_long else raw.decode("utf-8", "replace"))
        offset += size


def _records(lines: Iterator[_Line]) -> Iterator[_Line | Reject]:
    """Put lines together that one pair of quotes spans; blank lines between records are nothing."""
    waiting: deque[_Line] = deque()
    while line := (waiting.popleft() if waiting else next(lines, None)):
        if line.text is None:
            yield Reject(line.number, f"line {line.number} over 64 kB", "")
        elif not line.leaves_quote_open:
            if line.text.strip():
                yield line
        elif whole := _closed(line, waiting, lines):
            yield whole
        else:
            yield Reject(
                line.number,
                f"line {line.number}: a quote opens here and is never closed",
                line.text[:SHOWN_CHARACTERS],
            )


def _closed(opening: _Line, waiting: deque[_Line], lines: Iterator[_Line]) -> _Line | None:
    """Join lines until the quote closes; where it does not, put them back and return None."""
    taken: list[_Line] = []
    text = opening.text or ""
    while more := (waiting.popleft() if waiting else next(lines, None)):
        taken.append(more)
        text += more.text or ""
        if more.text is None or len(text) > MOST_LINE_BYTES:
            break
        if more.leaves_quote_open:
            return _Line(opening.number, opening.offset, text)
    waiting.extendleft(reversed(taken))
    return None


def _row(record: _Line, header: Sequence[str]) -> Row | Reject:
    text = record.text or ""
    cells = _cells(text)
    if cells is None:
        return _rejected(record, "quotes stand where none may stand")
    if len(cells) != len(header):
        return _rejected(record, f"{len(cells)} cells where the header has {len(header)} columns")
    named = zip(header, (cell.strip() for cell in cells), strict=True)
    return Row(record.number, record.offset, dict(named))


def _rejected(record: _Line, reason: str) -> Reject:
    shown = (record.text or "").rstrip("\r\n")[:SHOWN_CHARACTERS]
    return Reject(record.number, f"line {record.number}: {reason}", shown)


def _cells(text: str) -> list[str] | None:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None
