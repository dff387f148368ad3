"""A jump of the clock tells what living through the same hours tells: whom, what, where, when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.db import clock as shared_clock
from app.db.clock import BusinessClock
from app.db.transaction import begin
from app.house import House
from app.hub.notify import notify
from app.hub.policy import read_policy
from app.hub.wish import Wish
from app.messages import capture
from app.messages.tables import message
from app.orders.door import hold_of
from app.people.recipient import Recipient
from app.subscribers.drain import drain
from app.subscribers.jump import jump
from app.wiring import open_channels
from channels.fake.channel import Fake
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.orders.move import move_one
from orders_core.orders.order import OrderStatus
from orders_core.orders.outcome import Placed
from orders_core.orders.pay import pay
from orders_core.orders.place import place
from tests import poll
from tests.app.hub.stage import enter
from tests.buying import MUG, change, fill, order, out_of_balance, wish
from tests.cast import ANA
from tests.pages_app import settings_of
from tests.shop import Shop

Told = tuple[str, str, datetime, str, datetime | None, str | None]
AT_SIXTY = 60.0
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Story:
    """What happens at `start` to somebody who lives in `zone`, and the hours that follow."""

    zone: str
    start: datetime
    hours: float
    step_minutes: int
    rings_at: datetime | None  #: when the bells that wait ring, worked out by hand


STORIES = {
    # 06:40 in Shanghai; quiet hours end at 08:00
    "a quiet-hours edge": Story(
        zone="Asia/Shanghai",
        start=datetime(2026, 3, 2, 22, 40, tzinfo=UTC),
        hours=2,
        step_minutes=5,
        rings_at=datetime(2026, 3, 3, 0, 0, tzinfo=UTC),
    ),
    # 00:30 in New York; at 02:00 clocks go back to 01:00, and 08:00 is 13:00 in London
    "a clock change in New York": Story(
        zone="America/New_York",
        start=datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
        hours=9,
        step_minutes=15,
        rings_at=datetime(2026, 11, 1, 13, 0, tzinfo=UTC),
    ),
    # 00:30 in Lisbon; at 02:00 clocks go back to 01:00, and 08:00 is 08:00 in UTC
    "a clock change in Lisbon": Story(
        zone="Europe/Lisbon",
        start=datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
        hours=9,
        step_minutes=15,
        rings_at=datetime(2026, 10, 25, 8, 0, tzinfo=UTC),
    ),
    # noon in Shanghai: nothing waits for the morning, and one order is never paid
    "an unpaid order": Story(
        zone="Asia/Shanghai",
        start=datetime(2026, 3, 2, 4, 0, tzinfo=UTC),
        hours=1,
        step_minutes=3,
        rings_at=None,
    ),
}


@pytest.fixture
def house(shop: Shop) -> Iterator[House]:
    """A house that sends into the dev outbox; its clock is the test's own, and stands still."""
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 100})
    settings = settings_of(shop, redis_url="", quiet_spread_minutes=0)
    channels = dict(open_channels(settings, engine=shop.engine, clock=shop.clock))
    channels["email"] = Fake("email", capture.outbox_record(shop.engine, shop.clock))
    yield House(settings=settings, engine=shop.engine, clock=shop.clock, channels=channels)
    with begin(shop.engine) as tx:
        assert out_of_balance(tx) == []


def on_business_time(house: House) -> House:
    """Return the house by the clock that the database keeps, as processes have it."""
    clock = BusinessClock(house.engine, cache_seconds=0)
    channels = dict(open_channels(house.settings, engine=house.engine, clock=clock))
    channels["email"] = Fake("email", capture.outbox_record(house.engine, clock))
    return replace(house, clock=clock, channels=channels)


def newcomer(house: House, zone: str) -> Recipient:
    """Let somebody move in who agreed to everything."""
    who = replace(ANA, person_id=PersonId(new_id()), name=str(new_id()), zone=zone)
    with begin(house.engine) as tx:
        enter(tx, who)
    return who


def ordered(house: House, who: Recipient) -> OrderId:
    with begin(house.engine) as tx:
        bought = change("shopper", why="bought", at=house.clock.now())
        [outcome] = place(
            tx, [wish((MUG, 1), who=who)], change=bought, hold=hold_of(house.settings)
        )
        assert isinstance(outcome, Placed)
        return outcome.order_id


def shipped(house: House, who: Recipient) -> OrderId:
    order_id, now = ordered(house, who), house.clock.now()
    with begin(house.engine) as tx:
        pay(tx, order_id, f"pay-{order_id.hex}", change=change("gateway", why="paid", at=now))
        move_one(tx, order_id, OrderStatus.SHIPPED, change=change("clerk", why="sent", at=now))
    return order_id


def offered(house: House, who: Recipient) -> None:
    now = house.clock.now()
    spring = Wish(
        dispatch="spring-tea",
        notice="announcement",
        person_id=who.person_id,
        variables={"title": "春茶", "body": "今年的春茶已经到店。"},
        decide_at=now,
    )
    with begin(house.engine) as tx:
        notify(tx, [spring], policy=read_policy(tx, house.settings), now=now)


def everything_happens_to(house: House, who: Recipient) -> None:
    ordered(house, who)
    shipped(house, who)
    offered(house, who)


def told(house: House, who: Recipient) -> list[Told]:
    """Read what a person was told: what, where, due when, what became of it, when, and why."""
    wanted = (
        select(
            message.c.notice,
            message.c.channel,
            message.c.due_at,
            message.c.state,
            message.c.settled_at,
            message.c.variables["cancelled_at"].as_string(),
        )
        .where(message.c.person_id == who.person_id)
        .order_by(message.c.due_at, message.c.notice, message.c.channel)
    )
    with begin(house.engine) as tx:
        return [tuple(_to_the_second(one) for one in row) for row in tx.execute(wanted)]  # type: ignore[misc]


def _to_the_second(value: object) -> object:
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def jump_over(house: House, story: Story) -> None:
    jump(on_business_time(house), forward=timedelta(hours=story.hours))


def live_through(house: House, shop: Shop, story: Story) -> None:
    """Let the hours pass step by step, as a clock at x60 looked at every few seconds does."""
    step = timedelta(minutes=story.step_minutes)
    drain(house)
    for _ in range(round(timedelta(hours=story.hours) / step)):
        shop.clock.advance(step)
        drain(house)


@pytest.mark.parametrize("name", STORIES)
def test_a_jump_tells_what_living_through_tells(house: House, shop: Shop, name: str) -> None:
    story, ways = STORIES[name], dict[str, list[Told]]()
    passing: dict[str, Callable[[], None]] = {
        "jumped": lambda: jump_over(house, story),
        "lived": lambda: live_through(house, shop, story),
    }
    for way, pass_time in passing.items():
        shop.clock.set(story.start)
        who = newcomer(house, story.zone)
        everything_happens_to(house, who)
        pass_time()
        ways[way] = told(house, who)

    assert ways["jumped"] == ways["lived"]
    ended_at = story.start + timedelta(minutes=30)
    assert _rung(ways["lived"], "order_cancelled") == {ended_at}
    assert _rung(ways["lived"], "order_shipped") == {story.rings_at or story.start}
    assert _rung(ways["lived"], "announcement") == {story.rings_at or story.start}
    assert {state for _, _, _, state, _, _ in ways["lived"]} == {"sent"}


def _rung(messages: list[Told], notice: str) -> set[datetime | None]:
    """Return when the bells of a notice left."""
    return {left for name, on, _, _, left, _ in messages if name == notice and on != "inapp"}


def test_at_sixty_times_the_speed_an_unpaid_order_ends_at_the_same_minute(
    house: House, shop: Shop
) -> None:
    house = replace(house, settings=house.settings.model_copy(update={"unpaid_minutes": 2}))
    start = STORIES["an unpaid order"].start
    shop.clock.set(start)
    jumped = newcomer(house, "UTC")
    ordered(house, jumped)
    jump(on_business_time(house), forward=timedelta(minutes=5))

    shop.clock.set(start)
    lived = newcomer(house, "UTC")
    order_id = ordered(house, lived)
    with begin(house.engine) as tx:
        shared_clock.set_rate(tx, rate=AT_SIXTY)
    living = on_business_time(house)

    def is_told() -> bool:
        drain(living)
        return any(one[0] == "order_cancelled" for one in told(house, lived))

    poll.until(is_told, within_seconds=30)

    with begin(house.engine) as tx:
        assert order(tx, order_id).cancelled_at == start + 2 * A_MINUTE
    first, second = told(house, jumped), told(house, lived)
    assert [(one[0], one[1], one[3], one[5]) for one in first if one[0] == "order_cancelled"] == [
        (one[0], one[1], one[3], one[5]) for one in second if one[0] == "order_cancelled"
    ]
