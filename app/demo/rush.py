"""Many buyers at one door: each order once, over a hundred connections that stay open."""

import http.client
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

CONNECTIONS = 100
TIMEOUT_SECONDS = 30.0
TRIES = 8
PAUSE_SECONDS = 0.05
CREATED, SOLD_OUT, BUSY = 201, 409, 503

log = logging.getLogger("app.demo")


@dataclass(frozen=True)
class Buyer:
    """One person who wants one unit, under their own key."""

    person_id: str
    key: str


@dataclass
class Rush:
    """How it went: answers by status, the orders that were won, each answer's milliseconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    won: list[str] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def answered(self) -> int:
        """How many buyers know by now."""
        return sum(self.statuses.values())

    def slowest_ms(self, share: float) -> float:
        """Return the milliseconds that `share` of the answers stayed under."""
        ordered = sorted(self.took_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Crowd:
    """A hundred doorways and a queue in front of them."""

    def __init__(self, url: str, key: str, *, stop: threading.Event) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._stop = stop

    def buy(self, buyers: Sequence[Buyer], code: str, seen: Callable[[Rush], None]) -> Rush:
        """Let every buyer ask for one unit; `seen` is shown now and then how far it has come."""
        rush = Rush()
        waiting: SimpleQueue[Buyer] = SimpleQueue()
        for buyer in buyers:
            waiting.put(buyer)
        doorways = [
            threading.Thread(target=self._stand, args=[waiting, code, rush], daemon=True)
            for _ in range(min(CONNECTIONS, len(buyers)))
        ]
        started = time.perf_counter()
        for doorway in doorways:
            doorway.start()
        while any(doorway.is_alive() for doorway in doorways):
            _join(doorways, seconds=0.5)
            seen(rush)
        rush.seconds = time.perf_counter() - started
        return rush

    def _stand(self, waiting: SimpleQueue[Buyer], code: str, rush: Rush) -> None:
        """Serve buyers through one connection until nobody waits."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            while not self._stop.is_set():
                buyer = waiting.get_nowait()
                started = time.perf_counter()
                status, order_id = self._ask(connection, buyer, code)
                rush.took_ms.append((time.perf_counter() - started) * 1000)
                rush.statuses[status] += 1
                if status == CREATED:
                    rush.won.append(order_id)
        except Empty:
            return
        finally:
            connection.close()

    def _ask(
        self, connection: http.client.HTTPConnection, buyer: Buyer, code: str
    ) -> tuple[int, str]:
        """Place one order; one whose answer got lost is asked for again under its key."""
        lines = [{"sku": code, "quantity": 1}]
        body = json.dumps({"person": buyer.person_id, "lines": lines}).encode()
        headers = {**self._headers, "Idempotency-Key": buyer.key}
        for number in range(TRIES):
            try:
                connection.request("POST", "/v1/orders", body, headers)
                reply = connection.getresponse()
                said = reply.read()
            except (http.client.HTTPException, OSError):
                connection.close()
            else:
                is_settled = reply.status not in {BUSY, SOLD_OUT} or _is_sold_out(said)
                if is_settled:
                    return reply.status, _order_id(said)
            if self._stop.wait(PAUSE_SECONDS * 2**number):
                break
        return 0, ""


def _is_sold_out(said: bytes) -> bool:
    return b"out_of_stock" in said


def _order_id(said: bytes) -> str:
    return str(json.loads(said).get("id", ""))


def _join(threads: Iterable[threading.Thread], *, seconds: float) -> None:
    ends = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
