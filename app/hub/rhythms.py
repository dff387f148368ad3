"""How often the shop lets each channel ring, where the person chose nothing: the table `rhythm`."""

from functools import lru_cache
from itertools import product

from app.hub.digest import FOLDED
from app.people.choices import ChannelName, Rhythm
from app.rules.engine import Judge
from app.rules.sheet import read_sheet

TABLE = "rhythm"


@lru_cache(maxsize=8)
def read_rhythms(sheet: str) -> tuple[tuple[str, str, str], ...]:
    """Return what a sheet says of each kind and channel; `now` is left out."""
    judge = Judge(read_sheet(sheet))
    said = [
        (str(kind), str(on), str(judge.ask({"kind": kind, "channel": on}).answers[0]["rhythm"]))
        for kind, on in product(sorted(FOLDED), ChannelName)
    ]
    return tuple(cell for cell in said if cell[2] != Rhythm.NOW)
