"""A campaign to 20,000 people through three pauses and two killed workers.

The shop's own worker sends it. Its reach is weighed before it goes; at the end everybody's verdict,
the mail server's own record and the outbox of push and inbox are held against each other.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import text

from app.campaigns import change, reach, reach_store, store, told_store
from app.campaigns.campaign import CampaignId, Draft, State
from app.campaigns.change import Act
from app.campaigns.wording import Words
from app.db import clock as shared_clock
from app.db.clock import BusinessClock
from app.db.engines import Engines
from app.db.transaction import begin
from app.settings import Settings
from bench.crowd import ZONES, gather
from bench.ground import Ground
from bench.processes import Troupe, free_port
from orders_core.clock import Timeline
from orders_core.tx import Tx

WORKER = "worker-bulk"
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, night in Lisbon
STEP_SECONDS = 0.05
LONGEST_SECONDS = 600
PAUSED_SECONDS = 1.0
BY = "bench"
SETTINGS = Settings(mode="test", campaign_countdown_seconds=0)
WORDS = {
    "zh": Words("秋茶到店", "今年的秋茶已经到店，会员享 8 折。"),
    "en": Words("Autumn teas are here", "Members pay 20% less until 30 November."),
}

TWICE = "SELECT count(*) FROM (SELECT 1 FROM {} GROUP BY {} HAVING count(*) > 1) AS twice"
OF_ONE_CAMPAIGN = """
SELECT count(*) FROM (
  SELECT 1 FROM campaign_verdict JOIN verdict ON verdict.person_id = campaign_verdict.person_id
   AND verdict.id <> verdict_id AND decided_at < (SELECT max(created_at) FROM campaign)
  WHERE campaign_id = (SELECT min(id::text)::uuid FROM campaign)
) AS other
"""
DUE = """
SELECT count(*) FROM message
WHERE state = 'sending' OR state = 'queued' AND due_at <= CAST(:now AS timestamptz)
"""
STATES = "SELECT state, count(*) FROM message GROUP BY state"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How many people, and how many are decided about when what happens."""

    people: int = 20_000
    pauses: tuple[int, ...] = (2000, 8000, 14_000)
    kills: tuple[int, ...] = (5000, 11_000)


def run(ground: Ground, say: Say, plan: Plan = Plan()) -> Mapping[str, object]:
    """Play the plan; return how fast it went, what was lost or doubled, and the worker's memory."""
    kept = ground.home / "letters.log"
    mail_port = free_port()
    broker = Engines(ground.home / "broker", with_postgres=False)
    urls = broker.start()
    environment = {
        "DATABASE_URL": ground.urls.database,
        "REDIS_URL": urls.redis,
        "BROKER_URL": urls.broker,
        "ORDERBELL_MODE": "test",
        "ORDERBELL_SMTP_HOST": "127.0.0.1",
        "ORDERBELL_SMTP_PORT": str(mail_port),
    }
    with begin(ground.engine) as tx:
        _set_clock(tx)
        gather(tx, plan.people, zones=ZONES, now=MORNING)
    with Troupe(environment, log=ground.home / "processes.log") as troupe:
        troupe.start("sink", "bench.sink", str(mail_port), str(kept))
        troupe.play(WORKER)
        play = _Play(ground, troupe, plan, say)
        play.run()
        figures = play.figures(kept)
    broker.stop()
    return figures


def _set_clock(tx: Tx) -> None:
    machine_now = shared_clock.read(tx)[1]
    timeline = Timeline(business_anchor=MORNING, machine_anchor=machine_now, rate=1.0)
    shared_clock.write(tx, timeline)


@dataclass
class _Play:
    ground: Ground
    troupe: Troupe
    plan: Plan
    say: Say
    seconds: dict[str, float] = field(default_factory=dict)
    weighed: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    after_pause: int = 0
    peak_kb: int = 0

    def __post_init__(self) -> None:
        self.clock = BusinessClock(self.ground.engine)

    def run(self) -> None:
        """Weigh, send with everything that may go wrong, then send once more undisturbed."""
        disturbed = self._write()
        self._timed("weigh", lambda: self._weigh(disturbed))
        self._timed("disturbed", lambda: self._send(disturbed))
        self.told = self._tally(disturbed)
        self._timed("settle", lambda: self._until(self._is_settled))
        calm = self._write()
        self._timed("calm", lambda: self._launch(calm))

    def _write(self) -> CampaignId:
        with begin(self.ground.engine) as tx:
            return change.write(tx, Draft(name="Teas", words=WORDS), Act(BY, self.clock.now()))

    def _weigh(self, campaign_id: CampaignId) -> None:
        with begin(self.ground.engine) as tx:
            reach.ask(tx, campaign_id, settings=SETTINGS, now=self.clock.now())
        self._until(lambda: self._counted(campaign_id))

    def _counted(self, campaign_id: CampaignId) -> bool:
        with begin(self.ground.engine) as tx:
            found = reach_store.latest(tx, campaign_id)
        self.weighed = found.outcomes if found else {}
        return found is not None and found.is_counted

    def _schedule(self, campaign_id: CampaignId) -> None:
        with begin(self.ground.engine) as tx:
            act = Act(BY, self.clock.now())
            change.schedule(tx, campaign_id, act, settings=SETTINGS)

    def _launch(self, campaign_id: CampaignId) -> None:
        self._schedule(campaign_id)
        self._until(lambda: self._is_finished(campaign_id))

    def _send(self, campaign_id: CampaignId) -> None:
        self._schedule(campaign_id)
        events = [(at, self._pause) for at in self.plan.pauses]
        events += [(at, self._kill) for at in self.plan.kills]
        for at, event in sorted(events, key=lambda one: one[0]):
            self._until(partial(self._has_decided, campaign_id, at))
            event(campaign_id)
        self._until(lambda: self._is_finished(campaign_id))

    def _pause(self, campaign_id: CampaignId) -> None:
        self._press(change.pause, campaign_id)
        before = self._decided(campaign_id)
        time.sleep(PAUSED_SECONDS)
        self.after_pause += self._decided(campaign_id) - before
        self.say(f"paused at {before}")
        self._press(change.resume, campaign_id)

    def _kill(self, campaign_id: CampaignId) -> None:
        self._look_at_memory()
        self.troupe.kill(WORKER)
        self.say(f"worker killed at {self._decided(campaign_id)}")
        self.troupe.play(WORKER)

    def _press(self, verb: change.Verb, campaign_id: CampaignId) -> None:
        with begin(self.ground.engine) as tx:
            verb(tx, campaign_id, Act(BY, self.clock.now()))

    def _tally(self, campaign_id: CampaignId) -> Mapping[str, int]:
        with begin(self.ground.engine) as tx:
            return told_store.tally(tx, campaign_id)

    def _decided(self, campaign_id: CampaignId) -> int:
        return sum(self._tally(campaign_id).values())

    def _has_decided(self, campaign_id: CampaignId, people: int) -> bool:
        return self._decided(campaign_id) >= people

    def _is_finished(self, campaign_id: CampaignId) -> bool:
        with begin(self.ground.engine) as tx:
            return store.find(tx, campaign_id).state is State.FINISHED

    def _is_settled(self) -> bool:
        return self._number(DUE, now=self.clock.now()) == 0

    def _number(self, query: str, **values: object) -> int:
        with begin(self.ground.engine) as tx:
            return int(tx.execute(text(query), values).scalar_one())

    def _timed(self, name: str, work: Callable[[], None]) -> None:
        began = time.monotonic()
        work()
        self.seconds[name] = time.monotonic() - began
        self._look_at_memory()
        self.say(f"{name}: {self.seconds[name]:.1f} s")

    def _until(self, is_true: Callable[[], bool]) -> None:
        ends = time.monotonic() + LONGEST_SECONDS
        while not is_true():
            if time.monotonic() > ends:
                raise TimeoutError(f"not within {LONGEST_SECONDS} s")
            time.sleep(STEP_SECONDS)

    def _look_at_memory(self) -> None:
        status = Path(f"/proc/{self.troupe.pid(WORKER)}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        self.peak_kb = max(self.peak_kb, int(line.split()[1]))

    def figures(self, kept: Path) -> Mapping[str, object]:
        """Hold every record against every other."""
        people = self.plan.people
        letters = Counter(kept.read_text().split())
        with begin(self.ground.engine) as tx:
            states = {state: int(count) for state, count in tx.execute(text(STATES))}
        return {
            "people": people,
            "verdicts": sum(self.told.values()),
            "people_with_two_verdicts": self._number(OF_ONE_CAMPAIGN),
            "messages_doubled": self._number(TWICE.format("message", "verdict_id, channel")),
            "captured_twice": self._number(TWICE.format("captured", "message_id")),
            "letters_twice": letters.total() - len(letters),
            "letters_kept_by_server": len(letters),
            "decided_while_paused": self.after_pause,
            "messages_by_state": states,
            "reach_before": dict(sorted(self.weighed.items())),
            "sent_after": dict(sorted(self.told.items())),
            "largest_difference_percent": round(self._difference(), 2),
            "seconds": {name: round(took, 1) for name, took in self.seconds.items()},
            "people_per_second": round(people / self.seconds["calm"]),
            "people_per_second_disturbed": round(people / self.seconds["disturbed"]),
            "people_weighed_per_second": round(people / self.seconds["weigh"]),
            "worker_peak_mb": round(self.peak_kb / 1024),
        }

    def _difference(self) -> float:
        """Return the largest difference of a reason, in percent of everybody."""
        reasons = {*self.weighed, *self.told}
        gaps = [abs(self.weighed.get(one, 0) - self.told.get(one, 0)) for one in reasons]
        return 100 * max(gaps) / self.plan.people
