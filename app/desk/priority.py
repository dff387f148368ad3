"""How soon somebody should be answered, 1 (first) to 4, and which signs say so. Pure."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from app.desk.intent import Why
from ml.answers.mood import Mood

FIRST, LAST = 1, 4

MONEY = re.compile(
    r"退款|退钱|退了?多少|扣了?(?:两|2|多)次|重复扣|多扣|扣款|赔|没退|钱"
    r"|\b(?:refund\w*|charged|chargeback|money|overcharged|paid twice|double charge\w*)\b",
    re.IGNORECASE,
)


class Signal(StrEnum):
    """Something that makes a case more urgent. Append only: stored with cases."""

    THREAT = "threat"  #: an authority, a court, the bank or a public word is named
    ANGRY = "angry"  #: by the words
    URGENT = "urgent"  #: wanted soon, pressed for, or asked again within hours
    SECOND_CONTACT = "second_contact"  #: the person had to ask before
    MONEY = "money"  #: about a refund or a charge
    LATE_PARCEL = "late_parcel"  #: promised for earlier than it comes
    DISPUTED = "disputed"  #: delivered by our books, not by the person's word


WEIGHT: Mapping[Signal, int] = {
    Signal.THREAT: 3,
    Signal.ANGRY: 2,
    Signal.DISPUTED: 2,
    Signal.URGENT: 2,
    Signal.SECOND_CONTACT: 1,
    Signal.MONEY: 1,
    Signal.LATE_PARCEL: 1,
}


def signals(
    text: str, reason: Why, *, felt: Mood, is_second: bool, is_late: bool
) -> tuple[Signal, ...]:
    """Return the signs of urgency in a question and around it, the heaviest first.

    `felt` is how the words sound, `is_second` says that the person asked before, `is_late` that a
    parcel of the order is late.
    """
    present = {
        Signal.THREAT: felt.threatens,
        Signal.ANGRY: felt.is_angry,
        Signal.DISPUTED: reason is Why.DISPUTED,
        Signal.URGENT: felt.is_urgent,
        Signal.SECOND_CONTACT: is_second,
        Signal.MONEY: MONEY.search(text) is not None,
        Signal.LATE_PARCEL: is_late,
    }
    return tuple(sign for sign in WEIGHT if present[sign])


def priority(signs: Collection[Signal]) -> int:
    """Return the priority that these signs make: none is 4, a weight of three or more is 1."""
    return max(FIRST, LAST - sum(WEIGHT[sign] for sign in signs))
