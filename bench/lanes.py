"""An order's news while a campaign goes out: two lanes, the same two cores.

Orders are placed at a steady rate, each at its own time however long others take. First with
nothing beside them, then while the shop's own bulk worker decides about a crowd and sends what it
decided. An order's time is from its commit until the last channel took its news, by the database's
clock; whoever was ordered for after the campaign's last message is left out.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from app.campaigns import change, store
from app.campaigns.campaign import CampaignId, Draft, State
from app.campaigns.change import Act
from app.campaigns.wording import Words
from app.db.transaction import begin
from app.settings import Settings
from bench import buyers, crowd
from bench.buyers import Bought
from bench.floor import at_work
from bench.ground import Ground
from orders_core.ids import PersonId

ROLES = ("relay", "worker-fast", "worker-bulk")
SETTINGS = Settings(mode="test", campaign_countdown_seconds=0)
WORDS = {
    "zh": Words("秋茶到店", "今年的秋茶已经到店，会员享 8 折。"),
    "en": Words("Autumn teas are here", "Members pay 20% less until 30 November."),
}
MESSAGES_A_PERSON = 1.2  # six of ten of the crowd are told, in the inbox and by push
HANDS = 4  # threads that order, so that a slow order holds up no other
STEP_SECONDS = 0.5
LONGEST_SECONDS = 1800.0
NOON = 12

# Letters would measure the mail server of the bench, which shares the two cores.
NO_LETTERS = """
DELETE FROM contact USING person
WHERE person.id = person_id AND reference LIKE 'crowd-%' AND channel = 'email'
"""
TAKEN = """
SELECT order_id, max(not_before), bool_and(state = 'sent') FROM message
WHERE order_id = ANY(:orders) GROUP BY order_id
"""  # of a message that was sent it is the machine time of its record
OFFERS = "SELECT count(*), count(*) FILTER (WHERE state = 'sent') FROM message WHERE lane = 3"
LAST = "SELECT max(not_before) FROM message WHERE lane = 3 AND state = 'sent'"
OPEN = "SELECT EXISTS (SELECT FROM message WHERE lane = 3 AND state IN ('queued', 'sending'))"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """Messages of the campaign, orders a second, and orders that are placed with nothing beside."""

    messages: int = 40_000
    a_second: float = 10.0
    alone: int = 300


QUICK = Plan(messages=600, alone=10)


def run(
    ground: Ground, say: Say, *, messages: int | None = None, quick: bool = False
) -> Mapping[str, object]:
    """Measure; return milliseconds from commit to accepted, alone and beside the campaign."""
    plan = QUICK if quick else Plan()
    plan = Plan(messages or plan.messages, plan.a_second, plan.alone)
    people = buyers.move_in(ground)
    with begin(ground.engine) as tx:
        crowd.gather(
            tx,
            round(plan.messages / MESSAGES_A_PERSON),
            zones=(_where_it_is_noon(),),
            now=datetime.now(UTC),
        )
        tx.execute(text(NO_LETTERS))
    with at_work(ground, ROLES), ThreadPoolExecutor(HANDS) as hands:
        shop = _Shop(ground, hands, people, plan, say)
        shop.wake()
        alone = shop.order_alone()
        beside = shop.order_beside()
        return shop.figures(alone, beside)


def _where_it_is_noon() -> str:
    """Name a zone where nobody's hours hold a bell for long."""
    ahead = NOON - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"  # the sign of these names is the other way round


@dataclass
class _Shop:
    ground: Ground
    hands: ThreadPoolExecutor
    people: list[PersonId]
    plan: Plan
    say: Say
    late: int = 0
    seconds: float = 0.0
    _ordered: list[Future[Bought]] = field(default_factory=list)

    def wake(self) -> None:
        """Wait until the processes are up: the first order's news is through."""
        first = buyers.buy(self.ground.engine, self.people[0], scope="lanes")
        self._until(lambda: bool(self._taken([first])))

    def order_alone(self) -> list[Bought]:
        """Order at the plan's rate with nothing beside."""
        ends = time.monotonic() + self.plan.alone / self.plan.a_second
        return self._order_until(lambda: time.monotonic() > ends)

    def order_beside(self) -> list[Bought]:
        """Order at the same rate until the campaign has sent its last message."""
        campaign_id = self._launch()
        began = time.monotonic()
        bought = self._order_until(lambda: self._is_over(campaign_id))
        self.seconds = time.monotonic() - began
        with begin(self.ground.engine) as tx:
            last = tx.scalar(text(LAST))
        return [one for one in bought if last is not None and one.committed_at <= last]

    def _launch(self) -> CampaignId:
        now = datetime.now(UTC)
        with begin(self.ground.engine) as tx:
            draft = Draft(name="Teas", words=WORDS)
            campaign_id = change.write(tx, draft, Act("bench", now))
            change.schedule(tx, campaign_id, Act("bench", now), settings=SETTINGS)
        return campaign_id

    def _is_over(self, campaign_id: CampaignId) -> bool:
        with begin(self.ground.engine) as tx:
            is_decided = store.find(tx, campaign_id).state is State.FINISHED
            return is_decided and not tx.scalar(text(OPEN))

    def _order_until(self, is_over: Callable[[], bool]) -> list[Bought]:
        """Order at a steady rate; look now and then whether it is over."""
        ordered: list[Future[Bought]] = []
        began = looked = time.monotonic()
        while True:
            due = began + len(ordered) / self.plan.a_second
            pause = due - time.monotonic()
            time.sleep(max(0.0, pause))
            self.late += pause < -1 / self.plan.a_second
            who = self.people[len(ordered) % len(self.people)]
            ordered.append(self.hands.submit(buyers.buy, self.ground.engine, who, scope="lanes"))
            if time.monotonic() - looked > STEP_SECONDS:
                looked = time.monotonic()
                if is_over():
                    return [one.result() for one in ordered]
                if looked - began > LONGEST_SECONDS:
                    raise TimeoutError(f"the campaign was not over within {LONGEST_SECONDS} s")

    def _taken(self, bought: list[Bought]) -> dict[object, datetime]:
        """Return when the last channel took the news of each order that is through."""
        with begin(self.ground.engine) as tx:
            rows = tx.execute(text(TAKEN), {"orders": [one.order_id for one in bought]}).all()
        return {order_id: at for order_id, at, is_sent in rows if is_sent}

    def _until(self, is_true: Callable[[], bool]) -> None:
        ends = time.monotonic() + 60
        while not is_true():
            if time.monotonic() > ends:
                raise TimeoutError("an order's news did not leave within a minute")
            time.sleep(STEP_SECONDS)

    def _milliseconds(self, bought: list[Bought]) -> list[float]:
        self._until(lambda: len(self._taken(bought)) == len(bought))
        taken = self._taken(bought)
        return [
            (taken[one.order_id] - one.committed_at) / timedelta(milliseconds=1) for one in bought
        ]

    def figures(self, alone: list[Bought], beside: list[Bought]) -> Mapping[str, object]:
        """Hold the two against each other."""
        with begin(self.ground.engine) as tx:
            offers, sent = tx.execute(text(OFFERS)).one()
        return {
            "orders_alone": len(alone),
            "orders_beside": len(beside),
            "orders_late": self.late,
            "l1_alone_ms": buyers.percentiles(self._milliseconds(alone)),
            "l1_beside_ms": buyers.percentiles(self._milliseconds(beside)),
            "l3_messages": offers,
            "l3_messages_sent": sent,
            "l3_seconds": round(self.seconds, 1),
            "l3_messages_per_s": round(sent / self.seconds),
        }
