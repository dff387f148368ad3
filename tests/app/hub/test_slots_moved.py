"""A bell that is held anew takes its place under the cap along."""

from datetime import datetime

from sqlalchemy import update

from app.db.transaction import begin
from app.hub import store as hub_store
from app.hub.cap_rules import Limit, Over, Per
from app.hub.catalogue import Kind
from app.hub.policy import Policy
from app.hub.pressure import Entry, mask, seconds_of
from app.hub.release import release
from app.hub.verdict import Because
from app.jobs.lanes import Lane
from app.messages.tables import message
from app.people import store as people
from app.people.person import Profile
from orders_core.tx import Tx
from tests.app.hub.stage import NEXT_MORNING, NIGHT, enter, queued
from tests.app.hub.test_slots import EIGHT_IN_LONDON, HOUR, ONCE, offer, policy, row_of, withdraw
from tests.cast import ANA
from tests.shop import Shop


def lives_in(tx: Tx, zone: str) -> None:
    people.change(tx, {ANA.person_id: Profile(reference="", zone=zone)}, now=NIGHT)


def again(tx: Tx, by: Policy = ONCE, now: datetime = NEXT_MORNING) -> int:
    return release(tx, list(Lane), bounds=by.bounds, now=now)


def test_a_bell_that_is_held_anew_takes_its_place_along(tx: Tx):
    enter(tx, ANA)
    offer(tx, "a", at=NIGHT)
    lives_in(tx, "Europe/London")  # where it is midnight

    assert again(tx) == 2

    [line, bell] = row_of(tx)
    assert (line.seconds, line.channels) == (seconds_of(NIGHT), mask(["inapp"]))
    assert bell == Entry(seconds_of(EIGHT_IN_LONDON), 3, mask(["email", "push"]))
    withdraw(tx)
    assert offer(tx, "b", at=NEXT_MORNING + HOUR) is Because.QUIET_HOURS  # in London


def test_bells_of_one_message_that_move_one_after_the_other_stay_one_bell(tx: Tx):
    enter(tx, ANA)
    offer(tx, "a", at=NIGHT)
    lives_in(tx, "Europe/London")
    later = update(message).where(message.c.channel == "push")
    tx.execute(later.values(stands_until=None))
    assert again(tx) == 1
    tx.execute(later.values(stands_until=NEXT_MORNING))
    assert again(tx) == 1

    assert [entry.channels for entry in row_of(tx)] == [mask(["inapp"]), mask(["email", "push"])]


def test_a_bell_that_would_be_one_too_many_where_it_moves_to_does_not_ring(tx: Tx):
    enter(tx, ANA)
    hourly = policy(Limit("hour", "bells", 1, Per.ROLLING_HOUR), Over.DROP, Kind.MARKETING)
    offer(tx, "a", at=NIGHT, policy=hourly)
    offer(tx, "b", at=EIGHT_IN_LONDON + HOUR / 2, policy=hourly)
    lives_in(tx, "Europe/London")

    assert again(tx, hourly) == 2

    gone = [row for row in queued(tx) if row.state == "cancelled"]
    assert {(row.channel, row.error) for row in gone} == {
        ("email", "cap_reached"),
        ("push", "cap_reached"),
    }


def test_a_bell_moves_only_while_nobody_counts_its_person(shop: Shop):
    with begin(shop.engine) as tx:
        enter(tx, ANA)
        offer(tx, "a", at=NIGHT)
        lives_in(tx, "Europe/London")

    with begin(shop.engine) as counting:
        hub_store.lock_pressure(counting, [ANA.person_id])
        with begin(shop.engine) as tx:
            assert again(tx) == 0
    with begin(shop.engine) as tx:
        assert again(tx) == 2
