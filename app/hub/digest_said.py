"""What is said of the digests that news joined, on the pages and in the answers that say why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.hub.digest_items import KEPT, Became, Joined, Out
from app.hub.explain import names
from app.hub.verdict import Because
from app.words import show
from app.words.say import knows, say

DIGEST = "digest"
#: What a worker says of a message that it took and may not send, as an item would say it.
BARRED: Mapping[str, str] = {
    "the address is suppressed": Because.SUPPRESSED,
    "the address was removed": Because.NO_ADDRESS,
    "the person said no": Because.NOT_WANTED,
    "the person muted the order": Because.ORDER_MUTED,
    "the person paused all bells": Because.PAUSED,
    "the person has read it already": Out.READ,
    "the person was erased": Became.ERASED,
}


def digests_of(
    row: Any, joined: Sequence[Joined], *, erased_at: datetime | None, now: datetime
) -> list[Joined]:
    """Return the digests that a verdict's news joined, those that are on record no more among them.

    The verdict itself says which they were to be.

    Args:
        row: A verdict as it is stored.
        joined: What is on record of them.
        erased_at: When its person was erased, if they were; business time, like `now`.
    """
    kept = {one.channel for one in joined}
    lost = [
        Joined(channel, at, is_closed=True, fell_out=None, became=became)
        for channel, at in _planned(row)
        if channel not in kept and (became := _lost(at, erased_at, now))
    ]
    return sorted((*joined, *lost), key=lambda one: (one.closes_at, one.channel))


def _planned(row: Any) -> Iterator[tuple[str, datetime]]:
    if row.answer == DIGEST:
        for rule, _, inputs in row.trace:
            if rule == row.decided_by:
                for channel, at in inputs.get("slots", ()):
                    yield channel, datetime.fromisoformat(at)


def _lost(at: datetime, erased_at: datetime | None, now: datetime) -> Became | None:
    """Say why a digest is on record no more; None where it should be."""
    if erased_at is not None and at >= erased_at - KEPT:
        return Became.ERASED
    return Became.FORGOTTEN if at < now - KEPT else None


def in_digest(joined: Joined, *, locale: str, zone: str) -> str:
    """Say of a digest that news joined when it goes out and what became of it, and of the news."""
    told = {
        "channel": names([joined.channel], locale),
        "at": show.when(locale, joined.closes_at, zone=zone),
    }
    if joined.fell_out:
        return say(locale, "digest.left_out", why=_why(joined.fell_out, locale), **told)
    if joined.became is Became.STOPPED:
        return say(locale, "digest.stopped", why=_why(joined.because, locale), **told)
    became = joined.became or (Became.WENT if joined.is_closed else "goes")
    return say(locale, f"digest.{became}", **told)


def _why(code: str | None, locale: str) -> str:
    key = f"digest.out.{BARRED.get(code or '', code)}"
    return say(locale, key if knows(key) else "digest.out.other")
