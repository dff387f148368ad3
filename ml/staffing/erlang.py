"""Erlang's queues: how long people wait when so many answer, and how many it takes.

Contacts arrive at random at a steady rate, each takes an exponential time of one person who answers
one at a time, and whoever waits is served in turn. **Erlang C** lets nobody give up; it never
settles when the load reaches the number of people. In **Erlang A** each one waiting gives up after
an exponential patience; it settles always. Erlang is for live contacts (phone, chat one at a time),
not for mail that may wait until tomorrow.

The load is `contacts × handle time / interval`, in people kept busy (erlangs). The service level is
the share of *all* contacts that were answered **or gave up** within the target time; figures of
other programs that count only those answered differ by a few points.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LOG_NEGLIGIBLE = math.log(1e-16)
LARGEST_LOAD = 100_000.0


class ImpossibleTarget(ValueError):
    """A share outside 0 to 1, a time below 0, or a load that no team of ours could carry."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What comes in over an interval, and how long each takes; all times in seconds."""

    contacts: float
    interval_seconds: float
    handle_seconds: float

    @property
    def load(self) -> float:
        """People kept busy on average (erlangs)."""
        return self.contacts * self.handle_seconds / self.interval_seconds


@dataclass(frozen=True, kw_only=True)
class Service:
    """What those who write meet; times in seconds, shares from 0 to 1."""

    wait_share: float  #: who has to wait at all
    abandon_share: float  #: who gives up
    mean_wait_seconds: float  #: over everybody, those who gave up included
    service_level: float  #: who is served or gave up within the target time
    occupancy: float  #: of each person's time that is spent on contacts
    queue_length: float  #: waiting on average


def erlang_c(work: Work, *, people: int, within_seconds: float) -> Service:
    """Say how it goes if nobody gives up.

    `P(wait) = B / (1 - ρ (1 - B))` with Erlang's `B` by its recursion, `W = P(wait) / (n μ - λ)`,
    level `1 - P(wait) e^(-(n μ - λ) T)` (Gross & Harris, Fundamentals of Queueing Theory, 2.3).

    Raises:
        ImpossibleTarget: If a time is not above 0, or people below 0.
    """
    _check(work, people, within_seconds)
    load = work.load
    if load == 0:
        return _idle()
    if people <= load:
        return _endless()
    busy = load / people
    blocked = _blocked(load, people)
    waits = blocked / (1 - busy * (1 - blocked))
    relief = (people - load) / work.handle_seconds  # free capacity, contacts a second
    mean_wait = waits / relief
    return Service(
        wait_share=waits,
        abandon_share=0.0,
        mean_wait_seconds=mean_wait,
        service_level=1 - waits * math.exp(-relief * within_seconds),
        occupancy=busy,
        queue_length=mean_wait * work.contacts / work.interval_seconds,
    )


def erlang_a(work: Work, *, people: int, within_seconds: float, patience_seconds: float) -> Service:
    """Say how it goes if whoever waits gives up after `patience_seconds` on average.

    The birth-death chain of Palm (1957, Tele 1:1; Garnett, Mandelbaum & Reiman 2002, M&SOM 4:208),
    summed outward from the state in which everyone is busy; `P(abandon) = θ L / λ`.

    Raises:
        ImpossibleTarget: If a time is not above 0, or people below 0.
    """
    _check(work, people, within_seconds)
    if not patience_seconds > 0:
        raise ImpossibleTarget("patience_seconds must be above 0")
    load = work.load
    if load == 0:
        return _idle()
    ratio = work.handle_seconds / patience_seconds  # givings-up for each contact a person handles
    queue, nobody_waits = _queue(load, people, ratio)
    blocked = _blocked(load, people)
    someone_free = nobody_waits * (1 / blocked - 1) if blocked else math.inf
    total = someone_free + sum(queue)
    waiting = sum(place * share for place, share in enumerate(queue)) / total
    arrivals = work.contacts / work.interval_seconds
    abandons = waiting / patience_seconds / arrivals
    late = _late(queue, people, work, patience_seconds, within_seconds) / total
    return Service(
        wait_share=sum(queue) / total,
        abandon_share=abandons,
        mean_wait_seconds=waiting / arrivals,
        service_level=1 - late,
        occupancy=load * (1 - abandons) / people if people else 0.0,
        queue_length=waiting,
    )


def _check(work: Work, people: int, within_seconds: float) -> None:
    if not (work.interval_seconds > 0 and work.handle_seconds > 0 and work.contacts >= 0):
        raise ImpossibleTarget("an interval and a handle time are above 0, contacts not below")
    if people < 0 or not within_seconds >= 0:
        raise ImpossibleTarget("people and the target time are not below 0")
    if work.load > LARGEST_LOAD:
        raise ImpossibleTarget(f"a load of more than {LARGEST_LOAD:,.0f} people kept busy")


def _idle() -> Service:
    return Service(
        wait_share=0.0,
        abandon_share=0.0,
        mean_wait_seconds=0.0,
        service_level=1.0,
        occupancy=0.0,
        queue_length=0.0,
    )


def _endless() -> Service:
    return Service(
        wait_share=1.0,
        abandon_share=0.0,
        mean_wait_seconds=math.inf,
        service_level=0.0,
        occupancy=1.0,
        queue_length=math.inf,
    )


def _blocked(load: float, people: int) -> float:
    """Return Erlang's B: the share refused where nobody may wait, by its stable recursion."""
    blocked = 1.0
    for busy in range(1, people + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def _queue(load: float, people: int, ratio: float) -> tuple[Sequence[float], float]:
    """Return the weights of 0, 1, 2, … waiting, the largest 1, and what the empty queue weighs.

    Kept as logarithms until the largest is known: in an overload they pass any number's range.
    """
    logs, largest = [0.0], 0.0
    while logs[-1] > largest + LOG_NEGLIGIBLE:
        logs.append(logs[-1] + math.log(load) - math.log(people + len(logs) * ratio))
        largest = max(largest, logs[-1])
    return [math.exp(weight - largest) for weight in logs], math.exp(-largest)


def _late(queue: Sequence[float], people: int, work: Work, patience: float, within: float) -> float:
    """Return the weight of arrivals that are still waiting after the target time.

    Who finds `k` waiting is served when `k + 1` others have left, after a sum of exponential times
    of rates `n μ + j θ`, `j = 0 … k`. `e^(-θ times that sum)` is Beta(n μ / θ, k + 1) distributed,
    so that the chance to be still there is a regularised incomplete beta function, which grows by
    one negative binomial term with each place further back.
    """
    size = people * patience / work.handle_seconds
    stays = math.exp(-within / patience)  # has not given up by then
    log_term, not_yet, late = -size * within / patience, 0.0, 0.0
    for place, weight in enumerate(queue):
        not_yet += math.exp(log_term)
        late += weight * min(not_yet, 1.0)
        factor = (1 - stays) * (size + place) / (place + 1)
        log_term += math.log(factor) if factor > 0 else -math.inf
    return late * stays
