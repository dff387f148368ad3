"""A consumer that writes down what it heard, so that a test sees a double as two rows.

As a program it handles the events of one database once, for a test to make it die on the way.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import Column, MetaData, Table, Text, Uuid, insert, select

from app.db.engine import make_engine
from app.db.transaction import begin
from app.house import House
from app.settings import Settings
from app.subscribers.handle import Subscribers, handle_events
from app.subscribers.table import Consumer
from orders_core.clock import SystemClock
from orders_core.events import Event, EventType
from orders_core.tx import Tx
from tests.shop import Shop

heard = Table("heard", MetaData(), Column("consumer", Text), Column("event_id", Uuid))

Meanwhile = Callable[[Tx, Event], None]


def _nothing(_tx: Tx, _event: Event) -> None:
    """Nothing happens."""


def ledger(name: str = "ledger", *, meanwhile: Meanwhile = _nothing) -> Consumer:
    """Make a consumer that writes each event down; `meanwhile` happens after each line."""

    def handle(_house: House, tx: Tx, events: Sequence[Event]) -> None:
        for event in events:
            tx.execute(insert(heard).values(consumer=name, event_id=event.id))
            meanwhile(tx, event)

    return Consumer(name, handle)


def listening(*consumers: Consumer) -> Subscribers:
    """Let these consumers hear every event."""
    return dict.fromkeys(EventType, consumers)


def entries(shop: Shop) -> Counter[tuple[str, UUID]]:
    """Count what each consumer wrote down of each event."""
    with begin(shop.engine) as tx:
        return Counter((row.consumer, row.event_id) for row in tx.execute(select(heard)))


def main(url: str) -> None:
    """Handle what is due, once."""
    engine = make_engine(url, pool_size=2)
    house = House(settings=Settings(mode="test"), engine=engine, clock=SystemClock(), channels={})
    handle_events(house, subscribers=listening(ledger()))


if __name__ == "__main__":
    main(sys.argv[1])
