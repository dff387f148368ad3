"""A worker that a test may kill: it delivers lane 1 into a durable outbox, and ends."""

import sys

from app.db.engine import make_engine
from app.jobs.lanes import Lane
from app.messages import capture
from app.messages.deliver import Delivery, drain
from channels.fake.channel import Fake
from orders_core.clock import SystemClock
from tests.app.messages.desk import RENDERER


def main(url: str) -> None:
    """Deliver with a lease of one second."""
    engine = make_engine(url, pool_size=2)
    clock = SystemClock()
    provider = Fake("sms", capture.outbox_record(engine, clock))
    desk = Delivery(
        engine=engine,
        clock=clock,
        channels={"sms": provider},
        renderer=RENDERER,
        lease_seconds=1,
    )
    drain(desk, Lane.ORDER, at_most_seconds=20)


if __name__ == "__main__":
    main(sys.argv[1])
