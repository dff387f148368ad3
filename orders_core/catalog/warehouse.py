"""Changing warehouses, so that the shop goes on selling."""

from orders_core.catalog import warehouse_store as store
from orders_core.catalog.price import CatalogError
from orders_core.catalog.warehouse_store import Warehouse
from orders_core.tx import Tx


class LastToSell(CatalogError):
    """No other warehouse sells: closed, the shop would have nothing for sale anywhere."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"{code} is the last warehouse that sells; let another one sell first")


def put(tx: Tx, wanted: Warehouse) -> None:
    """Write a warehouse under its code; the last one that sells goes on selling.

    The rule spans rows, and no lock guards them together: of two that close a warehouse each,
    either sees the other's still selling. Call it in a SERIALIZABLE transaction, to be tried again.

    Raises:
        LastToSell: If it was the last that sells and would no longer.
    """
    others = store.selling(tx, but=wanted.code)
    if not wanted.sells and not others and store.sells(tx, wanted.code):
        raise LastToSell(wanted.code)
    store.put(tx, wanted)
