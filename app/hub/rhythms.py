"""How often the shop lets each channel ring, where the person chose nothing: the table `rhythm`."""

from functools import lru_cache
from itertools import product

from app.hub.digest import FOLDED
from app.people.choices import ChannelName, Rhythm
from app.rules.engine import Judge
from app.rules.rule import ruling
from app.rules.sheet import read_sheet
from orders_core.tx import Tx

TABLE = "rhythm"


def rhythms(tx: Tx) -> tuple[tuple[str, str, str], ...]:
    """Return what the table that rules says of each kind and channel; `now` is left out."""
    return _asked(ruling(tx, TABLE))


@lru_cache(maxsize=8)
def _asked(sheet: str) -> tuple[tuple[str, str, str], ...]:
    judge = Judge(read_sheet(sheet))
    said = [
        (str(kind), str(on), str(judge.ask({"kind": kind, "channel": on}).answers[0]["rhythm"]))
        for kind, on in product(sorted(FOLDED), ChannelName)
    ]
    return tuple(cell for cell in said if cell[2] != Rhythm.NOW)
