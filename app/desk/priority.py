"""How soon somebody should be answered, 1 (first) to 4, and which signs say so. Pure."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from app.desk.intent import Why

FIRST, LAST = 1, 4

ANGRY = re.compile(
    r"投诉|差评|举报|12315|骗|垃圾|太差|气死|愤怒|无语|受够|忍无可忍|曝光|律师|消协"
    r"|\b(?:complain\w*|scam\w*|fraud\w*|ridiculous|unacceptable|disgrace\w*|terrible|awful|worst"
    r"|angry|furious|fed up|lawyer|sue|rip[- ]?off|liar|lying|never again)\b|[!！]{2,}",
    re.IGNORECASE,
)
MONEY = re.compile(
    r"退款|退钱|退了?多少|扣了?(?:两|2|多)次|重复扣|多扣|扣款|赔|没退|钱"
    r"|\b(?:refund\w*|charged|chargeback|money|overcharged|paid twice|double charge\w*)\b",
    re.IGNORECASE,
)


class Signal(StrEnum):
    """Something that makes a case more urgent. Append only: stored with cases."""

    ANGRY = "angry"  #: by the words
    SECOND_CONTACT = "second_contact"  #: the person had to ask before
    MONEY = "money"  #: about a refund or a charge
    LATE_PARCEL = "late_parcel"  #: promised for earlier than it comes
    DISPUTED = "disputed"  #: delivered by our books, not by the person's word


WEIGHT: Mapping[Signal, int] = {
    Signal.ANGRY: 2,
    Signal.DISPUTED: 2,
    Signal.SECOND_CONTACT: 1,
    Signal.MONEY: 1,
    Signal.LATE_PARCEL: 1,
}


def signals(text: str, reason: Why, *, is_second: bool, is_late: bool) -> tuple[Signal, ...]:
    """Return the signs of urgency in a question and around it, the heaviest first.

    `is_second` says the person asked before, `is_late` that a parcel of the order is late.
    """
    present = {
        Signal.ANGRY: ANGRY.search(text) is not None,
        Signal.DISPUTED: reason is Why.DISPUTED,
        Signal.SECOND_CONTACT: is_second,
        Signal.MONEY: MONEY.search(text) is not None,
        Signal.LATE_PARCEL: is_late,
    }
    return tuple(sign for sign in WEIGHT if present[sign])


def priority(signs: Collection[Signal]) -> int:
    """Return the priority that these signs make: none is 4, a weight of three or more is 1."""
    return max(FIRST, LAST - sum(WEIGHT[sign] for sign in signs))
