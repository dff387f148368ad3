"""How soon a shopper's pages are there: the order page and the inbox at 50 requests a second.

Requests leave on a fixed beat, whether the ones before were answered or not, and a request is timed
from the beat it belongs to: a server that falls behind is seen to. Each looks at another person.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2

from app.db.transaction import begin
from app.hub.notify import notify
from app.hub.policy import Policy, read_policy
from app.hub.wish import Wish
from app.inbox import store as inbox
from app.inbox.item import Item
from app.people import store as people
from app.people.choices import ChannelName
from app.people.links import Purpose, links_of
from app.people.person import Profile
from app.settings import load
from bench.ground import Ground
from bench.web import served
from orders_core.catalog import store as catalog
from orders_core.catalog.sku import Sku
from orders_core.events import Change, Ring
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.money import Money
from orders_core.orders import store as orders
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.move import move
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from orders_core.orders.pay import pay
from orders_core.orders.place import place
from orders_core.parcels.attach import Consignment, attach
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.scan import Scan, record
from orders_core.stock import level
from orders_core.tx import Tx

PEOPLE = 200
ITEMS = 30
SCANS = 8
RATE = 50
WARM_SECONDS, SECONDS = 3, 20
CODES = ("LAMP", "TEA")
NOTICES = ("order_placed", "order_paid", "order_shipped")
THREADS = 32
HTTP_OK = 200
HOUR = timedelta(hours=1)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Look:
    """One answer: from its beat to its last byte, how many bytes, and whether it was the page."""

    seconds: float
    size: int
    is_page: bool


def run(ground: Ground, say: Say) -> Mapping[str, object]:
    """Load each page in turn; return its percentiles in milliseconds and its bytes."""
    settings = load(mode="test", database_url=ground.urls.database, redis_url=ground.urls.redis)
    links = links_of(settings)
    with begin(ground.engine) as tx:
        who = _people(tx)
        bought = _orders(tx, who)
        _told(tx, bought, policy=read_policy(tx, settings))
        inbox.write_all(tx, [_letter(one, number) for one in who for number in range(ITEMS)])
    pages = {
        "order_page": [f"/o/{links.token(Purpose.ORDER, order_id)}" for order_id in bought],
        "inbox": [f"/i/{links.token(Purpose.INBOX, person_id)}" for person_id in who],
    }
    with served(ground, "bench.web:real") as url:
        figures = {name: _measured(url, name, paths, say) for name, paths in pages.items()}
    return {**figures, "requests_per_second": RATE, "seconds": SECONDS, "people": PEOPLE}


def _measured(url: str, name: str, paths: Sequence[str], say: Say) -> Mapping[str, object]:
    load_pages(url, paths, seconds=WARM_SECONDS)
    looks = load_pages(url, paths, seconds=SECONDS)
    failed = sum(not look.is_page for look in looks)
    times = sorted(look.seconds * 1000 for look in looks)
    cuts = statistics.quantiles(times, n=100)
    figures = {
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
        "bytes": round(statistics.median(look.size for look in looks)),
        "answered_per_second": round(len(looks) / SECONDS, 1),
        "failed": failed,
    }
    say(f"{name:12} p50 {figures['p50_ms']} ms  p95 {figures['p95_ms']} ms  failed {failed}")
    return figures


def load_pages(url: str, paths: Sequence[str], *, seconds: int) -> Sequence[Look]:
    """Ask for the paths in turn, `RATE` a second on the beat; return how each was answered."""
    limits = httpx2.Limits(max_connections=THREADS)
    with (
        httpx2.Client(base_url=url, timeout=30, limits=limits) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        began = time.monotonic()
        asked = []
        for number in range(RATE * seconds):
            beat = began + number / RATE
            time.sleep(max(0.0, beat - time.monotonic()))
            asked.append(threads.submit(_look, client, paths[number % len(paths)], beat))
        return [one.result() for one in asked]


def _look(client: httpx2.Client, path: str, beat: float) -> Look:
    try:
        answer = client.get(path)
    except httpx2.HTTPError:
        return Look(time.monotonic() - beat, 0, is_page=False)
    return Look(time.monotonic() - beat, len(answer.content), is_page=answer.status_code == HTTP_OK)


def _change(hours_ago: float) -> Change:
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    return Change(by="bench", why="seed", at=at, ring=Ring.NEVER)


def _people(tx: Tx) -> list[PersonId]:
    profiles = [
        Profile(
            reference=f"reader-{number}",
            name=f"读者 {number}",
            contacts={
                ChannelName.EMAIL: f"r{number}@mail.example",
                ChannelName.SMS: f"+861380013{number:04}",
            },
        )
        for number in range(PEOPLE)
    ]
    return people.upsert(tx, profiles, locale="zh", zone="Asia/Shanghai", now=datetime.now(UTC))


def _orders(tx: Tx, who: Sequence[PersonId]) -> list[OrderId]:
    """Give each person an order of two kinds of goods, shipped in two parcels with eight scans."""
    for code in CODES:
        sku = Sku(code=code, title_zh="台灯", title_en="Lamp", price=Money(9900, "CNY"))
        catalog.put(tx, [sku], now=datetime.now(UTC))
        level.count(tx, code, "main", on_hand=10_000, oversell_limit=None, change=_change(50))
    lines = tuple(Wanted(code, 2) for code in CODES)
    wishes = [PlaceRequest(person_id=one, lines=lines, scope="pages") for one in who]
    placed = [one for one in place(tx, wishes, change=_change(40)) if isinstance(one, Placed)]
    bought = [one.order_id for one in placed]
    for order_id in bought:
        pay(tx, order_id, f"pay-{order_id.hex}", change=_change(39))
    move(tx, bought, OrderStatus.SHIPPED, change=_change(36))
    _parcels(tx, bought)
    return bought


def _parcels(tx: Tx, bought: Sequence[OrderId]) -> None:
    due = datetime.now(UTC) + 48 * HOUR
    sent = [
        Consignment(
            order_id=order_id, carrier="快燕速运", number=f"KY{order_id.hex}{leg}", promised_at=due
        )
        for order_id in bought
        for leg in (1, 2)
    ]
    attach(tx, sent, change=_change(36))
    scans = [
        Scan(parcel.carrier, parcel.number, _scan(number))
        for parcel in sent
        for number in range(SCANS)
    ]
    record(tx, scans, by="bench", at=datetime.now(UTC), ring=lambda _at: Ring.NEVER)


def _scan(number: int) -> Checkpoint:
    return Checkpoint(
        at=datetime.now(UTC) - (SCANS - number) * HOUR,
        code=ParcelStatus.IN_TRANSIT if number else ParcelStatus.PICKED_UP,
        place=f"中转场 {number}",
        words="快件已发往下一站",
    )


def _told(tx: Tx, bought: Sequence[OrderId], *, policy: Policy) -> None:
    now = datetime.now(UTC)
    known = orders.many(tx, bought)
    wishes = [
        Wish(
            dispatch=f"bench:{notice}:{order_id}",
            notice=notice,
            person_id=known[order_id].person_id,
            order_id=order_id,
            variables={"order_number": known[order_id].number},
            decide_at=now,
        )
        for order_id in bought
        for notice in NOTICES
    ]
    notify(tx, wishes, policy=policy, now=now)


def _letter(person_id: PersonId, number: int) -> Item:
    return Item(
        id=new_id(),
        person_id=person_id,
        order_id=None,
        notice="order_shipped",
        title=f"订单 {100000 + number} 已发货",
        body="快燕速运 KY1390482217654，预计11月26日送达。",
        arrived_at=datetime.now(UTC) - number * HOUR,
    )
