"""What every process of the shop holds: built once by `wiring`, handed down, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from app.settings import Settings
from channels.contract import Channel
from orders_core.clock import Clock


@dataclass(frozen=True, kw_only=True)
class House:
    """The settings, the database, business time and the ways out, by channel name."""

    settings: Settings
    engine: Engine
    clock: Clock
    channels: Mapping[str, Channel]
