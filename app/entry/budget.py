"""The budget of connections: what our processes may open against what PostgreSQL allows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from app.db.preflight import allowed_connections
from app.entry import relay, scheduler, web, worker
from app.settings import Settings

WORKERS = 3
LEADER = 1


@dataclass(frozen=True)
class Budget:
    """Who may open how many, and how many there are."""

    lines: Mapping[str, int]
    allowed: int

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(self.lines.values())

    @property
    def fits(self) -> bool:
        """Whether PostgreSQL lets them all in."""
        return self.total <= self.allowed


def add_up(settings: Settings, engine: Engine) -> Budget:
    """Add up the pools of `serve` on this machine; further machines come on top."""
    lines = {
        f"web, {settings.web_processes} x {web.POOL}": settings.web_processes * web.POOL,
        f"workers, {WORKERS} x {worker.POOL}": WORKERS * worker.POOL,
        "relay": relay.POOL,
        "scheduler": scheduler.POOL,
        "leader's lock": LEADER,
    }
    return Budget(lines, allowed_connections(engine))
