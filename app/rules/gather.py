"""The tables as they rule now, those the product brings among them."""

from collections.abc import Sequence

from app.rules import standard, store
from app.rules.requirements import Ruling
from app.rules.sheet import read_sheet
from orders_core.tx import Tx


def rulings(tx: Tx) -> Sequence[Ruling]:
    """Return every table of which a version rules, and those that will rule once they are asked."""
    found = {
        name: Ruling(read_sheet(saved.sheet), saved.version)
        for name, _, _ in store.tables(tx)
        if (saved := store.ruling_sheet(tx, name))
    }
    brought = {
        name: Ruling(read_sheet(sheet), None)
        for name in standard.names()
        if name not in found and (sheet := standard.sheet_of(name))
    }
    return [one for _, one in sorted((found | brought).items())]
