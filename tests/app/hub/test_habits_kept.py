"""What is counted of where people look, what a night keeps of it, and what decisions read."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import text

from app.db import learning_store
from app.db.transaction import begin
from app.house import House
from app.hub import habit_store
from app.hub.bounds import Bounds
from app.hub.decide import decide
from app.hub.facts import recall
from app.hub.opened_store import Opened, read_everywhere
from app.hub.route_table import read_routes
from app.people.erase_store import OF_A_PERSON
from app.people.store import recipients
from app.people.tables import habit
from app.rules import standard
from app.subscribers import fatigue, habits
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, queued, tell, verdicts, wish
from tests.cast import ANA, BEN
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ROUTES = read_routes(standard.sheet_of("routing") or "", standard.sheet_of("bell_cost") or "")
LEARNT = Bounds(routes=ROUTES)


def rang(tx: Tx, who: PersonId, days_ago: float, *, on: str = "push", **more: Any) -> None:
    """A bell that rang, with the inbox line of its verdict.

    `opened_after` and `read_after` are hours until its link was opened, and its line read.
    """
    sent, line = MORNING - days_ago * DAY, new_id()
    opened_after, read_after = more.pop("opened_after", None), more.pop("read_after", None)
    notice = more.pop("notice", "announcement")
    said = {"p": who, "v": more.pop("verdict_id", new_id()), "n": notice, "at": sent}
    said |= {"k": more.pop("kind", "marketing"), "s": more.pop("state", "sent")}
    said |= {"ends": sent + 30 * DAY, "trial": False} | more
    for message_id, channel, after in ((line, "inapp", None), (new_id(), on, opened_after)):
        tx.execute(
            text(
                "INSERT INTO message (id, verdict_id, person_id, notice, channel, address, kind,"
                " lane, locale, variables, state, queued_at, due_at, expires_at, settled_at,"
                " opened_at, is_trial) VALUES (:m, :v, :p, :n, :c, '', :k, 3, 'en', '{}', :s,"
                " :at, :at, :ends, :at, :open, :trial)"
            ),
            said
            | {"m": message_id, "c": channel}
            | {"open": None if after is None else sent + after * HOUR},
        )
    read = min((one for one in (opened_after, read_after) if one is not None), default=None)
    tx.execute(
        text(
            "INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, read_at)"
            " VALUES (:m, :p, :n, 't', 'b', :at, :read)"
        ),
        {"m": line, "p": who, "n": notice, "at": sent}
        | {"read": None if read is None else sent + read * HOUR},
    )


def counted(tx: Tx) -> dict[tuple[str, str], dict[tuple[int, int], int]]:
    return {which: dict(cells) for which, cells in habit_store.count(tx, now=MORNING).items()}


def test_what_rang_and_had_its_time_is_counted_and_nothing_else(tx: Tx):
    enter(tx, ANA, BEN)
    ana = ANA.person_id
    rang(tx, ana, 10, opened_after=1)
    rang(tx, ana, 9, opened_after=47)
    rang(tx, ana, 8, opened_after=49)
    rang(tx, ana, 7)
    rang(tx, ana, 6, kind="order", notice="order_paid", on="email")
    rang(tx, ana, 5, kind="support", notice="case_answered", on="email", opened_after=2)
    assert counted(tx) == {("offers", "push"): {(4, 2): 1}, ("orders", "email"): {(2, 1): 1}}

    rang(tx, ana, 1.9, opened_after=1)  # not over yet
    rang(tx, ana, 91, opened_after=1)  # long ago
    rang(tx, ana, 7, state="failed")
    rang(tx, ana, 7, trial=True)
    rang(tx, ana, 7, kind="security", notice="security_code")
    rang(tx, ana, 7, notice="digest")
    assert counted(tx) == {("offers", "push"): {(4, 2): 1}, ("orders", "email"): {(2, 1): 1}}

    rang(tx, ana, 20, ends=MORNING - 20 * DAY + HOUR, opened_after=2)  # of no use any more by then
    rang(tx, BEN.person_id, 7, opened_after=2)
    assert counted(tx)["offers", "push"] == {(5, 2): 1, (1, 1): 1}
    tx.execute(text("UPDATE person SET erased_at = now() WHERE id = :p"), {"p": BEN.person_id})
    assert counted(tx)["offers", "push"] == {(5, 2): 1}


def test_what_was_read_by_another_way_first_says_nothing_of_a_bell(tx: Tx):
    enter(tx, ANA)
    both = new_id()
    rang(tx, ANA.person_id, 10, verdict_id=both, opened_after=1)
    rang(
        tx, ANA.person_id, 10, verdict_id=both, on="email"
    )  # the push was opened: no letter needed
    rang(tx, ANA.person_id, 9, read_after=3)  # found in the inbox
    rang(tx, ANA.person_id, 8, read_after=60)  # found in the inbox, when it was too late

    assert counted(tx) == {("offers", "push"): {(2, 1): 1}}


def test_a_link_that_is_opened_marks_its_own_message_and_the_first_time_stands(tx: Tx):
    enter(tx, ANA)
    [made] = tell(tx, wish(ANA, "order_paid"))
    for hours, on in ((0, "push"), (2, "push"), (3, "inapp")):
        read_everywhere(
            tx,
            Opened(made.id, on),
            person_id=ANA.person_id,
            order_id=None,
            now=MORNING + hours * HOUR,
        )

    opened = {row.channel: row.opened_at for row in queued(tx)}
    assert opened == {channel: MORNING if channel == "push" else None for channel in opened}


def crowd(tx: Tx, people: int) -> list[PersonId]:
    """People who open every second push, and one letter in six."""
    made = [PersonId(new_id()) for _ in range(people)]
    for n, one in enumerate(made):
        tx.execute(
            text("INSERT INTO person (id, locale, zone, created_at) VALUES (:p, 'en', 'UTC', :at)"),
            {"p": one, "at": MORNING - 400 * DAY},
        )
        for k in range(6):
            pushes, letters = (k + n) % 2 == 0 or n % 3 == 0, (k + n) % 6 == 0
            rang(tx, one, 10 + k, opened_after=1 if pushes else None)
            rang(tx, one, 30 + k, on="email", opened_after=1 if letters else None)
    return made


def test_the_night_keeps_what_everybody_sees_where_and_decisions_read_it(tx: Tx):
    enter(tx, ANA, BEN)
    people = crowd(tx, 40)
    for k in range(5):
        rang(tx, ANA.person_id, 5 + k, on="email", opened_after=1)
    for k in range(4):
        rang(tx, BEN.person_id, 5 + k, opened_after=1)

    facts = habits.learn(tx, MORNING)

    met = recipients(tx, [*people, ANA.person_id, BEN.person_id])
    offers = met[people[0]].habits["offers"]
    assert set(offers) == {"push", "email"}
    assert offers["push"][0] > 700
    assert offers["email"][0] < 300
    ana = met[ANA.person_id].habits["offers"]
    assert ana["email"][0] > offers["email"][0]  # all five of hers
    assert ana["push"][1] > offers["push"][1]  # of whom nothing is known there, all is wider
    assert met[BEN.person_id].habits == {}  # four tellings say nothing
    assert facts["people"] == 41
    assert facts["gain"] is None
    [email, push] = facts["rates"]
    assert (push["channel"], push["people"], push["told"]) == ("push", 41, 244)
    assert push["strength"] > 0
    assert email["seen"] == 45

    tx.execute(text("DELETE FROM message WHERE channel <> 'inapp'"))
    assert habits.learn(tx, MORNING)["people"] == 0
    assert recipients(tx, people)[people[0]].habits == {}
    assert habit in OF_A_PERSON


def test_where_hardly_anybody_was_rung_nothing_is_kept(tx: Tx):
    people = crowd(tx, 29)

    facts = habits.learn(tx, MORNING)

    assert facts["people"] == 0
    assert {one["strength"] for one in facts["rates"]} == {None}
    assert recipients(tx, people)[people[0]].habits == {}


def drawn(tx: Tx, days_ago: float, first: str, **more: Any) -> None:
    """A stored decision left to chance, of which the push was the best and letters went before."""
    said = {"first": first, "by": "learnt", "best": "push", "before": "email", "p": 0.9167} | more
    known_by, made = new_id(), MORNING - days_ago * DAY
    tx.execute(
        text(
            "INSERT INTO verdict (id, person_id, notice, answer, decided_by, trace, decided_at)"
            " VALUES (:v, :p, 'review_invite', 'send', 'all_clear',"
            " jsonb_build_array(jsonb_build_array('routing', 'narrow', CAST(:s AS jsonb))), :at)"
        ),
        {"v": known_by, "p": ANA.person_id, "at": made, "s": orjson.dumps(said).decode()},
    )
    rang(
        tx, ANA.person_id, days_ago, on=first, verdict_id=known_by, kind="service",
        notice="review_invite", opened_after=1 if first == "push" else 49,
    )  # fmt: skip


def test_what_it_brought_is_told_by_what_was_left_to_chance(tx: Tx):
    enter(tx, ANA)
    for n in range(90):
        drawn(tx, 5 + n / 10, "push")
    for n in range(10):
        drawn(tx, 5 + n, "email", by="chance", p=0.0667)
    drawn(tx, 1, "push")  # had no time yet
    drawn(tx, 5, "push", before="push")  # would have rung there all the same

    routed = habit_store.routed(tx, now=MORNING)
    facts = habits.learn(tx, MORNING)

    assert routed.ways == {"learnt": 92, "chance": 10}
    assert len(routed.told) == 100
    assert Counter((one.is_best, one.opened) for one in routed.told) == {
        (True, True): 90, (False, False): 10,
    }  # fmt: skip
    assert facts["gain"]["people"] == 100
    assert facts["gain"]["value"] > 0.5


def test_what_is_learnt_is_obeyed_and_stored_with_its_means(tx: Tx):
    enter(tx, ANA)
    crowd(tx, 40)
    for k in range(30):
        rang(tx, ANA.person_id, 5 + k, opened_after=1)
    habits.learn(tx, MORNING)

    told = wish(ANA, "announcement", dispatch="learnt", at=MORNING)
    [made] = tell(tx, told, policy=replace(POLICY, bounds=LEARNT))

    [row] = verdicts(tx)
    looked_at = next(inputs for rule, _, inputs in row.trace if rule == "routing")
    assert (looked_at["first"], looked_at["by"]) == ("push", "learnt")
    assert looked_at["open"]["push"] > 90
    known_then = recall(row.notice, row.facts)
    then = replace(known_then.person, person_id=ANA.person_id)
    assert decide(known_then.notice, then, (), LEARNT, row.decided_at).trace == made.verdict.trace


def test_the_night_is_made_once(shop: Shop):
    house = House(settings=settings_of(shop), engine=shop.engine, clock=shop.clock, channels={})
    with begin(shop.engine) as tx:
        habits.ask_nightly(tx, MORNING)
        habits.ask_nightly(tx, MORNING)
        assert learning_store.last_found(tx, learning_store.HABITS) is None

    assert habits.run_due(house, lambda: True) == 1
    assert habits.run_due(house, lambda: True) == 0
    with begin(shop.engine) as tx:
        found = learning_store.last_found(tx, learning_store.HABITS)
        assert found is not None
        assert found.facts["people"] == 0
        assert learning_store.last_found(tx, learning_store.FATIGUE) is None


def test_a_night_takes_no_run_of_another(shop: Shop):
    house = House(settings=settings_of(shop), engine=shop.engine, clock=shop.clock, channels={})
    with begin(shop.engine) as tx:
        fatigue.ask_nightly(tx, MORNING)

    assert habits.run_due(house, lambda: True) == 0
    assert fatigue.run_due(house, lambda: True) == 1
