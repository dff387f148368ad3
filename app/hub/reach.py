"""Can it arrive? Addresses that are dead, and channels that have none."""

from app.hub.question import Channels, Finding, Question, passed, without
from app.hub.verdict import Because


def suppression(question: Question, channels: Channels) -> Finding:
    """Drop channels on which every address bounced, complained or was blocked."""
    person = question.person
    if not person.dead:
        return passed(channels, {})
    gone = [
        channel
        for channel in channels
        if person.addresses.get(channel) and person.address(channel) is None
    ]
    return without(channels, gone, {"dead": gone}, Because.SUPPRESSED)


def reachable(question: Question, channels: Channels) -> Finding:
    """Drop channels on which the person has no address at all."""
    addresses = question.person.addresses
    gone = [channel for channel in channels if not addresses.get(channel)]
    return without(channels, gone, {"missing": gone} if gone else {}, Because.NO_ADDRESS)
