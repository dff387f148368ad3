"""May it be sent? What the person agreed to, what they chose, and what the shop stopped."""

from app.hub.catalogue import Kind
from app.hub.question import Channels, Finding, Question, passed, skipped, without
from app.hub.verdict import Because
from app.people.choices import BELLS
from app.people.levels import ruled, wishes_of

UNMUTED = frozenset({Kind.SECURITY, Kind.SUPPORT})


def consent(question: Question, channels: Channels) -> Finding:
    """Drop channels on which the person never agreed to advertising, or took it back."""
    if question.notice.kind is not Kind.MARKETING:
        return passed(channels, {})
    consents = question.person.consents
    gone = [channel for channel in channels if not consents.get(channel)]
    inputs = {channel: consents.get(channel) for channel in channels}
    return without(channels, gone, inputs, Because.NO_CONSENT)


def preference(question: Question, channels: Channels) -> Finding:
    """Drop channels on which this category is not wanted; security cannot be refused.

    What the person said most narrowly holds; where they said nothing, what the shop says. Nothing
    is narrower than what they asked for of one order.
    """
    said, shop = question.person.preferences, question.bounds.preferences
    if not (said or shop) or question.notice.kind is Kind.SECURITY:
        return passed(channels, {})
    category = question.notice.category
    wishes = wishes_of(shop)
    refused = [
        (channel, found)
        for channel in channels
        if not (found := ruled(said, wishes, category, channel)).wanted
    ]
    more = question.more_on
    off = [(channel, found) for channel, found in refused if channel != more]
    if not off:
        return passed(channels, {"more": more} if refused else {})
    gone = [channel for channel, _ in off]
    inputs = {"category": category, "off": gone, "by": [found.level for _, found in off]}
    is_own = any(found.is_own for _, found in off)
    return without(channels, gone, inputs, Because.NOT_WANTED if is_own else Because.SHOP_SILENT)


def pause(question: Question, channels: Channels) -> Finding:
    """Drop every bell while the person paused them all; the inbox line stays.

    What they asked for themselves, an answer or a code, rings all the same.
    """
    until = question.person.paused_until
    if until is None or question.now >= until or question.notice.kind in UNMUTED:
        return passed(channels, {})
    gone = [channel for channel in channels if channel in BELLS]
    inputs = {"off": gone, "until": until.isoformat()} if gone else {}
    return without(channels, gone, inputs, Because.PAUSED)


def mute(question: Question, channels: Channels) -> Finding:
    """Drop the bells of news about an order that the person muted; the inbox line stays.

    What they asked for themselves, an answer or a code, rings all the same; so does what somebody
    else is told of a gift.
    """
    notice = question.notice
    if not question.person.mutes_order or notice.kind in UNMUTED or notice.for_receiver:
        return passed(channels, {})
    gone = [channel for channel in channels if channel in BELLS]
    return without(channels, gone, {"off": gone}, Because.ORDER_MUTED)


def fatigue(question: Question, channels: Channels) -> Finding:
    """Drop the bells of offers to whoever would likely refuse all after it; the line stays.

    What the shop's table says of their risk decides; of most people none is known.
    """
    tired = question.person.tired
    if tired is None or question.notice.kind is not Kind.MARKETING:
        return passed(channels, {})
    percent, why = tired
    inputs = {"percent": percent, "why": why}
    if percent not in question.bounds.tired:
        return passed(channels, inputs)
    gone = [channel for channel in channels if channel in BELLS]
    return without(channels, gone, {**inputs, "off": gone}, Because.TIRED)


def switch(question: Question, channels: Channels) -> Finding:
    """Refuse marketing while the shop has stopped all of it."""
    if question.notice.kind is Kind.MARKETING and question.bounds.is_marketing_stopped:
        return skipped({"stopped": True}, Because.MARKETING_STOPPED)
    return passed(channels, {})
