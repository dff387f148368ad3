"""`python -m app.demo`: play the shop's customers until SIGTERM."""

import argparse
import logging
import os
import signal
import sys
import threading

from app.demo.shop import Refused, Shop
from app.demo.simulator import Simulator

LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - only recognised, never bound

log = logging.getLogger("app.demo")


def main() -> int:
    """Read the arguments, play, and return the exit code."""
    parser = argparse.ArgumentParser(prog="app.demo", description="Play the shop's customers.")
    parser.add_argument("--url", default=_url(), help="where the shop is")
    parser.add_argument("--key", default=os.environ.get("ORDERBELL_API_KEY", ""), help="API key")
    parser.add_argument("--seed", type=int, default=20_261_122, help="what the dice start from")
    parser.add_argument("--orders", type=int, default=None, help="end after so many orders")
    parser.add_argument("--pace", type=float, default=1.0, help="how many times as fast")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="simulator: %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    with Shop(given.url, given.key) as shop:
        simulator = Simulator(shop, seed=given.seed, stop=stop, pace=given.pace)
        try:
            placed = simulator.run(orders=given.orders)
        except Refused as fault:
            log.error("the shop refused us: %s", fault)  # noqa: TRY400 - a sentence, no traceback
            return 1
    log.info("%d orders placed", placed)
    return 0


def _url() -> str:
    """Say where this machine's shop is; one that listens everywhere also listens on loopback."""
    host = os.environ.get("ORDERBELL_HOST", LOOPBACK)
    if host in EVERYWHERE:
        host = LOOPBACK
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}:{os.environ.get('ORDERBELL_PORT', '8400')}"


if __name__ == "__main__":
    sys.exit(main())
