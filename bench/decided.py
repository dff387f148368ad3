"""A past of any length: real decisions about some people, copied by the database for many more.

A copy has ids of its own and the same moments, so each copied person lived the same days as the one
they were copied from, and a policy that did not change replays all of them identically.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.schema import DropIndex

from app.db.engine import make_engine
from app.db.transaction import begin
from app.hub.notify import notify
from app.hub.policy import Policy, read_policy
from app.hub.question import Standing
from app.hub.tables import verdict
from app.hub.wish import Wish
from app.people.tables import person
from app.settings import Settings
from bench import crowd
from bench.ground import Ground
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.tx import Tx

PEOPLE, EACH = 400, 25
LIVED = PEOPLE * EACH  # decisions that are really made; the rest are copies of them
SINCE = datetime(2026, 3, 2, tzinfo=UTC)
LASTED = timedelta(days=7)
OFFERS = ("announcement", "cart_left", "back_in_stock", "price_drop", "coupon_expiring")
NEWS = ("order_paid", "order_shipped", "order_delivered", "order_delayed", "refund_started")
TOLD_OF_ORDERS = 0.55  # the share of decisions that are about an order
BATCH, COPIES = 500, 50
SECONDS = 900  # a statement that fills may take so long

Say = Callable[[str], None]

# The copy's number takes the place of four bytes: of those drawn by lot at the end of a verdict's
# id, so that copies keep the order of their originals, and of the first ones of a person's and an
# order's, so that the copies of one person do not lie side by side.
OF_COPY = "encode(overlay(uuid_send({}) placing int4send(copy) from {} for 4), 'hex')::uuid"
COPY = f"""
INSERT INTO verdict (id, person_id, order_id, notice, answer, because, decided_by, until, trace,
                     decided_at, facts, pressure, bounds)
SELECT {OF_COPY.format("id", 13)}, {OF_COPY.format("person_id", 1)},
       {OF_COPY.format("order_id", 1)},
       notice, answer, because, decided_by, until, trace, decided_at, facts, pressure, bounds
FROM lived, generate_series(%(first)s::int, %(last)s::int) AS copy
ORDER BY id, copy
"""  # noqa: S608 - made of constants


def live(ground: Ground, say: Say) -> None:
    """Let some people hear of offers and orders for a week, and keep what was decided to copy."""
    with begin(ground.engine) as tx:
        crowd.gather(tx, PEOPLE, zones=crowd.ZONES, now=SINCE)
    with begin(ground.engine) as tx:
        policy = read_policy(tx, Settings(_env_file=None))
        bounds = replace(policy.bounds, spread=timedelta(0))  # its lot is drawn by the person's id
        people = [PersonId(one) for one in tx.scalars(select(person.c.id))]
        wishes = iter(_wishes(people))
        while batch := list(islice(wishes, BATCH)):
            _tell(tx, batch, replace(policy, bounds=bounds))
        tx.exec_driver_sql("CREATE TABLE lived AS SELECT * FROM verdict")
        tx.exec_driver_sql("TRUNCATE verdict")
    say(f"{LIVED} decisions made")


def _tell(tx: Tx, wishes: Sequence[Wish], policy: Policy) -> None:
    notify(tx, wishes, policy=policy, now=wishes[-1].decide_at)


def _wishes(people: Sequence[PersonId]) -> list[Wish]:
    """Draw who is told of what, and when; each batch is in the order of time."""
    chance = Random(20_260_302)  # noqa: S311 - seeded, nobody's secret
    moments = sorted(SINCE + LASTED * chance.random() for _ in range(LIVED))
    return [_wish(chance, number, chance.choice(people), at) for number, at in enumerate(moments)]


def _wish(chance: Random, number: int, who: PersonId, at: datetime) -> Wish:
    if chance.random() > TOLD_OF_ORDERS:
        return Wish(dispatch=str(number), notice=chance.choice(OFFERS), person_id=who, decide_at=at)
    standing = Standing(order_status=chance.choice(["paid", "shipped", "delivered"]))
    return Wish(
        dispatch=str(number),
        notice=chance.choice(NEWS),
        person_id=who,
        order_id=OrderId(new_id()),
        decide_at=at,
        standing=standing,
    )


def copy(ground: Ground, upto: int, *, begin_at: int = 0) -> None:
    """Copy what was lived until so many decisions stand; indexes are made at the end, as one."""
    engine = make_engine(
        ground.engine.url.render_as_string(hide_password=False),
        pool_size=1,
        statement_seconds=SECONDS,
    )
    first, last = begin_at // LIVED, upto // LIVED
    with begin(engine) as tx:
        for index in verdict.indexes:
            tx.execute(DropIndex(index))
    for start in range(first, last, COPIES):
        with begin(engine) as tx:
            among = {"first": start, "last": min(start + COPIES, last) - 1}
            tx.exec_driver_sql(COPY, among)
    _index(engine)
    engine.dispose()


def _index(engine: Engine) -> None:
    with begin(engine) as tx:
        for index in verdict.indexes:
            index.create(tx)
    with begin(engine) as tx:
        tx.exec_driver_sql("ANALYZE verdict")
