"""A worker that does nothing but campaigns, as a process of its own, for a test to kill."""

import sys
import threading

from app.campaigns.launch import run_due
from app.db.clock import BusinessClock
from app.db.engine import make_engine
from app.house import House
from app.settings import Settings

ROUND_SECONDS = 0.02


def main(url: str) -> None:
    """Go round until somebody ends this process."""
    engine = make_engine(url, pool_size=3)
    settings = Settings(mode="test", campaign_countdown_seconds=0)
    house = House(settings=settings, engine=engine, clock=BusinessClock(engine), channels={})
    never = threading.Event()
    while not never.wait(ROUND_SECONDS):
        run_due(house)


if __name__ == "__main__":
    main(sys.argv[1])
