"""What every process of the shop holds: built once by `wiring`, handed down, never changed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Engine

from app.settings import Settings
from channels.contract import Channel
from orders_core.clock import Clock
from orders_core.ids import PersonId
from orders_core.tx import Tx

Heed = Callable[[Tx, Collection[PersonId], datetime], object]
Hint = Callable[[PersonId], object]


def at_its_claim(_tx: Tx, _people: Collection[PersonId], _now: datetime) -> None:
    """Leave what is queued to its claim, which asks again whether it may leave."""


def told_nobody(_person_id: PersonId) -> None:
    """Hint at nothing: open pages find out when they ask again."""


class Notices(Protocol):
    """What a foreign system asks people to be told."""

    def read(self, tx: Tx, said: Mapping[str, Any], /, *, by: str) -> Any:
        """Return what `by` asks for, ready to be told, or refuse it with a problem."""

    def tell(self, tx: Tx, asked: Sequence[tuple[str, Any]], /, *, now: datetime) -> object:
        """Tell all that was asked for at once, each for good under its own name."""


class Reads(Protocol):
    """What reads people's questions, beside the patterns of the desk."""

    def guess(self, tx: Tx, text: str, /) -> Any:
        """Return what a text most likely asks and how sure that is; None where nothing reads it."""


@dataclass(frozen=True, kw_only=True)
class House:
    """The settings, the database, business time and the ways out, by channel name.

    `heed` is called with people who changed their choices, in the transaction that changed them:
    what is queued for them and wanted no more is cancelled. `notices` are what foreign systems ask
    people to be told. The hub does both, a storey above whoever calls. `reads` is the desk's model.
    `hint` tells a person's open pages that their inbox changed; it never fails.
    """

    settings: Settings
    engine: Engine
    clock: Clock
    channels: Mapping[str, Channel]
    heed: Heed = at_its_claim
    notices: Notices | None = None
    reads: Reads | None = None
    hint: Hint = told_nobody
