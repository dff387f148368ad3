"""From which risk on the bells of offers stay still: the table `fatigue`."""

from functools import lru_cache

from app.rules.engine import Judge
from app.rules.sheet import read_sheet

TABLE = "fatigue"
PERCENTS = range(101)


@lru_cache(maxsize=8)
def read_tired(sheet: str) -> tuple[int, ...]:
    """Return the percents of risk at which a sheet lets no bell of an offer ring."""
    judge = Judge(read_sheet(sheet))
    return tuple(
        percent for percent in PERCENTS if not judge.ask({"percent": percent}).answers[0]["rings"]
    )
