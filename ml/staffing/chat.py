"""A day of live contacts played through: several chats at once, rates and people that change.

Erlang's queues know one contact a person at a time, at a rate that never moves. Here whoever
answers may hold several chats, each the slower the more there are; contacts and people change from
slot to slot; whoever goes off duty finishes what they hold and takes no more. Arrivals, handling
and patience are exponential, so that a day is a race of exponential clocks (Gillespie 1977,
J. Phys. Chem. 81:2340), begun anew at each slot.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ml.staffing.erlang import ImpossibleTarget

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Chat:
    """How chats are answered; times in seconds.

    With `m` chats a person takes `handle_seconds × (1 + slower × (m - 1))` for each: at a slowness
    of 1 two at once take as long as one after the other, at 0 they cost nothing.
    """

    handle_seconds: float
    patience_seconds: float
    within_seconds: float
    at_once: int = 1
    slower: float = 0.5

    def __post_init__(self) -> None:
        if min(self.handle_seconds, self.patience_seconds) <= 0 or self.within_seconds < 0:
            raise ImpossibleTarget(
                "handle time and patience are above 0, the target time not below"
            )
        if self.at_once < 1 or self.slower < 0:
            raise ImpossibleTarget("at least one chat at once, and none is faster beside others")

    def rate(self, chats: int) -> float:
        """Return how many chats a second a person finishes who holds so many."""
        return chats / (self.handle_seconds * (1 + self.slower * (chats - 1))) if chats else 0.0


@dataclass(frozen=True, kw_only=True)
class Played:
    """What came of the contacts that arrived in each slot, over all runs."""

    arrived: Ints
    in_time: Ints  #: answered, or gave up, within the target time
    gave_up: Ints
    still_waiting: int  #: when the last slot ended

    @property
    def service_level(self) -> float:
        """Share of all who arrived that was in time; 1 where nobody came."""
        return float(self.in_time.sum() / self.arrived.sum()) if self.arrived.sum() else 1.0


def play(
    contacts: Sequence[float],
    people: Sequence[int],
    chat: Chat,
    *,
    slot_seconds: float,
    runs: int,
    rng: np.random.Generator,
) -> Played:
    """Play a day so often: contacts expected and people on duty, slot by slot.

    The first slot begins with nobody waiting.

    Raises:
        ImpossibleTarget: If the two are not equally long, or a number is below 0.
    """
    if len(contacts) != len(people):
        raise ImpossibleTarget("contacts and people have as many slots as each other")
    if min([*contacts, *people], default=0) < 0 or slot_seconds <= 0:
        raise ImpossibleTarget("contacts and people are not below 0, a slot is longer than that")
    days = [_Day(chat, len(contacts), rng) for _ in range(runs)]
    for day in days:
        for slot, (rate, on_duty) in enumerate(zip(contacts, people, strict=True)):
            day.roster(on_duty)
            day.run(slot, rate / slot_seconds, ends=(slot + 1) * slot_seconds)
    return Played(
        arrived=np.sum([day.arrived for day in days], axis=0),
        in_time=np.sum([day.in_time for day in days], axis=0),
        gave_up=np.sum([day.gave_up for day in days], axis=0),
        still_waiting=sum(len(day.waiting) for day in days),
    )


@dataclass
class _Day:
    chat: Chat
    slots: int
    rng: np.random.Generator
    now: float = 0.0
    waiting: deque[tuple[float, int]] = field(default_factory=deque)  # since when, of which slot
    arrived: Ints = field(init=False)
    in_time: Ints = field(init=False)
    gave_up: Ints = field(init=False)
    on_duty: list[int] = field(init=False)  # people by the chats they hold

    def __post_init__(self) -> None:
        self.arrived, self.in_time, self.gave_up = (
            np.zeros(self.slots, dtype=np.int64) for _ in range(3)
        )
        self.on_duty = [0] * (self.chat.at_once + 1)

    def roster(self, people: int) -> None:
        """Let people come, idle, or the least busy go.

        Whoever goes finishes their chats, which were all answered by now, and takes no more.
        """
        more = people - sum(self.on_duty)
        self.on_duty[0] += max(more, 0)
        for chats in range(self.chat.at_once + 1):
            go = min(max(-more, 0), self.on_duty[chats])
            self.on_duty[chats] -= go
            more += go
        self._take_on()

    def run(self, slot: int, arrivals: float, *, ends: float) -> None:
        """Let the clocks race until the slot ends."""
        rates = [self.chat.rate(chats) for chats in range(self.chat.at_once + 1)]
        while True:
            done = [rate * busy for rate, busy in zip(rates, self.on_duty, strict=True)]
            lost = len(self.waiting) / self.chat.patience_seconds
            total = arrivals + lost + sum(done)
            self.now += self.rng.exponential(1 / total) if total else ends
            if self.now >= ends:
                self.now = ends
                return
            self._strike(self.rng.random() * total, slot, (arrivals, lost), done)

    def _strike(
        self,
        at: float,
        slot: int,
        queue: tuple[float, float],
        done: Sequence[float],
    ) -> None:
        arrivals, lost = queue
        if at < arrivals:
            self.arrived[slot] += 1
            self.waiting.append((self.now, slot))
        elif at < arrivals + lost:
            place = int(self.rng.integers(len(self.waiting)))
            since, came_in = self.waiting[place]
            del self.waiting[place]
            self.gave_up[came_in] += 1
            self._count(since, came_in)
        else:
            self._finish(at - arrivals - lost, done)
        self._take_on()

    def _finish(self, at: float, done: Sequence[float]) -> None:
        """End one chat of whoever's clock struck."""
        for chats, rate in enumerate(done):
            if at < rate:
                self.on_duty[chats] -= 1
                self.on_duty[chats - 1] += 1
                return
            at -= rate

    def _take_on(self) -> None:
        """Give those who wait longest to the least busy."""
        while self.waiting:
            free = next((m for m in range(self.chat.at_once) if self.on_duty[m]), None)
            if free is None:
                return
            self.on_duty[free] -= 1
            self.on_duty[free + 1] += 1
            self._count(*self.waiting.popleft())

    def _count(self, since: float, slot: int) -> None:
        self.in_time[slot] += self.now - since <= self.chat.within_seconds
