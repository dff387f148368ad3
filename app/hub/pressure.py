"""How much a person heard lately, packed into one short row: an entry is one bigint.

`nth << 48 | seconds since 1970 << 16 | kind << 12 | category << 8 | channels`, newest last, at most
64. The channels of one message are one mask, so a message to three devices is one entry. A message
whose bells wait has two: the inbox line now, the bells at the time they ring. `nth` tells apart
those of one second and one sort, as bells that wait for the same morning: a slot that is given back
is taken from no other. Kind and category are those of the time it was sent. Codes are stored: only
add to them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from app.hub.catalogue import Kind, Notice
from app.hub.verdict import Answer, Digest, Downgrade, Send, Wait
from app.people.choices import Category, ChannelName

MOST_ENTRIES = 64
SECONDS = 0xFFFFFFFF
NTH = 48  # bits to the right of it
IN_TIME = (1 << NTH) - 1  # numbers under this mask are in order of time
CATEGORY_CODES = {
    Category.ORDERS: 1,
    Category.DELIVERY: 2,
    Category.OFFERS: 3,
    Category.SUPPORT: 4,
}
KIND_CODES = {
    Kind.MARKETING: 0,  # rows of the time when nothing else counted say nothing of the kind
    Kind.SERVICE: 1,
    Kind.ORDER: 2,
    Kind.SUPPORT: 3,
    Kind.SECURITY: 4,
}
KINDS = {code: kind for kind, code in KIND_CODES.items()}
CATEGORIES = {code: category for category, code in CATEGORY_CODES.items()}
CHANNEL_BITS: Mapping[str, int] = {
    ChannelName.INAPP: 1,
    ChannelName.EMAIL: 2,
    ChannelName.PUSH: 4,
    ChannelName.SMS: 8,
}
INBOX = CHANNEL_BITS[ChannelName.INAPP]
BELL = 0xFF & ~INBOX  # whatever is not the inbox rings somewhere


class Entry(NamedTuple):
    """One message that was or will be heard: when (seconds since 1970), about what, and where.

    `about` is its kind and category, as `about_of` packs them; `nth` tells it from others of its
    second and sort.
    """

    seconds: int
    about: int
    channels: int
    nth: int = 0


def about(kind: Kind, category: Category) -> int:
    """Return the mark of a kind and category, 0 to 255."""
    return KIND_CODES[kind] << 4 | CATEGORY_CODES[category]


def about_of(notice: Notice) -> int:
    """Return the mark of a notice: its kind and category."""
    return about(notice.kind, notice.category)


def sort_of(mark: int) -> tuple[Kind, Category]:
    """Return the kind and category that a mark stands for."""
    return KINDS[mark >> 4], CATEGORIES[mark & 0xF]


def seconds_of(moment: datetime) -> int:
    """Return whole seconds since 1970, rounded down."""
    return int(moment.timestamp() // 1)


def moment_of(seconds: int) -> datetime:
    """Return the moment an entry stands for, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def mask(channels: Iterable[str]) -> int:
    """Return the bits of some channels."""
    bits = 0
    for channel in channels:
        bits |= CHANNEL_BITS[channel]
    return bits


def pack(entry: Entry) -> int:
    """Turn an entry into the number that is stored."""
    return entry.nth << NTH | entry.seconds << 16 | entry.about << 8 | entry.channels


def unpack(number: int) -> Entry:
    """Read what `pack` wrote."""
    return Entry(number >> 16 & SECONDS, number >> 8 & 0xFF, number & 0xFF, number >> NTH)


def heard(answer: Answer, notice: Notice, now: datetime) -> tuple[int, ...]:
    """Return the packed entries that an answer adds to a person's row."""
    code = about_of(notice)
    match answer:
        case Digest(at_once=()):
            return ()  # the digest itself will be heard
        case Send(channels) | Downgrade(channels) | Digest(_, channels):
            return (pack(Entry(seconds_of(now), code, mask(channels))),)
        case Wait(until, channels, at_once):
            held = pack(Entry(seconds_of(until), code, mask(channels)))
            if not at_once:
                return (held,)
            return (pack(Entry(seconds_of(now), code, mask(at_once))), held)
    return ()


def told_apart(more: Iterable[int], recent: Sequence[int]) -> tuple[int, ...]:
    """Return new entries, each under a number that none of its second and sort in a row bears."""
    apart: list[int] = []
    newest = (recent[-1] & IN_TIME) >> 8 if recent else 0
    for entry in more:
        number = entry
        if number >> 8 <= newest or apart:
            taken = {one >> 8 for one in (*recent, *apart)}
            while number >> 8 in taken:
                number += 1 << NTH
        apart.append(number)
    return tuple(apart)


def add(recent: Sequence[int], more: Iterable[int]) -> tuple[int, ...]:
    """Return the row with entries added, in order of time; it may be longer than a row can be."""
    return tuple(sorted((*recent, *told_apart(more, recent)), key=IN_TIME.__and__))


def given_back(recent: Iterable[int], returned: Iterable[int]) -> tuple[int, ...]:
    """Return a row without what was given back: just those channels of just those entries."""
    gone: dict[int, int] = {}
    for number in returned:
        gone[number >> 8] = gone.get(number >> 8, 0) | number & 0xFF
    left = (number & ~gone.get(number >> 8, 0) for number in recent)
    return tuple(number for number in left if number & 0xFF)
