"""40 people, at most 3 advertisements in 24 hours, 16 programs that want to send: who gets more?"""

from collections import Counter
from contextlib import nullcontext
from datetime import UTC, datetime
from random import Random

import psycopg
from sqlalchemy import Engine

from app.db.transaction import attempt
from app.hub.bounds import Bounds
from app.hub.notify import notify
from app.hub.policy import Policy, Voice
from app.hub.verdict import Skip
from app.hub.wish import Wish
from app.labs.crowd import THREADS, crowd
from app.labs.lab import Figures, Lab, Place
from app.labs.ledger_store import fresh
from app.labs.naive import caps as naive_way
from app.people import store as people
from app.people.choices import ChannelName
from app.people.links import Links
from app.people.person import Consent, Profile
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx

PEOPLE, MOST = 40, 3
NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
POLICY = Policy(
    Bounds(), Voice("小满杂货", "Xiaoman Goods", Links(["of the lab"], public_url="http://lab"))
)


def naive(place: Place) -> tuple[Figures, int]:
    """Send as in `naive/caps.py`."""
    fresh(place, naive_way.TABLES)

    def work(connection: psycopg.Connection, thread: int) -> None:
        for person in _order(thread):
            naive_way.tell(connection, person, most=MOST)

    crowd(place.plain, work)
    with place.plain() as connection:
        sent, most, over = naive_way.most_to_one(connection)
    return _figures(sent=sent, most=most, over=over)


def ours(place: Place) -> tuple[Figures, int]:
    """Send through the hub's one door."""
    crowd_of_people = attempt(place.engine, _people)
    run = new_id()

    def work(engine: Engine, thread: int) -> Counter[PersonId]:
        return Counter(
            who
            for number, person in enumerate(_order(thread))
            for who in _tell(engine, crowd_of_people[person], f"{run}-{thread}-{number}")
        )

    heard: Counter[PersonId] = sum(crowd(lambda: nullcontext(place.engine), work), Counter())
    over = sum(times > MOST for times in heard.values())
    return _figures(sent=heard.total(), most=max(heard.values(), default=0), over=over)


def _order(thread: int) -> list[int]:
    """Shuffle whom a program writes to: everybody once, in an order of its own."""
    order = list(range(PEOPLE))
    Random(thread).shuffle(order)  # noqa: S311 - an order of walking, no secret
    return order


def _people(tx: Tx) -> list[PersonId]:
    """Invent forty people who agreed to advertisements by email and heard nothing yet."""
    run = new_id().hex[-8:]
    agreed = Consent(channel=ChannelName.EMAIL, granted=True, source="lab", at=NOW)
    known = [
        Profile(
            reference=f"lab-{run}-{number}",
            contacts={ChannelName.EMAIL: f"lab-{run}-{number}@shopper.example"},
            consents=(agreed,),
        )
        for number in range(PEOPLE)
    ]
    return people.upsert(tx, known, locale="en", zone="UTC", now=NOW)


def _tell(engine: Engine, who: PersonId, named: str) -> list[PersonId]:
    offer = {"title": "Tea", "body": "Fresh from the hill."}
    wish = Wish(
        dispatch=named, notice="announcement", person_id=who, variables=offer, decide_at=NOW
    )
    decided = attempt(engine, lambda tx: notify(tx, [wish], policy=POLICY, now=NOW))
    return [who for one in decided if not isinstance(one.verdict.answer, Skip)]


def _figures(*, sent: int, most: int, over: int) -> tuple[Figures, int]:
    figures = {
        "people": PEOPLE,
        "wishes": THREADS * PEOPLE,
        "sent": sent,
        "most_to_one": most,
        "over_cap": over,
    }
    return figures, over


LAB = Lab(name="caps", told="over_cap", naive=naive, ours=ours, shown=naive_way)
