"""Orders of one shopper in the states worth looking at; they ring nobody."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from app.people import store as people
from app.people.choices import ChannelName
from app.people.person import Profile
from orders_core.catalog import picture_store
from orders_core.catalog import store as catalog
from orders_core.catalog.picture import SVG, Picture
from orders_core.catalog.sku import Sku
from orders_core.events import Change, Ring
from orders_core.ids import OrderId, PersonId
from orders_core.money import Money
from orders_core.orders.address import ShipTo
from orders_core.orders.address_change import set_address
from orders_core.orders.choose import PlaceRequest, Wanted
from orders_core.orders.move import move_one
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from orders_core.orders.pay import pay
from orders_core.orders.place import place
from orders_core.orders.ship import Shipment, ship
from orders_core.parcels.attach import Consignment, attach
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.scan import Scan, record
from orders_core.returns.request import Wish, request
from orders_core.returns.rma import Reason
from orders_core.shortage.find import Pick, pick_failed
from orders_core.stock import level
from orders_core.tx import Tx

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PHONE, EMAIL = "+8613987654321", "mei@mail.example"
HOME = ShipTo(
    name="梅雨",
    phone="13987654321",
    country="CN",
    region="浙江省",
    city="杭州市",
    street="文三路 1 号 3 单元",
)
GOODS = (
    Sku(code="LAMP-O", title_zh="预售台灯", title_en="Pre-sale lamp", price=Money(19_900, "CNY")),
    Sku(code="BELL-O", title_zh="黄铜铃", title_en="Brass bell", price=Money(8_800, "CNY")),
)
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 56 56"><rect width="56" height="56"'
    b' fill="#e3b565"/><path d="M16 38h24l-4-6V24a8 8 0 0 0-16 0v8z" fill="#653f05"/></svg>'
)
WAY = (
    (30, ParcelStatus.PICKED_UP, "杭州", "已揽收"),
    (20, ParcelStatus.IN_TRANSIT, "嘉兴中转场", "已到达"),
    (6, ParcelStatus.IN_TRANSIT, "上海", "快件发往浦东，快递员 13911112222"),
)


def set_orders(tx: Tx, now: datetime) -> Mapping[str, OrderId]:
    """Place orders of Mei's and bring each into its state; return them by what they show."""
    mei = _mei(tx, now)
    catalog.put(tx, GOODS, now=now)
    picture_store.put(tx, "BELL-O", Picture(SVG, PICTURE), now=now)
    for sku in GOODS:
        change = _change(now)
        level.count(tx, sku.code, "main", on_hand=100, oversell_limit=None, change=change)
    return {name: bring(tx, _place(tx, mei, now), now) for name, bring in STATES.items()}


def _mei(tx: Tx, now: datetime) -> PersonId:
    profile = Profile(
        reference="C-2001",
        name="梅雨",
        locale="zh",
        zone="Asia/Shanghai",
        contacts={ChannelName.SMS: PHONE, ChannelName.EMAIL: EMAIL},
    )
    [found] = people.upsert(tx, [profile], locale="zh", zone="UTC", now=now)
    return found


def _change(at: datetime) -> Change:
    return Change(by="till", why="scene", at=at, ring=Ring.NEVER)


def _place(tx: Tx, mei: PersonId, now: datetime) -> OrderId:
    lines = (Wanted("LAMP-O", 1), Wanted("BELL-O", 2))
    request = PlaceRequest(person_id=mei, lines=lines, scope="scene")
    [placed] = place(tx, [request], change=_change(now - 34 * HOUR))
    assert isinstance(placed, Placed)
    return placed.order_id


def _unpaid(_tx: Tx, order_id: OrderId, _now: datetime) -> OrderId:
    return order_id


def _shipped(tx: Tx, order_id: OrderId, now: datetime) -> OrderId:
    pay(tx, order_id, f"pay-{order_id.hex}", change=_change(now - 33 * HOUR))
    move_one(tx, order_id, OrderStatus.SHIPPED, change=_change(now - 31 * HOUR))
    return order_id


def _late(tx: Tx, order_id: OrderId, now: datetime) -> OrderId:
    _shipped(tx, order_id, now)
    number = _parcel(tx, order_id, now, "1")
    _scan(tx, number, now, expected_at=now + 4 * DAY)
    return order_id


def _several(tx: Tx, order_id: OrderId, now: datetime) -> OrderId:
    _shipped(tx, order_id, now)
    first, second = _parcel(tx, order_id, now, "2"), _parcel(tx, order_id, now, "3")
    _scan(tx, first, now)
    _one(tx, first, Checkpoint(at=now - HOUR, code=ParcelStatus.DELIVERED, place="浦东"), now)
    waits = Checkpoint(
        at=now - 2 * HOUR,
        code=ParcelStatus.AT_STATION,
        place="梅园路取件点",
        pickup_code="3-2-1105",
    )
    _one(tx, second, waits, now)
    return order_id


def _refund(tx: Tx, order_id: OrderId, now: datetime) -> OrderId:
    pay(tx, order_id, f"pay-{order_id.hex}", change=_change(now - 33 * HOUR))
    move_one(tx, order_id, OrderStatus.CANCELLED, change=_change(now - HOUR))
    return order_id


def _paid(tx: Tx, order_id: OrderId, now: datetime) -> OrderId:
    pay(tx, order_id, f"pay-{order_id.hex}", change=_change(now - 33 * HOUR))
    set_address(tx, order_id, HOME, change=_change(now - 33 * HOUR))
    return order_id


def _parted(tx: Tx, order_id: OrderId, now: datetime) -> OrderId:
    """One bell of two left; the other and the lamp are here."""
    _paid(tx, order_id, now)
    number = f"KY13904822{order_id.hex[-4:].upper()}4"
    parcel = Consignment(
        order_id=order_id, carrier="快燕速运", number=number, promised_at=now + 2 * DAY
    )
    shipment = Shipment(consignment=parcel, units={2: 1})
    ship(tx, order_id, [shipment], change=_change(now - 31 * HOUR))
    _scan(tx, number, now)
    return order_id


def _short(tx: Tx, order_id: OrderId, now: datetime) -> OrderId:
    _paid(tx, order_id, now)
    missed = Pick(code="BELL-O", warehouse="main", units=1)
    pick_failed(tx, order_id, missed, change=_change(now - HOUR))
    return order_id


def _delivered(tx: Tx, order_id: OrderId, now: datetime) -> OrderId:
    """Delivered yesterday; one bell is asked back."""
    _paid(tx, order_id, now)
    move_one(tx, order_id, OrderStatus.SHIPPED, change=_change(now - 31 * HOUR))
    move_one(tx, order_id, OrderStatus.DELIVERED, change=_change(now - DAY))
    wish = Wish(units={2: 1}, reason=Reason.DAMAGED)
    request(tx, order_id, wish, change=_change(now - HOUR))
    return order_id


STATES: Mapping[str, Callable[[Tx, OrderId, datetime], OrderId]] = {
    "unpaid": _unpaid,
    "late": _late,
    "several": _several,
    "refund": _refund,
    "paid": _paid,
    "parted": _parted,
    "short": _short,
    "delivered": _delivered,
}


def _parcel(tx: Tx, order_id: OrderId, now: datetime, tail: str) -> str:
    number = f"KY13904822{order_id.hex[-4:].upper()}{tail}"
    wish = Consignment(
        order_id=order_id, carrier="快燕速运", number=number, promised_at=now + 2 * DAY
    )
    attach(tx, [wish], change=_change(now - 31 * HOUR))
    return number


def _scan(tx: Tx, number: str, now: datetime, *, expected_at: datetime | None = None) -> None:
    for hours, code, place_, words in WAY:
        said = Checkpoint(
            at=now - hours * HOUR, code=code, place=place_, words=words, expected_at=expected_at
        )
        _one(tx, number, said, now)


def _one(tx: Tx, number: str, said: Checkpoint, now: datetime) -> None:
    scan = Scan("快燕速运", number, said)
    record(tx, [scan], by="carrier", at=now, ring=lambda _at: Ring.NEVER)
