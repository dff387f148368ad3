"""A shop worth looking at: two people, a few orders, messages in every state, one stuck event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from app.access import audit, staff
from app.access.roles import Role
from app.db import heartbeat
from app.hub.tables import told, verdict
from app.inbox import store as inbox
from app.inbox.item import Item, Mark
from app.messages import capture_store
from app.messages.capture_store import Captured
from app.messages.tables import message
from app.people import history_store
from app.people import store as people
from app.people.choices import ChannelName
from app.people.person import Profile
from app.people.saying import imported
from app.templating.render import Renderer
from app.templating.samples import ORDER
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.orders.order import OrderStatus, axes_of
from orders_core.orders.tables import order_line, orders
from orders_core.parcels.tables import parcel
from orders_core.tx import Tx
from tests.shop import MORNING

Trace = list[list[Any]]
Messages = tuple[tuple[str, str], ...]
EVENING = MORNING + timedelta(hours=10)
OPERATOR, PASSWORD = "olga@shop.example", "a long enough password"
TEMPLATES = Path(__file__).parents[1] / "templates"
EMAIL, PHONE, PUSH = "lin@mail.example", "+8613812345678", "device-7"
PASSED: Trace = [
    ["superseded", "pass", {"order": "paid"}],
    ["suppression", "pass", {}],
    ["consent", "pass", {}],
    ["preference", "pass", {}],
    ["switch", "pass", {}],
    ["reachable", "pass", {}],
    ["cap", "pass", {}],
]


@dataclass(frozen=True)
class Scene:
    """Who and what to look at."""

    lin: PersonId
    ana: PersonId
    order: OrderId
    number: int
    message: UUID
    mail: UUID
    text: UUID
    parked: UUID


def set_scene(tx: Tx, now: datetime) -> Scene:
    """Fill an empty shop."""
    staff.put(tx, email=OPERATOR, name="Olga", password=PASSWORD, role=Role.OPERATOR)
    lin, ana = _people(tx, now)
    order_id, number = _order(tx, lin, now, 100482)
    stuck, _ = _order(tx, ana, now, 100483)
    _shipped(tx, order_id, now)
    messages = _told(tx, lin, order_id, now)
    parked = _stuck(tx, stuck)
    mail, text_message = _left(tx, messages[0], now)
    _inbox(tx, lin, order_id, messages, now)
    for role in ("web", "relay", "worker", "scheduler"):
        heartbeat.beat(tx, f"{role}@host:1", role, is_leader=role == "scheduler")
    audit.record(tx, f"staff:{OPERATOR}", "marketing.resume", "all", "the mix-up is mended")
    return Scene(lin, ana, order_id, number, messages[0], mail, text_message, parked)


def _people(tx: Tx, now: datetime) -> tuple[PersonId, PersonId]:
    lin = Profile(
        reference="C-1001",
        name="林小满",
        locale="zh",
        zone="Asia/Shanghai",
        contacts={
            ChannelName.EMAIL: EMAIL,
            ChannelName.SMS: PHONE,
            ChannelName.PUSH: PUSH,
        },
    )
    ana = Profile(
        reference="C-1002",
        name="Ana Souza",
        locale="en",
        zone="Europe/London",
        contacts={ChannelName.EMAIL: "ana@mail.example"},
    )
    history_store.note(tx, imported(now))
    first, second = people.upsert(tx, [lin, ana], locale="zh", zone="Asia/Shanghai", now=now)
    return first, second


def _order(tx: Tx, person_id: PersonId, now: datetime, number: int) -> tuple[OrderId, int]:
    order_id = OrderId(new_id())
    tx.execute(
        insert(order_line).values(
            order_id=order_id,
            position=1,
            code="TEA",
            title="龙井明前茶",
            quantity=1,
            unit_minor=16870,
        )
    )
    tx.execute(
        insert(orders).values(
            id=order_id,
            number=number,
            source="youzan",
            reference=f"E2026{number}",
            person_id=person_id,
            status="placed",
            currency="CNY",
            total_minor=16870,
            mirrored=True,
            placed_at=now,
            changed_by="key:demo",
            change_reason="order.snapshot",
            changed_at=now,
        )
    )
    return order_id, number


def _shipped(tx: Tx, order_id: OrderId, now: datetime) -> None:
    for status, minutes in (("paid", 2), ("shipped", 90)):
        tx.execute(
            text(
                f"UPDATE orders SET status = :s, {status}_at = :at, payment = 'paid',"  # noqa: S608
                " fulfilment = :fulfilment, version = version + 1,"
                " changed_by = 'key:demo', change_reason = 'order.snapshot', changed_at = :at"
                " WHERE id = :id"
            ),
            {
                "s": status,
                "fulfilment": axes_of(OrderStatus(status)).fulfilment,
                "at": now + timedelta(minutes=minutes),
                "id": order_id,
            },
        )
    tx.execute(
        insert(parcel).values(
            id=new_id(),
            order_id=order_id,
            carrier="sf",
            number="SF1390482217654",
            status="in_transit",
            promised_at=now + timedelta(days=2),
            expected_at=now + timedelta(days=3),
            expected_source="carrier",
            last_scan_at=now,
            last_place="杭州中转场",
            changed_by="carrier:sf",
            change_reason="checkpoint",
            changed_at=now,
        )
    )
    tx.execute(text("UPDATE outbox SET state = 'done'"))


# notice, answer, why, what the last rules said, and the messages it became
DECIDED: tuple[tuple[str, str, str | None, Trace, Messages], ...] = (
    (
        "order_placed",
        "send",
        None,
        [*PASSED, ["quiet_hours", "pass", {"urgent": True}]],
        (("email", "sent"), ("inapp", "sent")),
    ),
    (
        "order_paid",
        "send",
        None,
        [*PASSED, ["quiet_hours", "pass", {"zone": "Asia/Shanghai"}]],
        (("email", "sent"), ("push", "unknown"), ("inapp", "sent")),
    ),
    (
        "order_shipped",
        "wait",
        "quiet_hours",
        [*PASSED, ["quiet_hours", "wait", {"zone": "Asia/Shanghai", "until": EVENING.isoformat()}]],
        (("sms", "queued"), ("inapp", "sent")),
    ),
    (
        "announcement",
        "skip",
        "no_consent",
        [*PASSED[:2], ["consent", "skip", {"email": None, "push": False}]],
        (),
    ),
)
DECIDERS = {"send": "all_clear", "wait": "quiet_hours", "skip": "consent"}


def _told(tx: Tx, lin: PersonId, order_id: OrderId, now: datetime) -> list[UUID]:
    found: list[UUID] = []
    for notice, answer, because, trace, sent in DECIDED:
        verdict_id = new_id()
        tx.execute(
            insert(verdict).values(
                id=verdict_id,
                person_id=lin,
                notice=notice,
                answer=answer,
                because=because,
                order_id=None if notice == "announcement" else order_id,
                until=EVENING if answer == "wait" else None,
                decided_by=DECIDERS[answer],
                trace=trace,
                decided_at=now,
            )
        )
        tx.execute(insert(told).values(dispatch=verdict_id.bytes, person_id=lin))
        for channel, state in sent:
            found.append(_message(tx, lin, order_id, verdict_id, notice, channel, state, now))
    return found


def _message(  # noqa: PLR0913, PLR0917
    tx: Tx,
    lin: PersonId,
    order_id: OrderId,
    verdict_id: UUID,
    notice: str,
    channel: str,
    state: str,
    now: datetime,
) -> UUID:
    message_id = new_id()
    address = {"email": EMAIL, "sms": PHONE, "push": PUSH}.get(channel, "inbox")
    tx.execute(
        insert(message).values(
            id=message_id,
            verdict_id=verdict_id,
            person_id=lin,
            order_id=order_id,
            notice=notice,
            channel=channel,
            address=address,
            locale="zh",
            kind="order",
            lane=1,
            variables={},
            state=state,
            due_at=now,
            expires_at=now + timedelta(days=1),
            queued_at=now,
            settled_at=None if state == "queued" else now + timedelta(seconds=2),
            attempts=1,
            duplicate_risk=state == "unknown",
        )
    )
    return message_id


def _stuck(tx: Tx, order_id: OrderId) -> UUID:
    error = "RenderFailed: notices/order_placed/email.en.j2: 'carrier' is undefined"
    found: UUID = tx.execute(
        text(
            "UPDATE outbox SET state = 'parked', attempts = 5, error = :error"
            " WHERE entity_id = :id RETURNING id"
        ),
        {"id": order_id, "error": error},
    ).scalar_one()
    return found


def _left(tx: Tx, message_id: UUID, now: datetime) -> tuple[UUID, UUID]:
    renderer = Renderer.of_folder(TEMPLATES)
    for minute, (notice, channel, to, locale) in enumerate(
        (
            ("order_placed", "email", EMAIL, "zh"),
            ("order_shipped", "sms", PHONE, "zh"),
            ("order_paid", "push", PUSH, "zh"),
            ("order_placed", "email", "ana@mail.example", "en"),
        )
    ):
        words = renderer.render(notice, channel, locale, ORDER[locale])
        capture_store.add(
            tx,
            [
                Captured(
                    channel=channel,
                    address=to,
                    message_id=message_id,
                    subject=words.title,
                    body=words.text,
                    html=words.html,
                    headers=(("Subject", words.title), ("List-Unsubscribe", "<https://…>")),
                    captured_at=now + timedelta(minutes=minute),
                )
            ],
        )
    mail = capture_store.page(tx, at_most=1)[0].id
    sms = capture_store.page(tx, at_most=1, channel="sms")[0].id
    return mail or message_id, sms or message_id


def _inbox(tx: Tx, lin: PersonId, order_id: OrderId, messages: list[UUID], now: datetime) -> None:
    letters = (
        ("order_placed", "订单 100482 已收到", "您的订单共 ¥168.70，付款后我们会尽快发货。"),
        ("order_paid", "订单 100482 已付款", "已收到付款 ¥168.70，正在为您备货。"),
        ("order_shipped", "订单 100482 已发货", "顺丰速运 SF1390482217654，预计11月26日送达。"),
    )
    told_in_app = (messages[1], messages[4], messages[6])
    for minute, (notice, title, body) in enumerate(letters):
        inbox.write(
            tx,
            Item(
                id=told_in_app[minute],
                person_id=lin,
                order_id=order_id,
                notice=notice,
                title=title,
                body=body,
                arrived_at=now + timedelta(minutes=minute),
            ),
        )
    first = inbox.page(tx, lin)[-1].id
    inbox.mark(tx, lin, [first], Mark.READ, now=now)
