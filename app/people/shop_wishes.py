"""What the shop says of each category and channel where a person said nothing: `preferences`."""

from functools import lru_cache
from itertools import product

from app.people.choices import Category, ChannelName
from app.people.levels import Wishes
from app.rules.engine import Judge
from app.rules.rule import ruling
from app.rules.sheet import read_sheet
from orders_core.tx import Tx

TABLE = "preferences"


def shop_wishes(tx: Tx) -> Wishes:
    """Return what the table that rules says; what is as it would be without it is left out."""
    return read_wishes(ruling(tx, TABLE))


@lru_cache(maxsize=8)
def read_wishes(sheet: str) -> Wishes:
    """Return what a sheet says; what is as it would be without it is left out."""
    judge = Judge(read_sheet(sheet))
    said = [
        (str(about), str(on), bool(answer["wanted"]), _is_locked(about, locked=answer["locked"]))
        for about, on in product(Category, ChannelName)
        for answer in judge.ask({"category": str(about), "channel": str(on)}).answers
    ]
    return tuple(cell for cell in said if cell[2:] != (True, False))


def _is_locked(about: Category, *, locked: object) -> bool:
    """Say whether a person cannot change it; advertising can be refused, whatever a table says."""
    return bool(locked) and about is not Category.OFFERS
