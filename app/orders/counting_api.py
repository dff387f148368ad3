"""The HTTP of counts and transfers that take several calls."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request

from app.access.guard import scope
from app.access.keys import Caller
from app.http import cursors
from app.http.body import PublicId
from app.http.cursors import After, Limit
from app.http.deps import Now, Transaction, house_of, secret_of
from app.http.idempotency import KeyedOnce
from app.orders.make_way import way_maker
from app.orders.stock_bodies import (
    ArrivalBody,
    CountBody,
    CountedBody,
    TokenBody,
    TransferBody,
    UnloadedBody,
    count_body,
    lease_body,
    transfer_body,
    transfer_row,
)
from orders_core.events import Change
from orders_core.stock import counting, transfer, transfer_store

router = APIRouter(prefix="/v1/stock", tags=["stock"])

CountId = Annotated[UUID, PublicId("cnt")]
TransferId = Annotated[UUID, PublicId("trf")]
Reader = Annotated[Caller, scope("stock:read")]
Writer = Annotated[Caller, scope("stock:write")]


@router.post("/counts", status_code=201)
def begin(body: CountBody, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Begin to count shelves. The token goes with every line, and with the close."""

    def work() -> tuple[int, dict[str, Any]]:
        change = Change(by=caller.name, why="counting", at=now)
        count, lease = counting.open_count(tx, body.warehouse, codes=body.skus, change=change)
        return 201, count_body(count) | lease_body(lease)

    return once.run(tx, caller.name, work)


@router.get("/counts/{count_id}")
def read_count(count_id: CountId, tx: Transaction, _: Reader) -> Any:
    """Read a count: what was counted, and what the level said at that moment."""
    return count_body(counting.read(tx, count_id))


@router.put("/counts/{count_id}/lines")
def counted(count_id: CountId, body: CountedBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Write how many units of a SKU lie there; the lease is renewed."""
    change = Change(by=caller.name, why="counted", at=now)
    lease = counting.count_line(
        tx, count_id, body.sku, body.counted, token=body.token, change=change
    )
    return lease_body(lease)


@router.post("/counts/{count_id}/take_over")
def take_over(count_id: CountId, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Go on with a count whose holder's time is over; the old token is worth nothing then."""
    change = Change(by=caller.name, why="counting", at=now)
    return lease_body(counting.take_over(tx, count_id, change=change))


@router.post("/counts/{count_id}/close")
def close(count_id: CountId, body: TokenBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Apply every difference at once, or none. 409 `lease_lost` if somebody took over."""
    change = Change(by=caller.name, why="counted", at=now)
    make_way = way_maker(tx, change=change)
    closed = counting.close(tx, count_id, token=body.token, change=change, make_way=make_way)
    return count_body(closed)


@router.post("/counts/{count_id}/drop")
def drop(count_id: CountId, body: TokenBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """End a count without applying anything."""
    change = Change(by=caller.name, why="count_dropped", at=now)
    return count_body(counting.drop(tx, count_id, token=body.token, change=change))


@router.post("/transfers", status_code=201)
def send(body: TransferBody, once: KeyedOnce, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Send goods from one warehouse to another; on the road they belong to neither."""

    def work() -> tuple[int, dict[str, Any]]:
        change = Change(by=caller.name, why="sent", at=now)
        units: dict[str, int] = {}
        for line in body.lines:
            units[line.sku] = units.get(line.sku, 0) + line.quantity
        return 201, transfer_body(transfer.send(tx, body.road(), units, change=change))

    return once.run(tx, caller.name, work)


@router.get("/transfers")
def transfers(
    tx: Transaction,
    request: Request,
    _: Reader,
    state: Annotated[Literal["sent", "arrived"] | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List transfers, the last sent first; `state=sent` are those on the road."""
    secret = secret_of(house_of(request))
    last = cursors.read(secret, after, of="transfers")
    rows = transfer_store.page(tx, state=state, after=last, at_most=limit + 1)
    lines = transfer_store.lines(tx, [row.id for row in rows])
    page = cursors.page(secret, rows, limit=limit, of="transfers")
    return page.shown(lambda row: transfer_row(row, lines[row.id]))


@router.get("/transfers/{transfer_id}")
def read_transfer(transfer_id: TransferId, tx: Transaction, _: Reader) -> Any:
    """Read a transfer: what was sent, what arrived, and what is missing."""
    return transfer_body(transfer.read(tx, transfer_id))


@router.post("/transfers/{transfer_id}/unload")
def unload(transfer_id: TransferId, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Begin to unload over several calls; nobody else may until the lease runs out."""
    change = Change(by=caller.name, why="unloading", at=now)
    return lease_body(transfer.unload(tx, transfer_id, change=change))


@router.put("/transfers/{transfer_id}/lines")
def unloaded(transfer_id: TransferId, body: UnloadedBody, tx: Transaction, _: Writer) -> Any:
    """Write how many units of a SKU arrived; the lease is renewed."""
    lease = transfer.unload_line(tx, transfer_id, body.sku, body.arrived, token=body.token)
    return lease_body(lease)


@router.post("/transfers/{transfer_id}/arrive")
def arrive(
    transfer_id: TransferId, body: ArrivalBody, tx: Transaction, now: Now, caller: Writer
) -> Any:
    """Count what arrived into the other warehouse; differences stay named on the transfer."""
    change = Change(by=caller.name, why="arrived", at=now)
    units = {line.sku: line.arrived for line in body.lines}
    return transfer_body(transfer.arrive(tx, transfer_id, units, token=body.token, change=change))
