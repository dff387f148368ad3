"""Shuffled and doubled, snapshots and scans leave the rows, times and messages of their order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.db.engines import Urls
from app.db.transaction import begin
from app.intake.events import accept
from app.subscribers.drain import drain
from orders_core.events import Ring
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.scan import Scan, record
from tests.app.intake.foreign import HOUR, MONDAY, ROAD, event, house_of, order, terms
from tests.dice import dice
from tests.shop import Shop, create_database, drop_database, url_of

BATCH = 100
DAY = 24 * HOUR
SCANNED = tuple(ParcelStatus)[1:]

ORDERS = text(
    "SELECT o.source, o.reference, o.source_version, o.mirrored, p.reference, p.name, o.status,"
    " o.skipped, o.currency, o.total_minor, o.placed_at, o.paid_at, o.shipped_at, o.delivered_at,"
    " o.cancelled_at, o.changed_at,"
    " (SELECT array_agg((position, code, title, quantity, unit_minor)::text ORDER BY position)"
    "  FROM order_line WHERE order_id = o.id AND until_version IS NULL)"
    " FROM orders o JOIN person p ON p.id = o.person_id ORDER BY o.source, o.reference"
)
PARCELS = text(
    "SELECT carrier, parcel.number, reference, parcel.status, promised_at, expected_at,"
    " expected_source, last_scan_at, last_place, pickup_code,"
    " (SELECT array_agg((at, code, place, pickup_code, expected_at)::text ORDER BY at, code, place)"
    "  FROM checkpoint WHERE parcel_id = parcel.id)"
    " FROM parcel LEFT JOIN orders ON orders.id = order_id ORDER BY 1, 2"
)
MESSAGES = text(
    "SELECT o.reference, m.notice, m.channel, m.address, m.state, count(*)"
    " FROM message m JOIN orders o ON o.id = m.order_id"
    " WHERE m.channel <> 'inapp' GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3"
)
INBOX = text(
    "SELECT o.reference, m.notice, m.state, count(*)"
    " FROM message m JOIN orders o ON o.id = m.order_id"
    " WHERE m.channel = 'inapp' GROUP BY 1, 2, 3 ORDER BY 1, 2"
)


@pytest.fixture
def other_shop(engines: Urls, template: str) -> Iterator[Shop]:
    """A second shop, to compare with."""
    name = f"disorder_{uuid4().hex[:12]}"
    create_database(engines.database, name, template=template)
    opened = Shop.open(url_of(engines.database, name), engines=engines, valkey_database=1)
    yield opened
    opened.close()
    drop_database(engines.database, name)


def snapshots(orders: int) -> list[dict[str, Any]]:
    """Tell of so many orders, four times each: as far as they came, then only of their price."""
    throws = dice(1)
    told = []
    for number in range(orders):
        reached = throws.randint(1, 4)
        customer = {"reference": f"c-{number % 40}", "email": f"c{number % 40}@mail.example"}
        for version in range(1, 5):
            status = ROAD[min(version, reached) - 1]
            facts: dict[str, Any] = {"customer": customer}
            facts["total"] = {"amount_minor": 9800 + version, "currency": "CNY"}
            if status in {"shipped", "delivered"}:
                promised = (MONDAY + DAY).isoformat()
                parcel = {"carrier": "sf", "number": f"P{number}", "promised_at": promised}
                facts["parcels"] = [parcel]
            told.append(event(order(version, status, f"R{number}", **facts)))
    return told


def scans(parcels: int) -> list[Scan]:
    """Let so many parcels be seen along the way, some of them late and ever later."""
    throws = dice(2)
    seen = []
    for number in range(parcels):
        is_late = throws.random() < 0.3
        for step, code in enumerate(SCANNED[: throws.randint(1, len(SCANNED))]):
            checkpoint = Checkpoint(
                at=MONDAY - timedelta(hours=20 - step),
                code=code,
                place=throws.choice(["嘉兴", "Suzhou"]),
                pickup_code="7-2-301" if code is ParcelStatus.AT_STATION else None,
                expected_at=MONDAY + (2 + step) * DAY if is_late else None,
            )
            seen.append(Scan("sf", f"P{number}", checkpoint))
    return seen


def tell(shop: Shop, told: Sequence[Any], seen: Sequence[Scan], *, ring: Ring) -> None:
    """Take everything in, a batch a transaction, then let the shop's work run to its end."""
    for start in range(0, len(told), BATCH):
        with begin(shop.engine) as tx:
            results = accept(tx, told[start : start + BATCH], terms(ring), region="CN")
        assert not [result for result in results if result.outcome == "rejected"]
    for start in range(0, len(seen), BATCH):
        with begin(shop.engine) as tx:
            record(tx, seen[start : start + BATCH], by="sf", at=MONDAY, ring=lambda _: ring)
    drain(house_of(shop))


def left(shop: Shop) -> list[list[Any]]:
    with begin(shop.engine) as tx:
        return [list(tx.execute(query)) for query in (ORDERS, PARCELS, MESSAGES, INBOX)]


def compare(
    shop: Shop, other_shop: Shop, *, orders: int, parcels: int, ring: Ring
) -> list[list[Any]]:
    told, seen = snapshots(orders), scans(parcels)
    tell(shop, told, sorted(seen, key=lambda scan: scan.checkpoint.at), ring=ring)

    # A shop that tells twice also numbers twice: half of the doubles come as events of their own.
    doubled = [*told, *({**one, "id": f"again-{one['id']}"} for one in told)]
    twice = [*seen, *(replace(scan, number=scan.number.lower()) for scan in seen)]
    dice(3).shuffle(doubled)
    dice(4).shuffle(twice)
    tell(other_shop, doubled, twice, ring=ring)

    in_order = left(shop)
    assert left(other_shop) == in_order
    return in_order


def test_a_thousand_snapshots_and_two_hundred_parcels_in_any_order(
    shop: Shop, other_shop: Shop
) -> None:
    orders, parcels, messages, inbox = compare(
        shop, other_shop, orders=250, parcels=200, ring=Ring.NOW
    )

    assert len(orders) == 250
    assert len(parcels) >= 200
    assert {row.notice for row in messages} >= {"order_placed", "order_shipped", "order_delivered"}
    assert {row.notice for row in inbox} >= {"out_for_delivery", "order_delayed"}
    assert {row.state for row in messages} == {"sent"}
    assert max(row.count for row in (*messages, *inbox)) == 1


def test_told_to_nobody_it_is_told_to_nobody_in_any_order(shop: Shop, other_shop: Shop) -> None:
    orders, _, messages, inbox = compare(shop, other_shop, orders=50, parcels=40, ring=Ring.NEVER)

    assert (len(orders), messages, inbox) == (50, [], [])


def test_scans_that_come_before_their_orders_leave_the_same_rows(
    shop: Shop, other_shop: Shop
) -> None:
    told, seen = snapshots(50), scans(60)
    tell(shop, told, seen, ring=Ring.NEVER)
    tell(other_shop, [], seen, ring=Ring.NEVER)
    tell(other_shop, told, [], ring=Ring.NEVER)

    assert left(other_shop) == left(shop)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ten_thousand_snapshots_and_two_thousand_parcels_in_any_order(
    shop: Shop, other_shop: Shop
) -> None:
    orders, parcels, messages, _ = compare(
        shop, other_shop, orders=2500, parcels=2000, ring=Ring.NOW
    )

    assert len(orders) == 2500
    assert len(parcels) >= 2000
    assert messages
