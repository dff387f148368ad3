"""What becomes of messages while processes are killed and Valkey is emptied, then gone.

Orders come in steadily; each sends one letter into a mail server that keeps every Message-ID on
disk before it says yes. At the end the server's own record is held against the database.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from redis import Redis
from sqlalchemy import text

from app.db.engines import Engines
from app.db.transaction import begin
from bench import buyers
from bench.ground import Ground
from bench.processes import Troupe, free_port
from orders_core.events import Change
from orders_core.ids import PersonId
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.place import place

RESTART_SECONDS = 1.0
START_SECONDS = 30
SETTLE_SECONDS = 90
STEP_SECONDS = 0.2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How many letters, over how long, and for how long Valkey stays away."""

    letters: int = 2000
    seconds: float = 110
    valkey_gone_seconds: float = 60


@dataclass
class Watch:
    """What the mail server has kept so far, and when."""

    path: Path
    seen: list[float] = field(default_factory=list)

    def look(self) -> int:
        """Note new letters with the time they were seen; return how many there are."""
        count = self.path.read_bytes().count(b"\n") if self.path.exists() else 0
        self.seen += [time.monotonic()] * (count - len(self.seen))
        return count

    def first_after(self, instant: float) -> float | None:
        """Say how many seconds after an instant the next letter was seen."""
        return next((at - instant for at in self.seen if at > instant), None)

    def between(self, start: float, end: float) -> int:
        """Count the letters seen between two instants."""
        return sum(start < at <= end for at in self.seen)


def run(ground: Ground, say: Say, plan: Plan = Plan()) -> Mapping[str, object]:
    """Play the plan and return what was lost, what came twice, and how soon each fault healed."""
    kept = ground.home / "letters.log"
    mail_port = free_port()
    valkey = Engines(ground.home / "broker", with_postgres=False)
    urls = valkey.start()
    people = buyers.move_in(ground)
    environment = {
        "DATABASE_URL": ground.urls.database,
        "REDIS_URL": urls.redis,
        "BROKER_URL": urls.broker,
        "ORDERBELL_MODE": "test",
        "ORDERBELL_SMTP_HOST": "127.0.0.1",
        "ORDERBELL_SMTP_PORT": str(mail_port),
    }
    with Troupe(environment, log=ground.home / "processes.log") as troupe:
        troupe.start("sink", "bench.sink", str(mail_port), str(kept))
        troupe.play("relay")
        troupe.play("worker-fast")
        play = _Play(ground, troupe, valkey, Watch(kept), plan, people, say)
        play.run()
        play.wait_until_settled()
    valkey.stop()
    return play.figures()


@dataclass
class _Play:
    ground: Ground
    troupe: Troupe
    valkey: Engines
    watch: Watch
    plan: Plan
    people: list[PersonId]
    say: Say
    struck: dict[str, float] = field(default_factory=dict)
    started: float = 0.0
    during_outage: int = 0
    ordered: int = 0

    def run(self) -> None:
        """Order steadily, with one fault after another."""
        fifth = (self.plan.seconds - self.plan.valkey_gone_seconds) / 5
        self._await_first_letter()
        self.started = time.monotonic()
        self._order_for(fifth)
        self._fault("worker_killed", lambda: self._kill("worker-fast"), fifth)
        self._fault("relay_killed", lambda: self._kill("relay"), fifth)
        self._fault("valkey_emptied", self._empty, fifth)
        gone = time.monotonic()
        self._fault("valkey_gone", self.valkey.stop, self.plan.valkey_gone_seconds)
        self.during_outage = self.watch.between(gone, time.monotonic())
        self._fault("valkey_back", self.valkey.start, fifth)
        self._order(self.plan.letters - self.ordered)

    def _await_first_letter(self) -> None:
        self._order(1)
        ends = time.monotonic() + START_SECONDS
        while not self.watch.look():
            if time.monotonic() > ends:
                raise TimeoutError(f"no letter left within {START_SECONDS} s")
            time.sleep(STEP_SECONDS)

    def _fault(self, name: str, strike: Callable[[], object], seconds: float) -> None:
        self.say(name)
        self.watch.look()
        self.struck[name] = time.monotonic()
        strike()
        self._order_for(seconds)

    def _kill(self, role: str) -> None:
        self.troupe.kill(role)
        self._order_for(RESTART_SECONDS)
        self.troupe.play(role)

    def _empty(self) -> None:
        with Redis.from_url(self.valkey.urls().redis) as client:
            client.flushall()

    def _order_for(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            step_ends = time.monotonic() + STEP_SECONDS
            share = (time.monotonic() - self.started) / self.plan.seconds
            self._order(int(self.plan.letters * min(share, 1.0)) - self.ordered)
            self.watch.look()
            time.sleep(max(0.0, step_ends - time.monotonic()))

    def _order(self, count: int) -> None:
        if count <= 0:
            return
        requests = [
            PlaceRequest(
                person_id=self.people[(self.ordered + n) % len(self.people)],
                lines=(Wanted(buyers.CODE, 1),),
                scope="faults",
            )
            for n in range(count)
        ]
        change = Change(by="bench", why="bought", at=datetime.now(UTC))
        with begin(self.ground.engine) as tx:
            place(tx, requests, change=change)
        self.ordered += count

    def wait_until_settled(self) -> None:
        """Wait until every message has come to its end, or the patience has."""
        ends = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < ends and not self._is_settled():
            self.watch.look()
            time.sleep(STEP_SECONDS)
        self.watch.look()

    def _is_settled(self) -> bool:
        with begin(self.ground.engine) as tx:
            sent = tx.scalar(text(SENT))
            return bool(sent == self.ordered)

    def figures(self) -> Mapping[str, object]:
        """Hold the mail server's record against the database."""
        copies = Counter(self.watch.path.read_text().split())
        with begin(self.ground.engine) as tx:
            sent, risky = tx.scalar(text(SENT)), tx.scalar(text(RISKY))
            slowest = float(tx.scalar(text(SLOWEST)) or 0)
            open_events = tx.scalar(text(OPEN_EVENTS))
        return {
            "letters_wished": self.ordered,
            "letters_sent": sent,
            "letters_kept_by_server": len(copies),
            "lost": self.ordered - len(copies),
            "duplicates": copies.total() - len(copies),
            "duplicate_risk": risky,
            "events_open": open_events,
            "slowest_letter_seconds": round(slowest, 1),
            "seconds_to_next_letter": {
                name: round(self.watch.first_after(at) or SETTLE_SECONDS, 1)
                for name, at in self.struck.items()
            },
            "letters_while_valkey_gone": self.during_outage,
        }


SENT = "SELECT count(*) FROM message WHERE channel = 'email' AND state = 'sent'"
RISKY = "SELECT count(*) FROM message WHERE channel = 'email' AND duplicate_risk"
SLOWEST = """
SELECT max(extract(epoch FROM m.settled_at - o.placed_at))
FROM message m JOIN orders o ON o.id = m.order_id WHERE m.channel = 'email'
"""
OPEN_EVENTS = "SELECT count(*) FROM outbox WHERE state <> 'done'"
