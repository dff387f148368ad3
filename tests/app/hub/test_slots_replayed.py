"""Bells of one second are told apart under another policy as they are under the one that ruled."""

from dataclasses import replace
from datetime import timedelta

from app.hub import what_if_store
from app.hub.bounds import Bounds, Cap
from app.hub.verdict import Because
from app.hub.what_if import relive
from app.hub.what_if_store import Stretch
from app.hub.worlds import Change
from app.people.recipient import Recipient
from orders_core.tx import Tx
from tests.app.hub.stage import NIGHT, POLICY, enter, tell, wish
from tests.cast import ANA, BEN

HOURS = (0, 0, 0, 1, 25, 25, 26, 49, 49, 72)
STRETCH = Stretch(since=NIGHT, until=NIGHT + timedelta(hours=99))


def lives(tx: Tx, who: Recipient, most: int) -> list[Because | None]:
    """Send offers at some hours of several nights; return what became of each."""
    policy = replace(POLICY, bounds=Bounds(cap=Cap(most)))
    because = []
    for number, hours in enumerate(HOURS):
        at = NIGHT + timedelta(hours=hours)
        told = wish(who, "announcement", dispatch=str(number), at=at)
        [made] = tell(tx, told, policy=policy, now=at)
        because.append(made.verdict.because)
    return because


def test_whoever_is_relived_under_another_cap_hears_what_they_would_have_heard(tx: Tx):
    ben = replace(BEN, consents=ANA.consents)
    enter(tx, ANA, ben)
    under_two, under_three = lives(tx, ANA, 2), lives(tx, ben, 3)

    past = [
        one
        for one in what_if_store.history(tx, STRETCH, at_most=99)
        if one.person_id == ANA.person_id
    ]
    again = list(relive(past, what_if_store.bounds(tx), [Change(cap=2), Change(cap=3)]))

    assert all(one.is_identical for one in again)
    assert [one.would[0].because for one in again] == under_two
    assert [one.would[1].because for one in again] == under_three
    assert under_two != under_three
