"""The table `caps`, read into the caps that decisions obey."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product

from app.hub.cap_rules import Caps, Limit, Over, Per, Row, caps_of
from app.hub.catalogue import Kind
from app.people.choices import Category
from app.rules.axis import Value
from app.rules.engine import Judge
from app.rules.sheet import read_sheet

TABLE = "caps"


@lru_cache(maxsize=16)
def read_caps(sheet: str) -> Caps:
    """Ask a sheet once for each kind and category."""
    judge = Judge(read_sheet(sheet))
    return caps_of(
        _row(answer, kind, category)
        for kind, category in product(Kind, Category)
        for answer in judge.ask({"kind": kind.value, "category": category.value}).answers
    )


def _row(answer: Mapping[str, Value], kind: Kind, category: Category) -> Row:
    most = answer["most"]
    limit = Limit(
        name=str(answer["cap"]),
        surface=str(answer["surface"]),
        most=int(most) if isinstance(most, Decimal) else 0,
        per=Per(str(answer["per"])),
    )
    over = Over(str(answer["over"])) if answer["obeys"] else None
    return Row(limit, kind, category, over)
