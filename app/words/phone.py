"""How long an SMS is: what a phone's network counts, and pays for. Pure."""

from typing import NamedTuple

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TWICE = frozenset("\f^{}\\[~]|€")  # sent as two characters
ONE_GSM, EACH_GSM = 160, 153  # a lone segment, and each of several: the rest says which it is
ONE_UCS, EACH_UCS = 70, 67
LAST_OF_ONE_UNIT = 0xFFFF  # characters beyond it are a pair in UCS-2


class SmsLength(NamedTuple):
    """What an SMS takes.

    `units` are characters as the network counts them, of which a lone segment holds `lone`.
    """

    units: int
    segments: int
    lone: int


def sms_length(text: str) -> SmsLength:
    """Count an SMS: GSM-7 where every character has a place there, else UCS-2.

    A character that takes two units is never torn between two segments.
    """
    if set(text) <= GSM_7 | GSM_7_TWICE:
        rooms = [2 if mark in GSM_7_TWICE else 1 for mark in text]
        lone, each = ONE_GSM, EACH_GSM
    else:
        rooms = [2 if ord(mark) > LAST_OF_ONE_UNIT else 1 for mark in text]
        lone, each = ONE_UCS, EACH_UCS
    units = sum(rooms)
    if units <= lone:
        return SmsLength(units, 1, lone)
    segments, used = 1, 0
    for room in rooms:
        if used + room > each:
            segments, used = segments + 1, 0
        used += room
    return SmsLength(units, segments, lone)
