"""The house's figures as Prometheus gauges, read from the database when somebody asks."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.db import heartbeat
from app.hub import switch
from app.ops import books, lanes_store
from orders_core.outbox import store as events
from orders_core.tx import Tx

ALIVE_SECONDS = 10.0


class Figures(Collector):
    """Everything an alert may want to know, at the business time `now`."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        self._tx, self._now = tx, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure."""
        yield from self._lanes()
        yield from self._processes()
        yield from self._books()
        opened = GaugeMetricFamily(
            "orderbell_events_open", "Events not done, by state", labels=["state"]
        )
        for state, count in {"pending": 0, "parked": 0, **events.counts(self._tx)}.items():
            opened.add_metric([state], count)
        yield opened
        yield GaugeMetricFamily(
            "orderbell_marketing_stopped",
            "1 while the big switch is on",
            value=float(switch.is_stopped(self._tx)),
        )

    def _lanes(self) -> Iterator[GaugeMetricFamily]:
        figures = {
            "due": "Messages due and not sent",
            "held": "Messages queued for later",
            "sending": "Messages in a worker's hands",
            "oldest_seconds": "Business age of the oldest due message",
            "unknown": "Messages of the last 24 h whose fate is unknown",
            "duplicate_risk": "Messages of the last 24 h that may have been sent twice",
        }
        lanes = lanes_store.lanes(self._tx, now=self._now)
        for name, says in figures.items():
            gauge = GaugeMetricFamily(f"orderbell_lane_{name}", says, labels=["lane"])
            for lane in lanes:
                gauge.add_metric([f"L{lane.number}"], float(getattr(lane, name)))
            yield gauge

    def _books(self) -> Iterator[GaugeMetricFamily]:
        last = books.latest(self._tx)
        if last is None:
            return
        broken = GaugeMetricFamily(
            "orderbell_books_broken", "What breaks a promise, as last checked", labels=["invariant"]
        )
        for name in books.names():
            found = last.broken.get(name)
            broken.add_metric([name], found.broken if found else 0)
        yield broken
        yield GaugeMetricFamily(
            "orderbell_books_age_seconds", "Since the last check", value=last.age_seconds
        )
        yield GaugeMetricFamily(
            "orderbell_books_took_seconds", "The last check", value=last.took_ms / 1000
        )

    def _processes(self) -> Iterator[GaugeMetricFamily]:
        alive = GaugeMetricFamily(
            "orderbell_processes", "Processes alive, by role", labels=["role"]
        )
        processes = heartbeat.alive(self._tx)
        for role in sorted({one.role for one in processes}):
            ours = [one for one in processes if one.role == role]
            alive.add_metric([role], sum(one.silent_seconds < ALIVE_SECONDS for one in ours))
        yield alive
        yield GaugeMetricFamily(
            "orderbell_scheduler_leaders",
            "Schedulers that lead; anything but 1 needs a look",
            value=float(
                sum(one.is_leader and one.silent_seconds < ALIVE_SECONDS for one in processes)
            ),
        )
