"""Sixty-four buyers at the batched door, as fast as it serves them."""

import asyncio
import time
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine

from app.orders.door import OrderDoor
from orders_core.clock import SystemClock
from orders_core.ids import PersonId
from orders_core.orders.choose import PlaceRequest
from orders_core.orders.outcome import Placed

BUYERS = 64
SECONDS = 3
PERSON = PersonId(UUID("00000000-0000-7000-8000-000000000001"))

#: Makes a wish out of a number and the key it comes with.
Wish = Callable[[int, str], PlaceRequest]


async def sell(engine: Engine, wish: Wish) -> float:
    """Let 64 buyers order again and again for three seconds; return orders a second."""
    loop = asyncio.get_running_loop()
    door = OrderDoor(engine, clock=SystemClock(), known_people=lambda _tx, ids: ids, loop=loop)
    run_name = str(time.time_ns())
    ends = time.monotonic() + SECONDS

    async def buyer(number: int) -> int:
        bought = 0
        while time.monotonic() < ends:
            key = f"{run_name}-{number}-{bought}"
            outcome = await door.submit(wish(number * 1_000 + bought, key))
            if not isinstance(outcome, Placed):
                raise TypeError(f"expected an order, got {outcome!r}")
            bought += 1
        return bought

    started = time.monotonic()
    bought = await asyncio.gather(*(buyer(number) for number in range(BUYERS)))
    elapsed = time.monotonic() - started
    await asyncio.to_thread(door.close)
    return sum(bought) / elapsed
