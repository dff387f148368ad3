"""The HTTP of price lists, products, pre-orders and warehouses."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from app.access.guard import scope
from app.access.keys import Caller
from app.db.transaction import attempt
from app.http.cursors import Limit
from app.http.deps import Now, TheHouse, Transaction
from app.orders.catalog_bodies import (
    PreorderBody,
    PriceBody,
    PriceListBody,
    ProductBody,
    WarehouseBody,
    preorder_body,
    price_body,
    price_list_body,
    product_body,
    warehouse_body,
)
from orders_core.catalog import (
    preorder,
    preorder_store,
    price,
    price_store,
    product_store,
    warehouse,
    warehouse_store,
)
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import canonical
from orders_core.errors import NotFound
from orders_core.events import Change
from orders_core.orders import balance

router = APIRouter(prefix="/v1", tags=["catalog"])

Reader = Annotated[Caller, scope("stock:read")]
Writer = Annotated[Caller, scope("stock:write")]
CodePath = Annotated[str, Path(max_length=64)]
WarehousePath = Annotated[str, Path(max_length=40)]


@router.put("/price-lists/{code}")
def put_price_list(code: CodePath, body: PriceListBody, tx: Transaction, _: Writer) -> Any:
    """Write a price list; one that exists takes the new names."""
    wanted = body.price_list(code)
    price.put_list(tx, wanted)
    return price_list_body(wanted, price_store.page(tx, wanted.code, after="", at_most=200))


@router.get("/price-lists/{code}")
def read_price_list(
    code: CodePath,
    tx: Transaction,
    _: Reader,
    limit: Limit = 200,
    after: Annotated[str, Query(max_length=64)] = "",
) -> Any:
    """Read a price list, with the prices of the SKUs behind `after`, past and to come."""
    found = price_store.read_list(tx, canonical(code))
    if found is None:
        raise NotFound("price list", canonical(code))
    return price_list_body(found, price_store.page(tx, found.code, after=after, at_most=limit))


@router.put("/price-lists/{code}/prices/{sku}")
def put_price(
    code: CodePath, sku: CodePath, body: PriceBody, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Write what a SKU costs in a list; the price with the same beginning is replaced."""
    change = Change(by=caller.name, why="priced", at=now)
    name = canonical(code)
    put = price.put(tx, name, canonical(sku), body.amount_minor, body.span(), change=change)
    found = price_store.read_list(tx, name)
    return price_body(put, found.currency if found else "")


@router.put("/products/{code}")
def put_product(code: CodePath, body: ProductBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Write a product; with `skus` it has these and no others."""
    wanted = body.product(code)
    product_store.put(tx, wanted, now=now)
    if body.skus is not None:
        product_store.set_skus(tx, wanted.code, body.skus)
    return product_body(*product_store.read(tx, wanted.code))


@router.get("/products/{code}")
def read_product(code: CodePath, tx: Transaction, _: Reader) -> Any:
    """Read a product and the codes of its SKUs."""
    return product_body(*product_store.read(tx, canonical(code)))


@router.put("/skus/{code}/preorder")
def put_preorder(
    code: CodePath, body: PreorderBody, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Sell a SKU before it is there, so many units and no more; its orders follow a new date."""
    change = Change(by=caller.name, why="preorder", at=now)
    name = canonical(code)
    after = preorder.put(tx, name, body.preorder(), change=change)
    balance.postpone(tx, catalog.id_of(tx, name), change=change)
    return preorder_body(name, after)


@router.get("/skus/{code}/preorder")
def read_preorder(code: CodePath, tx: Transaction, _: Reader) -> Any:
    """Read a SKU's pre-order, also one that has ended."""
    name = canonical(code)
    found = preorder_store.read(tx, catalog.id_of(tx, name))
    if found is None:
        raise NotFound("pre-order", name)
    return preorder_body(name, found)


@router.delete("/skus/{code}/preorder")
def end_preorder(code: CodePath, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Promise no more units of a pre-order; what was promised stays promised."""
    change = Change(by=caller.name, why="preorder ended", at=now)
    name = canonical(code)
    return preorder_body(name, preorder.end(tx, name, change=change))


@router.put("/warehouses/{code}")
def put_warehouse(code: WarehousePath, body: WarehouseBody, house: TheHouse, _: Writer) -> Any:
    """Write a warehouse; orders take goods from those that sell, as the rule table says.

    The last one that sells goes on selling: closing it answers 409 `last_to_sell`.
    """
    wanted = body.warehouse(code)
    attempt(house.engine, partial(warehouse.put, wanted=wanted), isolation="SERIALIZABLE")
    return warehouse_body(wanted)


@router.get("/warehouses/{code}")
def read_warehouse(code: WarehousePath, tx: Transaction, _: Reader) -> Any:
    """Read a warehouse."""
    return warehouse_body(warehouse_store.read(tx, code))


@router.get("/warehouses")
def warehouses(tx: Transaction, _: Reader) -> Any:
    """List the warehouses, those that are asked first at the top."""
    return {"data": [warehouse_body(found) for found in warehouse_store.every(tx)]}
