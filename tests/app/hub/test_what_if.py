"""What if: the past replays itself, and another policy says what it would have made of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from app.hub import what_if_store
from app.hub.bounds import Bounds, Cap
from app.hub.relive import Report, what_if
from app.hub.tables import bounds_seen, verdict
from app.hub.what_if import Relived, relive
from app.hub.what_if_store import Stretch
from app.hub.worlds import EVERYTHING, NEVER_QUIET, Change
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.ledger import CAPS
from tests.app.hub.pasts import ALWAYS, CAST, MANY, SINCE, hours, live_through, offers
from tests.app.hub.stage import NIGHT, POLICY, enter, tell, wish
from tests.cast import ANA, BEN, CHIYO, DEE
from tests.dice import dice
from tests.shop import MORNING


def under(tx: Tx, change: Change, *, with_curve: bool = False, most: int = MANY) -> Report:
    return what_if(tx, ALWAYS, change, at_most=most, with_curve=with_curve)


def relived(tx: Tx, change: Change) -> list[Relived]:
    past = list(what_if_store.history(tx, ALWAYS, at_most=MANY))
    return list(relive(past, what_if_store.bounds(tx), [change]))


def test_a_policy_that_did_not_change_replays_identically(tx: Tx):
    cast = [*CAST, *(replace(ANA, person_id=PersonId(new_id()), name=f"c{n}") for n in range(8))]
    choosy = replace(cast[-1], preferences={("offers", "push"): False, ("orders", "sms"): True})
    cast[-1] = choosy
    enter(tx, *cast)
    live_through(tx, cast, seed=5, tellings=120)

    account = under(tx, Change()).account

    assert account.decisions > 500
    assert (account.identical, account.differing) == (account.decisions, 0)
    assert account.was == account.would
    assert {"send", "wait", "skip"} <= set(account.was.answers)


def test_ten_caps_replay_identically_and_another_life_keeps_them_too(tx: Tx):
    policy = replace(POLICY, bounds=Bounds(cap=Cap(5), caps=CAPS))
    enter(tx, *CAST)
    chance = dice(11)
    for number in range(150):
        at = SINCE + timedelta(minutes=25 * number)
        who, notice = chance.choice(CAST), chance.choice(["announcement", "order_shipped"])
        tell(tx, wish(who, notice, dispatch=str(number), at=at), policy=policy, now=at)

    account = under(tx, Change()).account
    fewer = under(tx, Change(cap=1)).account

    assert (account.identical, account.differing) == (account.decisions, 0) == (150, 0)
    assert account.was.reasons["cap_reached"] > 10
    assert fewer.identical == 150
    assert fewer.would.sent < fewer.was.sent


def test_every_rule_looks_at_the_same_again(tx: Tx):
    refusing = replace(BEN, consents={"email": False, "inapp": True})
    choosy = replace(CHIYO, preferences={("offers", "push"): False, ("orders", "email"): False})
    enter(tx, ANA, refusing, choosy, DEE)
    live_through(tx, [ANA, refusing, choosy, DEE], seed=6, tellings=80)

    again = {UUID(bytes=one.past.id): one.was.trace for one in relived(tx, Change())}

    stored = tx.execute(select(verdict.c.id, verdict.c.trace)).all()
    assert len(again) == len(stored) > 100
    for which, trace in stored:
        steps = [[step.rule, step.outcome, dict(step.inputs)] for step in again[which]]
        assert steps == trace


def test_a_changed_policy_that_says_what_ruled_changes_nothing(tx: Tx):
    enter(tx, *CAST)
    live_through(tx, CAST, seed=7, tellings=60)
    tx.execute(update(bounds_seen).values(body=bounds_seen.c.body))
    ruled = set(what_if_store.bounds(tx).values())

    assert len(ruled) == 3
    for one in relived(tx, Change(is_marketing_stopped=False)):
        assert one.would == [one.was]


def test_a_lower_cap_keeps_offers_back_and_a_higher_one_lets_more_through(tx: Tx):
    enter(tx, ANA)
    offers(tx, ANA, hours(0, 1, 2, 3, 4))

    sent = {most: under(tx, Change(cap=most)).account.would.sent for most in (0, 1, 2, 3, 5)}

    assert sent == {0: 0, 1: 1, 2: 2, 3: 3, 5: 5}
    assert under(tx, Change(cap=1)).account.turns == {("send", "cap_reached"): 2}


def test_what_would_have_been_heard_feeds_the_later_decisions(tx: Tx):
    enter(tx, ANA)
    offers(tx, ANA, hours(0, 1, 2, 26, 27, 28))

    would = [one.would[0].word for one in relived(tx, Change(cap=2))]

    assert would == ["send", "send", "skip", "send", "send", "skip"]


def test_what_was_heard_only_in_this_life_counts_not_in_the_other(tx: Tx):
    enter(tx, ANA)
    offers(tx, ANA, hours(0, 1, 3, 4, 26, 27))

    would = [one.would[0].word for one in relived(tx, Change(cap=2))]

    assert would == ["send", "send", "skip", "skip", "send", "send"]


def test_what_left_the_row_from_elsewhere_is_gone_in_the_other_life_too(tx: Tx):
    enter(tx, ANA)
    offers(tx, ANA, hours(0, 1, 2, 3))
    tx.exec_driver_sql("UPDATE pressure SET recent = recent[2:]")
    tell(tx, wish(ANA, "announcement", dispatch="again", at=hours(4)[0]), now=hours(4)[0])

    ruled, fewer = (relived(tx, Change(cap=most)) for most in (3, 2))

    assert [one.would[0].word for one in ruled] == ["send"] * 3 + ["skip", "send"]
    assert [one.would[0].word for one in fewer] == ["send"] * 2 + ["skip"] * 2 + ["send"]
    assert all(one.is_identical for one in ruled)


def test_other_quiet_hours_hold_other_bells(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "order_shipped", at=NIGHT), now=NIGHT)

    awake = under(tx, Change(quiet=NEVER_QUIET)).account

    assert (awake.was.held_bells, awake.would.held_bells) == (2, 0)
    assert awake.was.bells == awake.would.bells == 2
    assert awake.turns == {("quiet_hours", "send"): 1}


def test_a_default_holds_for_whoever_never_chose(tx: Tx):
    chose = replace(BEN, preferences={("orders", "email"): True})
    enter(tx, ANA, chose)
    tell(tx, wish(ANA), wish(chose))

    account = under(tx, Change(defaults={("orders", "email"): False})).account

    assert [one.person_id for one in account.examples] == [ANA.person_id]
    assert (account.was.bells, account.would.bells) == (4, 3)


def test_stopping_marketing_touches_nothing_else(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA), wish(ANA, "announcement", dispatch="offer"))

    account = under(tx, Change(is_marketing_stopped=True)).account

    assert account.would.reasons == {"marketing_stopped": 1}
    assert account.would.answers == {"send": 1, "skip": 1}


def test_sending_everything_asks_nobody_and_still_cannot_reach_who_has_no_address(tx: Tx):
    enter(tx, BEN, DEE)
    for who in (BEN, DEE):
        offers(tx, who, [NIGHT, *hours(16, 17, 18, 19)])

    account = under(tx, EVERYTHING).account

    assert account.was.bells_of == {DEE.person_id: 3}
    assert account.would.bells_of == {BEN.person_id: 10, DEE.person_id: 5}
    assert account.would.bells_at(50, people=2) == 10
    assert account.would.held_bells == 0


def test_the_curve_rises_with_the_cap_until_it_binds_no_more(tx: Tx):
    enter(tx, ANA, CHIYO)
    for who in (ANA, CHIYO):
        offers(tx, who, hours(0, 1, 2, 3, 4))

    report = under(tx, Change(), with_curve=True)

    assert [tally.sent for _, tally in report.curve] == [2, 4, 6, 8, 10, 10, 10]
    assert report.account.would.sent == 6


def test_the_parts_of_a_stretch_share_the_people_and_lose_none(tx: Tx):
    cast = [replace(ANA, person_id=PersonId(new_id()), name=f"c{n}") for n in range(20)]
    enter(tx, *cast)
    tell(tx, *(wish(who) for who in cast))
    whole = under(tx, Change(cap=1)).account

    parts = [
        what_if(tx, replace(ALWAYS, part=part, parts=2), Change(cap=1), at_most=MANY).account
        for part in (0, 1)
    ]
    both, other = parts
    both.join(other)

    assert (both.decisions, both.people, both.would) == (20, whole.people, whole.would)


def test_only_the_stretch_is_replayed_and_a_limit_is_said(tx: Tx):
    enter(tx, ANA)
    offers(tx, ANA, hours(0, 1, 2))
    ends_at = Stretch(since=MORNING, until=hours(2)[0])

    within = what_if(tx, ends_at, Change(), at_most=MANY)
    cut = under(tx, Change(), most=2)

    assert (within.account.decisions, within.is_cut) == (2, False)
    assert (cut.account.decisions, cut.asked, cut.is_cut) == (2, 3, True)


def test_decisions_from_before_anything_was_kept_are_counted_and_left_out(tx: Tx):
    enter(tx, ANA, BEN)
    tell(tx, wish(ANA), wish(BEN))
    tx.execute(update(verdict).where(verdict.c.person_id == BEN.person_id).values(facts=None))

    report = under(tx, Change())

    assert (report.asked, report.unknown, report.account.decisions) == (2, 1, 1)


def test_what_is_kept_names_nobody_and_stays_short(tx: Tx):
    enter(tx, *CAST)
    live_through(tx, CAST, seed=8, tellings=40)

    kept = [row.facts for row in tx.execute(select(verdict.c.facts))]

    assert max(map(len, kept)) < 160
    assert not any("mail.example" in one or "138" in one for one in kept)
