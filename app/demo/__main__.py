"""`python -m app.demo`: open the shop, tell its past, play its customers and the tour's steps."""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime

from app.demo import crowd, history
from app.demo.past import Past, Size
from app.demo.patience import Stopped
from app.demo.player import Player
from app.demo.seed import Seed
from app.demo.shop import Refused, Shop
from app.demo.simulator import Simulator

LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - only recognised, never bound

log = logging.getLogger("app.demo")


def main() -> int:
    """Read the arguments, play, and return the exit code."""
    given = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s demo: %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    code = _Cast(given, stop).play()
    if code == 0 and stop.is_set():
        os._exit(0)  # a thread may wait for an answer for seconds yet; nothing of it is lost
    return code


class _Cast:
    """The threads of the demo: the past, the player, and the simulator in front."""

    def __init__(self, given: argparse.Namespace, stop: threading.Event) -> None:
        self._given, self._stop = given, stop
        self._fault: Refused | None = None
        self._is_done = False

    def play(self) -> int:
        """Play until told to stop or until the orders asked for have ended; return the code."""
        given = self._given
        self._begin("player", Player(given.url, given.key, stop=self._stop).run)
        front = self._begin("front", self._front)
        while front.is_alive() and not self._stop.is_set():
            front.join(0.1)
        if self._fault is not None:
            log.error("the shop refused us: %s", self._fault)
            return 1
        return 0 if self._is_done or self._stop.is_set() else 1

    def _begin(self, name: str, work: Callable[[], object]) -> threading.Thread:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        return thread

    def _front(self) -> None:
        """Open the shop; then its past is told behind, while customers come."""
        given, started = self._given, time.monotonic()
        try:
            with Shop(given.url, given.key) as shop:
                began = Seed(shop, seed=given.seed, stop=self._stop).open()
                seconds = time.monotonic() - started
                log.info("the shop is open after %.1f s; its story begins at %s", seconds, began)
                self._begin("past", lambda: self._tell_past(began))
                simulator = Simulator(shop, seed=given.seed, stop=self._stop, pace=given.pace)
                log.info("%d orders placed", simulator.run(orders=given.orders))
                self._is_done = True
        except Stopped:
            return
        except Refused as fault:
            self._fault = fault

    def _tell_past(self, began: datetime) -> None:
        given = self._given
        size = Size(people=given.people, orders=given.past)
        try:
            with Shop(given.url, given.key) as shop:
                Past(shop, began, seed=given.seed, size=size, stop=self._stop).write()
        except Stopped:
            return
        except Refused as fault:
            log.warning("the past is not told to its end: %s", fault)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="app.demo", description="Play the shop's customers.")
    parser.add_argument("--url", default=_url(), help="where the shop is")
    parser.add_argument("--key", default=os.environ.get("ORDERBELL_API_KEY", ""), help="API key")
    parser.add_argument("--seed", type=int, default=crowd.SEED, help="what the dice start from")
    parser.add_argument("--orders", type=int, default=None, help="end after so many orders")
    parser.add_argument("--pace", type=float, default=1.0, help="how many times as fast")
    parser.add_argument("--people", type=int, default=crowd.SIZE, help="how many people it knows")
    parser.add_argument("--past", type=int, default=history.ORDERS, help="orders of its past")
    return parser.parse_args()


def _url() -> str:
    """Say where this machine's shop is; one that listens everywhere also listens on loopback."""
    host = os.environ.get("ORDERBELL_HOST", LOOPBACK)
    if host in EVERYWHERE:
        host = LOOPBACK
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}:{os.environ.get('ORDERBELL_PORT', '8400')}"


if __name__ == "__main__":
    sys.exit(main())
