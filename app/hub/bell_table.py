"""The table `bells`, read into what decisions obey."""

from functools import lru_cache

from app.hub.bell_rules import Bells, bells_of
from app.hub.catalogue import NOTICES
from app.rules.engine import Judge
from app.rules.sheet import read_sheet

TABLE = "bells"


@lru_cache(maxsize=16)
def read_bells(sheet: str) -> Bells:
    """Ask a sheet once for each notice, before and after a parcel was to be fetched."""
    judge = Judge(read_sheet(sheet))
    before, once_fetched = (
        {name: judge.ask({"notice": name, "after_pickup": is_fetched}).answer for name in NOTICES}
        for is_fetched in (False, True)
    )
    return bells_of(before, once_fetched)
