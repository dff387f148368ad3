"""`python -m tests.races.till URL PERSON NAME LOG`: sell through the real door until killed.

Every order, payment and cancellation that was acknowledged is appended to the log, a line each, in
one write: what stands there was promised to somebody.
"""

import asyncio
import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID
from zlib import crc32

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.db.engine import make_engine
from app.db.transaction import attempt
from app.errors import EngineUnreachable
from app.orders.door import OrderDoor
from orders_core.clock import SystemClock
from orders_core.errors import CoreError
from orders_core.ids import OrderId, PersonId
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.outcome import Placed
from orders_core.tx import Tx
from tests import poll
from tests.buying import LAMP, MUG, TEA
from tests.dice import dice
from tests.isolation import acts

BUYERS, PATIENCE_SECONDS = 12, 60
KINDS = (MUG, TEA, LAMP)


class Till:
    """A few buyers at one door."""

    def __init__(self, url: str, person: PersonId, name: str, log: Path) -> None:
        self._engine: Engine = make_engine(url, pool_size=4)
        self._person, self._name = person, name
        self._log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def sell(self) -> None:
        """Let the buyers buy, pay and cancel until the process is killed."""
        loop = asyncio.get_running_loop()
        door = OrderDoor(
            self._engine, clock=SystemClock(), known_people=lambda _tx, ids: ids, loop=loop
        )
        await asyncio.gather(*(self._buy_on(door, number) for number in range(BUYERS)))

    async def _buy_on(self, door: OrderDoor, number: int) -> None:
        chance = dice(crc32(f"{self._name}-{number}".encode()))
        turn = 0
        while True:
            turn += 1
            await self._one(door, f"{self._name}-{number}-{turn}", chance)

    async def _one(self, door: OrderDoor, key: str, chance: Random) -> None:
        lines = tuple(Wanted(code, chance.randint(1, 3)) for code in chance.sample(KINDS, 2))
        request = PlaceRequest(
            person_id=self._person, lines=lines, scope="till", key=key, fingerprint=key.encode()
        )
        while not isinstance(outcome := await self._asked(door, request), Placed):
            # Nobody knows yet: the same key again is safe.
            await asyncio.to_thread(self._until_there_is_a_database)
        units = {line.code: line.quantity for line in lines}
        self._acknowledge(outcome.order_id, "placed", units)
        act = chance.choice([None, "paid", "cancelled"])
        if act is None:
            return
        is_done: bool = await asyncio.to_thread(self._did, outcome.order_id, act)
        if is_done:
            self._acknowledge(outcome.order_id, act, units)

    async def _asked(self, door: OrderDoor, request: PlaceRequest) -> object:
        try:
            return await door.submit(request)
        except (DBAPIError, psycopg.Error, EngineUnreachable) as fault:
            return fault

    def _did(self, order_id: OrderId, act: str) -> bool:
        work = acts.paying(order_id) if act == "paid" else acts.cancelling(order_id)
        try:
            attempt(self._engine, work)
        except (CoreError, DBAPIError, psycopg.Error, EngineUnreachable):
            return False
        return True

    def _until_there_is_a_database(self) -> None:
        poll.until(self._answers, within_seconds=PATIENCE_SECONDS)

    def _answers(self) -> bool:
        def work(tx: Tx) -> bool:
            return bool(tx.exec_driver_sql("SELECT true").scalar_one())

        try:
            return attempt(self._engine, work)
        except (DBAPIError, psycopg.Error, EngineUnreachable):
            return False

    def _acknowledge(self, order_id: OrderId, did: str, units: dict[str, int]) -> None:
        line = {"order": str(order_id), "did": did, "units": units, "at": time.time()}
        os.write(self._log, json.dumps(line).encode() + b"\n")


def main(url: str, person: str, name: str, log: str) -> None:
    """Sell until killed."""
    asyncio.run(Till(url, PersonId(UUID(person)), name, Path(log)).sell())


if __name__ == "__main__":
    partial(main, *sys.argv[1:])()
