"""Leases with fencing tokens: a critical section that spans several transactions.

A lease runs out by the machine's clock, so a holder that died blocks nobody for long. But a holder
may only have paused, and then come back: so every taking makes a larger token, and every write of
the section shows its token in the transaction that writes. Who was overtaken is refused; the clock
alone refuses nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from orders_core.errors import CoreError
from orders_core.locks import store
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What a holder got: the token to show with every write; others may take over after `until`."""

    name: str
    token: int
    until: datetime  #: machine time


class LeaseError(CoreError):
    """A lease that is not the caller's."""


class LeaseHeld(LeaseError):
    """Somebody else works here, and their time is not over."""

    def __init__(self, name: str, holder: str, until: datetime) -> None:
        self.name, self.holder, self.until = name, holder, until
        super().__init__(f"{holder} works on {name} until {until:%Y-%m-%d %H:%M:%S} UTC")


class LeaseLost(LeaseError):
    """Somebody else took over in the meantime, or it was given back: nothing was written."""

    def __init__(self, name: str, token: int) -> None:
        self.name, self.token = name, token
        super().__init__(f"token {token} of {name} is no longer valid: another took over")


def take(tx: Tx, name: str, holder: str, *, seconds: float) -> Lease:
    """Take a lease that is free or has run out, for so many seconds of machine time.

    Raises:
        LeaseHeld: If it is held; its own holder renews it by its token and does not take it again.
    """
    while (got := store.take(tx, name, holder, seconds=seconds)) is None:
        if held := store.holder_of(tx, name):  # none: it was given back between the two
            raise LeaseHeld(name, *held)
    token, until = got
    return Lease(name=name, token=token, until=until)


def renew(tx: Tx, name: str, token: int, *, seconds: float) -> Lease:
    """Hold on for so many seconds from now; as good as `check` for a write that follows.

    Raises:
        LeaseLost: If another took over.
    """
    until = store.renew(tx, name, token, seconds=seconds)
    if until is None:
        raise LeaseLost(name, token)
    return Lease(name=name, token=token, until=until)


def check(tx: Tx, name: str, token: int) -> None:
    """Make sure the token is the newest, and that it stays so until this transaction ends.

    Call it first in the transaction that writes: nobody can take over between it and the commit.

    Raises:
        LeaseLost: If another took over.
    """
    if not store.stands(tx, name, token):
        raise LeaseLost(name, token)


def give_back(tx: Tx, name: str, token: int) -> None:
    """Let go of a lease, in the transaction of the section's last write.

    Raises:
        LeaseLost: If another took over.
    """
    if not store.give_back(tx, name, token):
        raise LeaseLost(name, token)
