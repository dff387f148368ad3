"""The table `caps`, read into the caps that decisions obey."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product

from app.hub.cap_rules import Caps, Limit, Over, Per, Row, caps_of
from app.hub.catalogue import Kind
from app.people.choices import Category
from app.rules import rule, standard
from app.rules.axis import Value
from app.rules.engine import Judge
from orders_core.tx import Tx

TABLE = "caps"


def read_caps(tx: Tx) -> Caps:
    """Return the caps as the table that rules says; it is read through once a version."""
    return compiled(rule.live(tx, TABLE, now=standard.MADE).judge)


@lru_cache(maxsize=16)
def compiled(judge: Judge) -> Caps:
    """Ask a table once for each kind and category."""
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
