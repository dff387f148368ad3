"""What was told about an order, what was not, and why, in words for its shopper. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.people.choices import ChannelName
from app.story.facts import Decided, Sent
from app.story.story import ToldNotice, Way
from app.story.wording import Writer
from app.words.say import say

SIGNS = {"send": "good", "wait": "wait", "digest": "wait", "skip": "bad"}
STATE_SIGNS = {"sent": "good", "queued": "wait", "sending": "wait", "unknown": "wait"}
ORDER = [*ChannelName]
# Where a rule took channels away, this names them among what it looked at.
TAKEN = {
    "suppression": "dead",
    "preference": "off",
    "mute": "off",
    "reachable": "missing",
    "routing": "still",
}


def told_notice(decided: Decided, writer: Writer) -> ToldNotice:
    """Put one verdict and its messages into words for the person it was about."""
    return ToldNotice(
        verdict_id=decided.id,
        notice=decided.notice,
        title=writer.known(f"notice.{decided.notice}", decided.notice),
        sign=SIGNS.get(decided.answer, "bad"),
        because=_because(decided, writer),
        left_out=list(_left_out(decided, writer)),
        at=decided.at,
        ways=[_way(one, writer) for one in sorted(decided.sent, key=_usual)],
    )


def _because(decided: Decided, writer: Writer) -> str:
    """Say why it was told; for what was held or not told, why that was."""
    if decided.answer == "send":
        return writer.known(f"story.why.{decided.notice}", "")
    reason = writer.known(f"story.because.{decided.because}", decided.because or "")
    if decided.answer in {"wait", "digest"} and decided.until:
        until = writer.by(decided.until)
        return say(writer.locale, "story.held", until=until, because=reason)
    return reason


def _left_out(decided: Decided, writer: Writer) -> Iterator[str]:
    """Say which channels a rule took away while others stayed."""
    for rule, outcome, inputs in decided.trace:
        if outcome != "narrow":
            continue
        channels = _taken(rule, inputs)
        if channels:
            names = _names(channels, writer)
            yield say(writer.locale, f"story.left_out.{rule}", channels=names)


def _taken(rule: str, inputs: Mapping[str, Any]) -> list[str]:
    if rule == "consent":
        return [channel for channel, agreed in inputs.items() if not agreed]
    if rule == "escalation":
        return [channel for channel, _ in inputs["later"]]
    return list(inputs.get(TAKEN.get(rule, ""), ()))


def _names(channels: list[str], writer: Writer) -> str:
    joint = "、" if writer.locale == "zh" else ", "
    return joint.join(writer.known(f"on.{name}", name) for name in sorted(channels, key=_place))


def _way(sent: Sent, writer: Writer) -> Way:
    return Way(
        message_id=sent.id,
        channel=sent.channel,
        state=writer.known(f"story.state.{sent.state}", sent.state),
        sign=STATE_SIGNS.get(sent.state, "bad"),
        at=sent.settled_at or (sent.due_at if sent.state == "queued" else None),
    )


def _usual(sent: Sent) -> int:
    return _place(sent.channel)


def _place(channel: str) -> int:
    return ORDER.index(ChannelName(channel)) if channel in ORDER else len(ORDER)
