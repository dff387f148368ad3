"""The expected days of an order as a calendar file (RFC 5545). Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MOST_OCTETS = 75  # of a line, its end not counted
MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One day to note; `uid` names it for good, so that a later file moves it and adds none."""

    uid: str
    day: date
    summary: str
    description: str
    url: str


def calendar(entries: Sequence[Entry], *, now: datetime, language: str) -> str:
    """Return a calendar that holds these days; a later file with the same names replaces them.

    Args:
        now: Business time of the writing; a file written later is the newer word.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Orderbell//Order page//EN"]
    lines += ["CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for entry in entries:
        lines += _event(entry, now, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(entry: Entry, now: datetime, language: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{int(now.timestamp()) // 60}"
    yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"  # the first day after it
    yield f"SUMMARY;LANGUAGE={language}:{_text(entry.summary)}"
    yield f"DESCRIPTION;LANGUAGE={language}:{_text(entry.description)}"
    yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"  # nobody is busy because a parcel comes
    yield "END:VEVENT"


def _text(value: str) -> str:
    """Write a TEXT value: its marks escaped, no control character in it."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    in_lines = escaped.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(mark for mark in in_lines if mark == "\t" or mark.isprintable())


def _folded(line: str) -> Iterator[str]:
    """Cut a line into pieces of 75 octets, never inside a character; further ones begin blank."""
    piece = ""
    for mark in line:
        if len((piece + mark).encode()) > MOST_OCTETS:
            yield piece
            piece = " "
        piece += mark
    yield piece
