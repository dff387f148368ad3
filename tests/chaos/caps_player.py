"""One of many processes that tell the same people, deliver, fail and withdraw, until it is killed.

`python -m tests.chaos.caps_player URL PLAYER PLAYERS ROUNDS SEED` goes on where its row in
`storm_round` says that it was; nobody begins a round before all have ended the one before.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app.db.engine import make_engine
from app.db.transaction import attempt
from app.hub.bounds import Bounds, Cap
from app.hub.notify import notify
from app.hub.release import release
from app.hub.wish import Wish
from app.jobs.lanes import Lane
from app.messages import store
from app.messages.message import Claimed, Next, State, before_sending
from orders_core.ids import PersonId
from orders_core.tx import Tx
from tests.app.hub.ledger import BOTH
from tests.app.hub.stage import POLICY
from tests.dice import dice
from tests.poll import until

Answer = TypeVar("Answer")

START = datetime.fromisoformat("2026-03-02T00:00:00+00:00")
A_ROUND = timedelta(minutes=115)
AT_ONCE = 25  # people in one batch
LANES = (Lane.ORDER, Lane.MARKETING)
LEASE_SECONDS = 3
PATIENCE_SECONDS = 600
TRIES = 9
POLICY_OF_TEN = replace(POLICY, bounds=Bounds(cap=Cap(30), caps=BOTH))

# Numbers are drawn under the lock of a person's row: of one person they are in order of decisions.
TABLES = """
CREATE SEQUENCE storm_number;
CREATE TABLE storm_round (player int PRIMARY KEY, round int NOT NULL);
CREATE TABLE storm_decided (
  verdict_id uuid PRIMARY KEY, began bigint NOT NULL,
  number bigint NOT NULL DEFAULT nextval('storm_number'));
CREATE TABLE storm_returned (
  message_id uuid PRIMARY KEY, number bigint NOT NULL DEFAULT nextval('storm_number'));
CREATE TABLE storm_moved (message_id uuid NOT NULL, due_at timestamptz NOT NULL);
CREATE FUNCTION storm_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO storm_moved VALUES (OLD.id, OLD.due_at);
  RETURN NULL;
END
$$;
CREATE TRIGGER message_storm_moved AFTER UPDATE OF due_at ON message
FOR EACH ROW WHEN (OLD.due_at <> NEW.due_at) EXECUTE FUNCTION storm_moved();
"""
NUMBER = text("SELECT nextval('storm_number')")
DECIDED = """
INSERT INTO storm_decided (verdict_id, began) SELECT unnest(%(ids)s::uuid[]), %(began)s
"""
RETURNED = """
INSERT INTO storm_returned (message_id) SELECT unnest(%(ids)s::uuid[]) ON CONFLICT DO NOTHING
"""
DONE = text("UPDATE storm_round SET round = :round + 1 WHERE player = :player")
ROUND = text("SELECT round FROM storm_round WHERE player = :player")
SLOWEST = text("SELECT min(round) FROM storm_round")
PEOPLE = text("SELECT id FROM person ORDER BY id")
GONE = text("SELECT id FROM message WHERE verdict_id = ANY(:verdicts) AND state = 'cancelled'")


@dataclass(frozen=True)
class Player:
    """One of the processes, and the chance of its round."""

    engine: Engine
    number: int
    people: Sequence[PersonId]

    def play(self, played: int, chance: Random) -> None:
        """Tell a batch, deliver what is due, and withdraw a little of what was told."""
        now = START + played * A_ROUND + timedelta(seconds=chance.randrange(1800))
        verdicts = patiently(self.engine, lambda tx: self._tell(tx, played, now, chance))
        failed = patiently(self.engine, lambda tx: self._deliver(tx, now, chance))
        self._returned(failed)
        if chance.random() < 0.2:
            self._returned(self._withdraw(verdicts[:4], now))

    def _tell(self, tx: Tx, played: int, now: datetime, chance: Random) -> list[UUID]:
        began = tx.scalar(NUMBER)
        notice = chance.choice(("announcement", "announcement", "announcement", "order_paid"))
        wishes = [
            Wish(
                dispatch=f"{self.number}-{played}",
                notice=notice,
                person_id=person_id,
                decide_at=now,
            )
            for person_id in chance.sample(self.people, AT_ONCE)
        ]
        made = notify(tx, wishes, policy=POLICY_OF_TEN, now=now)
        verdicts = [one.id for one in made]
        tx.exec_driver_sql(DECIDED, {"ids": verdicts, "began": began})
        tx.execute(DONE, {"player": self.number, "round": played})
        return verdicts

    def _deliver(self, tx: Tx, now: datetime, chance: Random) -> list[UUID]:
        release(tx, LANES, bounds=POLICY_OF_TEN.bounds, now=now)
        failed = []
        for lane in LANES:
            held = store.claim(tx, lane, now=now, at_most=60, lease_seconds=LEASE_SECONDS)
            results = [(one, _end_of(one, now, chance)) for one in held]
            store.record(tx, [(one, then) for one, then in results if then], now=now)
            failed += [one.id for one, then in results if then and then.state in UNSENT]
        return failed

    def _withdraw(self, verdicts: Sequence[UUID], now: datetime) -> list[UUID]:
        def work(tx: Tx) -> list[UUID]:
            store.withdraw(tx, verdicts, why="the storm", now=now)
            return list(tx.scalars(GONE, {"verdicts": list(verdicts)}))

        return patiently(self.engine, work)

    def _returned(self, messages: Sequence[UUID]) -> None:
        """Note what was given back for certain: what gave it back is committed."""
        asked = {"ids": list(messages)}
        patiently(self.engine, lambda tx: tx.exec_driver_sql(RETURNED, asked).close())


def patiently(engine: Engine, work: Callable[[Tx], Answer]) -> Answer:
    """Do work in a transaction, anew where a row stayed locked for too long: the house is full."""
    for _ in range(TRIES):
        with suppress(OperationalError):  # what is no lock fails in the last try as well
            return attempt(engine, work)
    return attempt(engine, work)


UNSENT = frozenset({State.FAILED, State.EXPIRED, State.CANCELLED})


def _end_of(one: Claimed, now: datetime, chance: Random) -> Next | None:
    """Say what becomes of a message; None leaves it held, as a worker that dies does."""
    lot = chance.random()
    if (then := before_sending(one, now)) is not None:
        return then
    if lot < 0.02:
        return None
    if lot < 0.3:
        return Next(state=State.FAILED, error="no such number")
    return Next(state=State.SENT)


def prepare(tx: Tx, *, players: int) -> None:
    """Make what the players write down beside the product."""
    tx.exec_driver_sql(TABLES)
    for player in range(players):
        tx.execute(text("INSERT INTO storm_round VALUES (:player, 0)"), {"player": player})


def main(url: str, number: int, rounds: int, seed: int) -> None:
    """Play from the round that was reached to the last."""
    engine = make_engine(url, pool_size=1)

    def all_reached(wanted: int) -> bool:
        return attempt(engine, lambda tx: int(tx.execute(SLOWEST).scalar_one())) >= wanted

    people = attempt(engine, lambda tx: [PersonId(one) for one in tx.scalars(PEOPLE)])
    first = attempt(engine, lambda tx: int(tx.execute(ROUND, {"player": number}).scalar_one()))
    player = Player(engine, number, people)
    for played in range(first, rounds):
        until(partial(all_reached, played), within_seconds=PATIENCE_SECONDS)
        player.play(played, dice(hash((seed, number, played))))
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], *(int(said) for said in sys.argv[2:]))
