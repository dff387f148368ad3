"""What the hub's tests stand on: the cast in the database, wishes for them, and what came of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select

from app.hub.bounds import Bounds
from app.hub.decision import Decision
from app.hub.notify import notify
from app.hub.policy import Policy, Voice
from app.hub.tables import verdict
from app.hub.wish import Wish
from app.messages.tables import message
from app.people.choice_store import choose, choose_rhythms, grant
from app.people.choices import Category, ChannelName, Rhythm
from app.people.links import Links
from app.people.person import Consent
from app.people.recipient import Recipient
from orders_core.tx import Tx
from tests.buying import move_in
from tests.shop import MORNING

NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
NEXT_MORNING = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
LINKS = Links(["a secret of the tests"], public_url="https://shop.example")
POLICY = Policy(Bounds(), Voice("小满杂货", "Xiaoman Goods", LINKS))


def enter(tx: Tx, *cast: Recipient) -> None:
    """Write people of the cast, with what they agreed to and chose."""
    move_in(tx, *cast)
    for who in cast:
        agreed = [
            Consent(channel=ChannelName(channel), granted=granted, source="test", at=MORNING)
            for channel, granted in who.consents.items()
        ]
        grant(tx, [(who.person_id, one) for one in agreed])
        rhythms = {ChannelName(on): Rhythm(how) for on, how in who.rhythms.items()}
        choose_rhythms(tx, who.person_id, rhythms, source="test", now=MORNING)
        chosen = {
            (Category(about), ChannelName(on)): is_on
            for (about, on), is_on in who.preferences.items()
        }
        choose(tx, who.person_id, chosen, source="test", now=MORNING)


def wish(
    who: Recipient,
    notice: str = "order_paid",
    *,
    dispatch: str = "once",
    at: datetime = MORNING,
    **more: Any,
) -> Wish:
    """Wish for one person to be told."""
    return Wish(dispatch=dispatch, notice=notice, person_id=who.person_id, decide_at=at, **more)


def tell(tx: Tx, *wishes: Wish, policy: Policy = POLICY, now: datetime = MORNING) -> list[Decision]:
    """Tell what is wished for."""
    return list(notify(tx, wishes, policy=policy, now=now))


def queued(tx: Tx) -> Sequence[Row[Any]]:
    """Return every message, in the order they were queued."""
    return tx.execute(select(message).order_by(message.c.id)).all()


def verdicts(tx: Tx) -> Sequence[Row[Any]]:
    """Return every verdict, in the order they were made."""
    return tx.execute(select(verdict).order_by(verdict.c.id)).all()
