"""A bell that is held anew takes its place under the caps along to the time it rings then.

Its old place is free from that moment. Where the caps have no room at the new time, it becomes what
they say of one too many.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.hub import release_store as store
from app.hub.caps import cap
from app.hub.catalogue import Notice
from app.hub.pressure import (
    CHANNEL_BITS,
    SECONDS,
    Entry,
    add,
    given_back,
    pack,
    seconds_of,
    sort_of,
    told_apart,
    unpack,
)
from app.hub.question import Question
from app.hub.release_store import Held, Place, Then
from app.hub.store import lock_idle_pressure, write_pressure
from app.hub.verdict import Because, Wait
from app.people.choices import ChannelName
from orders_core.tx import Tx

Result = tuple[Held, Then]
Row = Sequence[int]


def take_along(
    tx: Tx, results: Sequence[Result], ask: Callable[[Held], Question]
) -> Sequence[Result]:
    """Move the places of bells that are held anew; return what becomes of each message.

    What nobody but another decision may count just now is left out, to be asked again soon: whoever
    holds a message never waits for a person's row.
    """
    moving = [(one, then) for one, then in results if _moves(one, then)]
    if not moving:
        return results
    rows = dict(lock_idle_pressure(tx, {one.person_id for one, _ in moving}))
    ours = {one.id for one, _ in moving}
    beside = store.places(tx, {one.verdict_id for one, _ in moving}, without=ours)
    settled = [(one, then) for one, then in results if not _moves(one, then)]
    for (verdict_id, until), bells in _together(moving).items():
        whose = bells[0].person_id
        if whose in rows:
            move = _Move(bells, until, rows[whose], beside[verdict_id])
            settled += move.settle(ask(bells[0]))
            rows[whose] = move.row
    write_pressure(tx, rows)
    return settled


def _moves(one: Held, then: Then) -> bool:
    return one.entry is not None and then.because is None and then.due_at != one.due_at


def _together(moving: Iterable[Result]) -> Mapping[tuple[UUID, datetime], list[Held]]:
    """Group the bells that are one message: of one verdict, and ringing together again."""
    groups: dict[tuple[UUID, datetime], list[Held]] = {}
    for one, then in moving:
        groups.setdefault((one.verdict_id, then.due_at), []).append(one)
    return groups


class _Move:
    """The bells of one message that move together, and the row of their person."""

    def __init__(
        self, bells: Sequence[Held], until: datetime, row: Row, beside: Iterable[Place]
    ) -> None:
        """Take the bells off the row.

        Args:
            beside: The places of the rest of the message.
        """
        self._bells, self._until = bells, until
        self.row: Row = given_back(row, [one.entry for one in bells if one.entry is not None])
        second = seconds_of(until)
        self._rest = {one.entry >> 8 for one in beside if one.entry >> 16 & SECONDS == second}
        # What is still queued is asked by itself when its own turn comes.
        self._ours = self._rest | {one.entry >> 8 for one in beside if one.is_queued}

    def settle(self, question: Question) -> list[Result]:
        """Say what becomes of each bell; what moves is on the row again."""
        left, until = self._room(question)
        return [
            (one, self._held_until(until, one))
            if one.channel in left and until < one.expires_at
            else (one, Then.cancelled(one, Because.CAP_REACHED))
            for one in self._bells
        ]

    def _room(self, question: Question) -> tuple[Sequence[str], datetime]:
        """Ask the caps which bells may ring, and when; the rest of the message counts with them."""
        others = [number for number in self.row if number >> 8 not in self._ours]
        notice = _as_counted(question.notice, self._bells[0])
        wanted = tuple(one.channel for one in self._bells)
        finding = cap(replace(question, notice=notice, pressure=others), wanted)
        match finding.answer:
            case None:
                return finding.channels, self._until
            case Wait(until, later) if not self._rest:
                return later, until
        return (), self._until

    def _held_until(self, until: datetime, one: Held) -> Then:
        entry = self._place(seconds_of(until), one)
        return Then(address=one.address, due_at=until, stands_until=until, entry=entry)

    def _place(self, second: int, one: Held) -> int:
        """Put a bell on the row: to the rest of its message where that rings then, else anew."""
        bit = CHANNEL_BITS[ChannelName(one.channel)]
        for key in [number >> 8 for number in self.row if number >> 8 in self._rest]:
            self.row = [on | bit if on >> 8 == key else on for on in self.row]
            return key << 8 | bit
        entry = Entry(second, unpack(one.entry or 0).about, bit)
        [number] = told_apart([pack(entry)], self.row)
        self.row = add(self.row, [number])
        self._rest.add(number >> 8)
        return number


def _as_counted(notice: Notice, one: Held) -> Notice:
    """Return a notice as the sort it was counted as: a digest is of the highest class in it."""
    kind, category = sort_of(unpack(one.entry or 0).about)
    return replace(notice, kind=kind, category=category)
