"""Addresses that misbehave by name, for whoever tests what becomes of a message. Pure.

They are known to channels without a provider alone, and to the mailbox of demo and test mode: where
a real provider sends, they are addresses like any other.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Part(StrEnum):
    """What an address plays."""

    BOUNCE = "bounce"  #: nobody lives there: failed for good, and never written to again
    REJECT = "reject"  #: this text is not wanted: failed for good; the next one may be taken
    SLOW = "slow"  #: too busy now: tried again with growing waits
    TIMEOUT = "timeout"  #: taken, and the answer is lost: its fate is unknown
    COMPLAIN = "complain"  #: taken, then called spam: never written to again


MAIL = re.compile(rf"({'|'.join(Part)})(\+[^@]*)?@.+", re.IGNORECASE)
TOKEN = re.compile(rf"test-({'|'.join(Part)})(-.*)?")
NUMBERS: Mapping[str, Part] = {
    "+8613900000550": Part.BOUNCE,
    "+8613900000554": Part.REJECT,
    "+8613900000451": Part.SLOW,
    "+8613900000408": Part.TIMEOUT,
    "+8613900000200": Part.COMPLAIN,
}


def part_of(channel: str, address: str) -> Part | None:
    """Return what an address plays; None for one that behaves."""
    if channel == "sms":
        return NUMBERS.get(address)
    found = (MAIL if channel == "email" else TOKEN).fullmatch(address)
    return Part(found[1].lower()) if found else None
