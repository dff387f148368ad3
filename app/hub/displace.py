"""Urgent news takes the place of offers that still wait, where a full cap would stop it. Pure.

Offers are messages of the last lane; only those that no worker holds can make way. As few of them
go as are needed, the newest first; none goes where the news would be stopped all the same.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from app.hub.catalogue import LANES, Kind, Notice
from app.hub.pressure import INBOX, KIND_CODES, given_back
from app.hub.verdict import Digest, Downgrade, Send, Verdict, Wait
from orders_core.ids import PersonId

OFFER_KINDS = frozenset(kind for kind in Kind if LANES[kind] == max(LANES.values()))
OFFER_CODES = frozenset(KIND_CODES[kind] for kind in OFFER_KINDS)
CAP = "cap"  # as RULES name it

Ask = Callable[[Sequence[int]], Verdict]


class Queued(NamedTuple):
    """An offer that still waits on one channel, and its place on its person's row."""

    id: UUID
    person_id: PersonId
    entry: int


Group = tuple[Queued, ...]


def is_pressed(notice: Notice, verdict: Verdict, recent: Iterable[int]) -> bool:
    """Say whether a full cap stopped news that goes before offers, and offers share its cap."""
    if notice.kind in OFFER_KINDS or not _is_stopped(verdict):
        return False
    return any(number >> 12 & 0xF in OFFER_CODES for number in recent)


def _is_stopped(verdict: Verdict) -> bool:
    return any(step.rule == CAP and "full" in step.inputs for step in verdict.trace)


def to_displace(queued: Iterable[Queued], recent: Sequence[int], ask: Ask) -> Sequence[Queued]:
    """Return the offers that make way for some news, none if that would not help it.

    Args:
        queued: The person's offers that can make way.
        recent: The person's row as it stands.
        ask: What would be decided of the news with a row.
    """

    def let_through(gone: Iterable[Queued]) -> frozenset[str]:
        return uncapped(ask(given_back(recent, [one.entry for one in gone])))

    offers = _groups(queued)
    most = let_through(one for offer in offers for one in offer)
    if not let_through(()) < most:
        return ()
    alone = (offer for offer in offers if let_through(offer) == most)
    chosen = next(alone, None) or _first_enough(offers, lambda gone: let_through(gone) == most)
    return _needed(chosen, lambda gone: let_through(gone) == most)


def _groups(queued: Iterable[Queued]) -> list[Group]:
    """Return the bells of each message together and its line by itself, the newest first."""
    groups: dict[tuple[int, bool], list[Queued]] = {}
    for one in queued:
        groups.setdefault((one.entry >> 8, bool(one.entry & INBOX)), []).append(one)
    return sorted(
        (tuple(group) for group in groups.values()),
        key=lambda group: max(one.id for one in group),
        reverse=True,
    )


def _first_enough(offers: Sequence[Group], is_enough: Callable[[Group], bool]) -> Group:
    """Return the newest that are enough together, without those among them that do not help."""
    chosen: list[Group] = []
    for offer in offers:
        chosen.append(offer)
        if is_enough(_flat(chosen)):
            break
    for offer in chosen[::-1]:
        others = [one for one in chosen if one is not offer]
        if is_enough(_flat(others)):
            chosen = others
    return _flat(chosen)


def _needed(chosen: Group, is_enough: Callable[[Group], bool]) -> Group:
    """Spare the channels of chosen offers that need not go."""
    for one in chosen[::-1]:
        others = tuple(other for other in chosen if other is not one)
        if is_enough(others):
            chosen = others
    return chosen


def _flat(groups: Iterable[Group]) -> Group:
    return tuple(one for group in groups for one in group)


def uncapped(verdict: Verdict) -> frozenset[str]:
    """Return the channels of a verdict that no cap stopped, held or folded."""
    is_capped = verdict.decided_by == CAP
    match verdict.answer:
        case Send(channels) | Downgrade(channels):
            return frozenset(channels)
        case Wait(_, channels, at_once):
            return frozenset(at_once if is_capped else (*at_once, *channels))
        case Digest(slots, at_once):
            folded = () if is_capped else tuple(slot.channel for slot in slots)
            return frozenset((*at_once, *folded))
    return frozenset()
