"""What a row of the caps says of one too many: a place in the digest, and words of old verdicts."""

from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import select

from app.hub import digest_store
from app.hub.bounds import Bounds, Cap
from app.hub.cap_rules import Caps, Limit, Over, Per, Row, caps_of
from app.hub.catalogue import ANNOUNCEMENT, Kind
from app.hub.decide import decide
from app.hub.digest_close import close
from app.hub.explain import explain
from app.hub.facts import bounds_of, named
from app.hub.policy import Policy
from app.hub.pressure import about_of, heard
from app.hub.tables import digest_item, digest_slot
from app.hub.verdict import Because, Downgrade, Verdict, Wait
from app.people.choices import Category
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, enter, queued, tell, verdicts, wish
from tests.cast import ANA
from tests.shop import MORNING

EVENING = MORNING.replace(hour=10)  # 18:00 in Shanghai
A_DAY = Limit("day", "bells", 1, Per.CALENDAR_DAY)
OFFERS = about_of(ANNOUNCEMENT)
AN_OLD_LIMIT: dict[str, Any] = {
    "name": "week",
    "surface": "bells",
    "most": 1,
    "per": "rolling_week",
}


def caps(*said: tuple[Limit, Over]) -> Caps:
    return caps_of(
        Row(limit, Kind.MARKETING, category, over) for limit, over in said for category in Category
    )


FOLDING = Bounds(cap=Cap(30), caps=caps((A_DAY, Over.DIGEST)))
POLICY_THAT_FOLDS: Policy = replace(POLICY, bounds=FOLDING)


def kept_before(*overs: str) -> Bounds:
    """Return bounds as they were kept when a limit said what becomes of one too many."""
    rules: list[dict[str, Any]] = [
        {"limit": {**AN_OLD_LIMIT, "over": over}, "counts": [OFFERS]} for over in overs
    ]
    body = orjson.loads(named(replace(FOLDING, caps=Caps()))[1])
    body["caps"] = {
        "rules": rules,
        "obeyed": {str(OFFERS): rules},
        "counted": [OFFERS],
        "reach": "P7D",
    }
    return bounds_of(orjson.dumps(body).decode())


def after_one(bounds: Bounds) -> Verdict:
    """Decide an offer an hour after another one was heard."""
    first = MORNING.replace(hour=3)
    row = heard(decide(ANNOUNCEMENT, ANA, (), bounds, first).answer, ANNOUNCEMENT, first)
    return decide(ANNOUNCEMENT, ANA, row, bounds, MORNING.replace(hour=4))


def test_bounds_read_back_as_they_were_kept():
    again = bounds_of(named(FOLDING)[1])

    assert again.caps.obeyed == FOLDING.caps.obeyed
    assert again.caps.rules == FOLDING.caps.rules


def test_what_an_old_limit_said_of_one_too_many_still_holds():
    assert isinstance(after_one(kept_before("downgrade")).answer, Downgrade)
    assert isinstance(after_one(kept_before("defer")).answer, Wait | Downgrade)
    assert [one.over for one in kept_before("defer", "drop").caps.obeyed[OFFERS]] == [
        Over.DEFER,
        Over.DROP,
    ]


def test_one_too_many_joins_the_digest_of_the_evening(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "announcement", dispatch="a"), policy=POLICY_THAT_FOLDS)

    tell(tx, wish(ANA, "announcement", dispatch="b"), policy=POLICY_THAT_FOLDS)

    assert {slot.closes_at for slot in tx.execute(select(digest_slot))} == {EVENING}
    assert len(tx.execute(select(digest_item)).all()) == 2  # its letter and its push
    last = verdicts(tx)[-1]
    assert (last.answer, last.because, last.decided_by) == ("digest", "cap_reached", "cap")
    assert [row.channel for row in queued(tx)] == ["inapp", "email", "push", "inapp"]


def test_a_digest_that_is_one_too_many_itself_waits_for_room(tx: Tx):
    enter(tx, ANA)
    for name in ("a", "b"):
        tell(tx, wish(ANA, "announcement", dispatch=name), policy=POLICY_THAT_FOLDS)
    held = digest_store.take(tx, now=EVENING, at_most=9)

    close(tx, held, policy=POLICY_THAT_FOLDS, now=EVENING)

    first, second = verdicts(tx)[-2:]  # the letter waits till tomorrow, the push would be too late
    assert {(first.answer, first.because), (second.answer, second.because)} == {
        ("wait", "cap_reached"),
        ("skip", "cap_reached"),
    }
    assert queued(tx)[-1].due_at == EVENING.replace(day=EVENING.day + 1, hour=0)
    assert digest_store.take(tx, now=EVENING, at_most=9) == []


def test_what_comes_after_the_evening_joins_the_next_one(tx: Tx):
    enter(tx, ANA)
    tell(tx, wish(ANA, "announcement", dispatch="a"), policy=POLICY_THAT_FOLDS)
    tell(tx, wish(ANA, "announcement", dispatch="b"), policy=POLICY_THAT_FOLDS)
    digest_store.take(tx, now=EVENING, at_most=9)

    tell(tx, wish(ANA, "announcement", dispatch="c"), policy=POLICY_THAT_FOLDS, now=EVENING)

    days = {slot.closes_at.day - EVENING.day for slot in tx.execute(select(digest_slot))}
    assert days == {0, 1}


def test_the_trace_says_which_digest_and_which_cap():
    verdict = after_one(FOLDING)
    assert verdict.because is Because.CAP_REACHED

    for locale, words in (("en", "come together"), ("zh", "合并通知")):
        told = explain(_row(verdict), locale=locale, zone=ANA.zone)
        [asked] = [one for one in told.asked if one.rule == "cap"]
        assert words in asked.answer
        assert "day" in asked.answer


def _row(verdict: Verdict) -> object:
    """Return a verdict as it comes back from the database."""
    trace = [[step.rule, str(step.outcome), dict(step.inputs)] for step in verdict.trace]
    return type(
        "Stored",
        (),
        {
            "answer": verdict.word,
            "because": verdict.because,
            "decided_by": verdict.decided_by,
            "until": verdict.until,
            "trace": trace,
        },
    )()
