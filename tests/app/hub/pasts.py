"""Pasts to ask what-if questions of: people told of all kinds of things at all hours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from app.hub.bell_rules import ALL_RING, Bells
from app.hub.bounds import Bounds, Cap, Window
from app.hub.catalogue import NOTICES
from app.hub.policy import Policy
from app.hub.question import Standing
from app.hub.what_if_store import Stretch
from app.people.recipient import Recipient
from orders_core.tx import Tx
from tests.app.hub.stage import POLICY, tell, wish
from tests.cast import ANA, BEN, CHIYO, DEE
from tests.dice import dice
from tests.shop import MORNING

CAST = (ANA, BEN, CHIYO, DEE)
ALWAYS = Stretch(since=MORNING - timedelta(days=30), until=MORNING + timedelta(days=30))
MANY = 10_000
SINCE = MORNING - timedelta(days=3)


def live_through(tx: Tx, cast: Sequence[Recipient], *, seed: int, tellings: int) -> None:
    """Tell people all kinds of things at all hours, under a policy that changes on the way."""
    chance, at = dice(seed), SINCE
    policies = [
        replace(
            POLICY,
            bounds=Bounds(
                cap=Cap(most),
                quiet=Window(time(21), time(end)),
                spread=timedelta(minutes=spread),
                bells=Bells({"order_shipped": ("email",)}) if spread else ALL_RING,
            ),
        )
        for most, end, spread in ((1, 7, 0), (3, 9, 10), (2, 8, 0))
    ]
    for number in range(tellings):
        at += timedelta(minutes=chance.randint(1, 50))
        standing = chance.choice([None, Standing(order_status="paid"), Standing(is_short=False)])
        some = chance.sample(cast, chance.randint(1, len(cast)))
        wishes = [
            wish(
                who,
                chance.choice(["announcement", "announcement", *NOTICES]),
                dispatch=f"{number}",
                at=at,
                standing=standing,
                is_awaited=chance.random() < 0.1,
            )
            for who in some
        ]
        tell(tx, *wishes, policy=policies[number * 3 // tellings], now=at)


def offers(tx: Tx, who: Recipient, times: Sequence[datetime], policy: Policy = POLICY) -> None:
    for number, at in enumerate(times):
        tell(tx, wish(who, "announcement", dispatch=f"{number}", at=at), policy=policy, now=at)


def hours(*after: int) -> list[datetime]:
    return [MORNING + timedelta(hours=one) for one in after]
