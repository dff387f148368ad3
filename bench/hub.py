"""People decided, capped and persisted a second, next to plain INSERT and COPY of the same rows.

Two processes tell a crowd an offer through the one door, 500 people a transaction, under ten caps;
then they put the very same rows down by plain INSERT and by COPY, with nothing read and nothing
decided. The ways take turns, round by round, and so do databases with pasts of different length;
what is given is the median of the rounds. Then one order is paid after another, and each is waited
for until its message stands in the queue.
"""

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from app.db.transaction import begin
from app.entry.standing import LATE, settle
from app.hub.bounds import Bounds
from app.hub.cap_rules import Limit, Over, Per, Row, caps_of
from app.hub.catalogue import Kind, find
from app.hub.decide import decide
from app.hub.policy import Policy, read_policy
from app.people.choices import Category
from app.people.recipient import Recipient
from app.people.store import recipients
from app.settings import Settings
from bench import hub_ground, hub_latency, hub_ways
from bench.ground import Ground
from bench.hub_ground import WAYS, Crowd
from bench.hub_hands import Hands, Job

HANDS = 2
WEDNESDAY = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
SETTINGS = Settings(mode="test")
DECIDED = 300  # people whose decisions are timed one after another
OFTEN = 15
#: Ten caps that an offer obeys, beside the ceiling of every shop. Surface, most, window, what then.
CAPS = (
    ("bells", 4, Per.ROLLING_HOUR, Over.DOWNGRADE),
    ("everything", 8, Per.ROLLING_DAY, Over.DOWNGRADE),
    ("push", 4, Per.ROLLING_DAY, Over.DROP),
    ("email", 3, Per.ROLLING_DAY, Over.DROP),
    ("bells", 20, Per.ROLLING_WEEK, Over.DOWNGRADE),
    ("inapp", 30, Per.ROLLING_MONTH, Over.DROP),
    ("bells", 5, Per.CALENDAR_DAY, Over.DEFER),
    ("push", 12, Per.CALENDAR_WEEK, Over.DROP),
    ("everything", 25, Per.CALENDAR_WEEK, Over.DOWNGRADE),
    ("email", 30, Per.CALENDAR_MONTH, Over.DROP),
)

Say = Callable[[str], None]
Turn = TypeVar("Turn")


@dataclass(frozen=True)
class Plan:
    """How much is done: verdicts in the pasts, rounds that count, batches of a process a round."""

    sizes: Sequence[int] = (100_000, 1_000_000)
    rounds: int = 9
    batches: int = 4
    batch: int = 500
    orders: int = 100

    @property
    def people(self) -> int:
        """People of each way, one round more than counts: the first one warms everything up."""
        return (self.rounds + 1) * self.a_round

    @property
    def a_round(self) -> int:
        """People of a way in one round."""
        return HANDS * self.batches * self.batch


QUICK = Plan(sizes=(1000, 4000), rounds=2, batches=1, batch=50, orders=3)


def run(
    ground: Ground, say: Say, rows: Sequence[int] = (), *, quick: bool = False
) -> Mapping[str, object]:
    """Measure; return rates in people a second, times, and how the rate falls with the past.

    Args:
        rows: Verdicts in the pasts; a hundred thousand and a million where none is named.
    """
    plan = QUICK if quick else Plan()
    plan = replace(plan, sizes=tuple(sorted(rows or plan.sizes)))
    crowd = hub_ground.gather(ground, plan.people, now=WEDNESDAY)
    with begin(ground.engine) as tx:
        policy = _ten_caps(read_policy(tx, SETTINGS))
        some = recipients(tx, crowd.shares["notify"][:DECIDED])
    figures: dict[str, object] = {"decide_us": _decide_us(list(some.values()), policy.bounds)}
    say(f"decide: {figures['decide_us']} us a person")
    urls = {}
    for size in plan.sizes:
        began = time.monotonic()
        urls[size] = hub_ground.grow(ground, size)
        say(f"a past of {size} verdicts: {time.monotonic() - began:.0f} s")
    with Hands(HANDS) as hands:
        rounds = _Rounds(hands, crowd, urls, policy, plan).run(say)
    figures |= rounds
    figures["one_notice_ms"] = hub_latency.one_notice_ms(ground, plan.orders, say)
    return figures


def _ten_caps(policy: Policy) -> Policy:
    rows = [
        Row(Limit(f"cap {number}", surface, most, per), Kind.MARKETING, Category.OFFERS, over)
        for number, (surface, most, per, over) in enumerate(CAPS, start=1)
    ]
    return replace(policy, bounds=replace(policy.bounds, caps=caps_of(rows)))


def _decide_us(people: Sequence[Recipient], bounds: Bounds) -> float:
    """Return microseconds that a decision takes, in the quickest of some passes over people."""
    settle(LATE)  # as every worker does at its start
    notice, heard = find(hub_ways.NOTICE), hub_ground.heard(WEDNESDAY)
    # Each at a second of its own: nothing that was worked out of the time serves twice in a pass.
    times = [WEDNESDAY + timedelta(seconds=number) for number in range(len(people))]

    def decide_all() -> float:
        began = time.perf_counter()
        for person, now in zip(people, times, strict=True):
            decide(notice, person, heard, bounds, now)
        return time.perf_counter() - began

    each = min(decide_all() for _ in range(OFTEN)) / len(people)
    return round(each * 1_000_000, 1)


@dataclass(frozen=True)
class _Rounds:
    """Who works where, by the number of verdicts in a database's past."""

    hands: Hands
    crowd: Crowd
    urls: Mapping[int, str]
    policy: Policy
    plan: Plan

    def run(self, say: Say) -> Mapping[str, object]:
        """Let the ways and the databases take turns; the first round warms up and is left out."""
        told: dict[int, list[float]] = defaultdict(list)
        put: dict[str, list[float]] = defaultdict(list)
        answers: Counter[str] = Counter()
        for number in range(self.plan.rounds + 1):
            for size in _turned(self.plan.sizes, number):
                rate, found = self._do("notify", size, number)
                told[size].append(rate)
                answers.update(found)
            smallest = self.plan.sizes[0]
            for way in _turned(WAYS[1:], number):
                put[way].append(self._do(way, smallest, number)[0])
            say(f"round {number}: {_beside(told, put)}")
        return self._figures(told, put, answers)

    def _do(self, way: str, size: int, number: int) -> tuple[float, Counter[str]]:
        """Do one round one way; return people a second, and what was decided."""
        plan = self.plan
        batches = self.crowd.batches(way, number, size=plan.batch, count=HANDS * plan.batches)
        jobs = [
            Job(
                url=self.urls[size],
                way=way,
                batches=batches[hand::HANDS],
                dispatch=f"{way}-{number}",
                policy=self.policy,
                now=WEDNESDAY,
            )
            for hand in range(HANDS)
        ]
        seconds, found = self.hands.do(jobs)
        return plan.a_round / seconds, sum((Counter(one) for one in found), Counter())

    def _figures(
        self,
        told: Mapping[int, Sequence[float]],
        put: Mapping[str, Sequence[float]],
        answers: Mapping[str, int],
    ) -> Mapping[str, object]:
        sizes = self.plan.sizes
        ours, plain = told[sizes[0]], put["insert"]
        beside = [mine / other for mine, other in zip(ours[1:], plain[1:], strict=True)]
        slower = {
            size: statistics.median(
                first / later for first, later in zip(ours[1:], told[size][1:], strict=True)
            )
            for size in sizes
        }
        return {
            "decisions_per_s": _middle(ours),
            "raw_rows_per_s": _middle(plain),
            "copy_rows_per_s": _middle(put["copy"]),
            "ratio": round(statistics.median(beside), 3),
            "ratio_least": round(min(beside), 3),
            "answers": dict(sorted(answers.items())),
            "growth": {str(size): _middle(told[size]) for size in sizes},
            "growth_ratio": round(max(slower.values()), 3),
        }


def _middle(rates: Sequence[float]) -> int:
    return round(statistics.median(rates[1:]))


def _turned(turns: Sequence[Turn], by: int) -> Sequence[Turn]:
    first = by % len(turns)
    return (*turns[first:], *turns[:first])


def _beside(told: Mapping[int, Sequence[float]], put: Mapping[str, Sequence[float]]) -> str:
    rates = {**{str(size): one for size, one in told.items()}, **put}
    return "  ".join(f"{name} {rate[-1]:.0f}/s" for name, rate in rates.items())
