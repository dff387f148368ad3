"""A roster that comes as a file: read, held against the one that is known, taken over whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.forecast import roster_store
from app.forecast.roster import Change, People, changes, stretches
from app.forecast.roster_file import FIELDS, Read, read_roster
from app.words.say import say
from ml.load.slots import SLOT
from orders_core.tx import Tx

HALVES = 2  # half hours of an hour


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a file would change; nothing is while any row of it is wrong."""

    read: Read
    changes: Sequence[Change]
    hours_before: float  #: that people are rostered in what the file names
    hours_after: float
    sheet: str  #: what was understood, to be taken over as it stands

    @property
    def changed(self) -> int:
        """How many half hours change."""
        return sum((one.until - one.since) // SLOT for one in self.changes)


def preview(tx: Tx, content: bytes, zone: ZoneInfo) -> Preview:
    """Read a file as the zone's clock means it, and say what it would change."""
    read = read_roster(content, zone)
    told = read.people
    before = roster_store.read(tx, since=min(told), until=max(told) + SLOT) if told else {}
    return Preview(
        read=read,
        changes=changes(before, told, zone),
        hours_before=sum(before.get(slot, 0) for slot in told) / HALVES,
        hours_after=sum(told.values()) / HALVES,
        sheet="\n".join(",".join(row) for row in (FIELDS, *rows(told, zone))),
    )


def rows(people: People, zone: ZoneInfo) -> Iterable[Sequence[str]]:
    """Write who is rostered as the rows of a file."""
    return [(*ends, str(count)) for ends, count in stretches(people, zone)]


def columns(locale: str) -> Sequence[str]:
    """Return the header of a file in a language; each is read again in both."""
    return [say(locale, f"roster.column.{name}") for name in FIELDS]
