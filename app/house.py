"""What every process of the shop holds: built once by `wiring`, handed down, never changed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from app.settings import Settings
from channels.contract import Channel
from orders_core.clock import Clock
from orders_core.ids import PersonId
from orders_core.tx import Tx

Heed = Callable[[Tx, Collection[PersonId], datetime], object]


def at_its_claim(_tx: Tx, _people: Collection[PersonId], _now: datetime) -> None:
    """Leave what is queued to its claim, which asks again whether it may leave."""


@dataclass(frozen=True, kw_only=True)
class House:
    """The settings, the database, business time and the ways out, by channel name.

    `heed` is called with people who changed their choices, in the transaction that changed them:
    what is queued for them and wanted no more is cancelled. The hub does it, a storey above whoever
    calls.
    """

    settings: Settings
    engine: Engine
    clock: Clock
    channels: Mapping[str, Channel]
    heed: Heed = at_its_claim
