"""Do what is due a batch at a time, each in a transaction of its own, and not for ever."""

from collections.abc import Callable

from app.db.transaction import attempt
from app.house import House
from orders_core.tx import Tx

BATCHES = 20


def in_batches(
    house: House, work: Callable[[Tx], int], may_go_on: Callable[[], bool], *, full: int = 1
) -> int:
    """Do a batch after the other, twenty at most; return how many things were done.

    Args:
        work: Does one batch and says how many things it did.
        full: After a batch that did fewer nothing is left.
    """
    done = 0
    for _ in range(BATCHES):
        some = attempt(house.engine, work) if may_go_on() else 0
        done += some
        if some < full:
            break
    return done
