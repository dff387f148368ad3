"""One busy week of a shop: the same events, told to everybody at once, and through the hub."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

from app.db.transaction import attempt
from app.hub.bounds import Bounds
from app.hub.catalogue import find
from app.hub.notify import notify
from app.hub.policy import Policy, Voice
from app.hub.wish import Wish
from app.labs.flood_store import bells_of
from app.labs.lab import Figures, Lab, Place
from app.labs.ledger_store import fresh
from app.labs.naive import flood as naive_way
from app.people import store as people
from app.people.choices import ChannelName
from app.people.links import Links
from app.people.person import Consent, Profile
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx

PEOPLE, DAYS, MOST = 40, 7, 3
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 8, 16, 0, tzinfo=UTC)  # midnight in Shanghai
OFFERS_AT = (timedelta(hours=9.5), timedelta(hours=13), timedelta(hours=20), timedelta(hours=23))
ROAD = (
    ("order_placed", timedelta(0)),
    ("order_paid", timedelta(minutes=4)),
    ("order_shipped", timedelta(hours=20)),
    ("order_delivered", timedelta(hours=66)),
)
NIGHT = (22, 8)
POLICY = Policy(
    Bounds(), Voice("小满杂货", "Xiaoman Goods", Links(["of the lab"], public_url="http://lab"))
)


@dataclass(frozen=True, order=True)
class News:
    """Something that happened to one person's order, or an offer to them. Business time."""

    at: datetime
    person: int
    notice: str
    name: str


@dataclass(frozen=True)
class Bell:
    """One email or SMS as it reached somebody."""

    person: int
    channel: str
    notice: str
    news: str
    at: datetime


def week() -> Sequence[News]:
    """Return the week's events in time: two orders and 28 offers each; some events come again."""
    chance = Random(11)  # noqa: S311 - the same week for both ways
    return sorted(
        news
        for person in range(PEOPLE)
        for one in (*_orders(person, chance), *_offers(person))
        for news in [one] * chance.choice((1, 1, 2, 3))
    )


def _orders(person: int, chance: Random) -> Iterator[News]:
    for number in (1, 2):
        placed = MONDAY + timedelta(minutes=chance.randrange(4 * 24 * 60))
        for notice, later in ROAD:
            yield News(placed + later, person, notice, f"order {person}-{number} {notice}")


def _offers(person: int) -> Iterator[News]:
    for day in range(DAYS):
        for at in OFFERS_AT:
            when = MONDAY + timedelta(days=day) + at
            yield News(when, person, "announcement", f"offer {when:%d-%H} {person}")


def naive(place: Place) -> tuple[Figures, int]:
    """Tell it as in `naive/flood.py`."""
    fresh(place, naive_way.TABLES)
    with place.plain() as connection, connection.transaction():
        for one in week():
            naive_way.tell(connection, one.person, one.notice, one.name, one.at)
    with place.plain() as connection:
        return _figures([Bell(*row) for row in naive_way.bells(connection)])


def ours(place: Place) -> tuple[Figures, int]:
    """Tell it through the hub's one door."""
    known = attempt(place.engine, _people)
    run = new_id()
    for _, together in groupby(week(), key=lambda news: news.at):
        wishes = [_wish(one, known[one.person], str(run)) for one in together]
        _tell(place, wishes)
    whose = {id_: number for number, id_ in enumerate(known)}
    rang = attempt(place.engine, lambda tx: bells_of(tx, known))
    return _figures([Bell(whose[one.person_id], *one[1:]) for one in rang])


def _tell(place: Place, wishes: Sequence[Wish]) -> None:
    now = wishes[0].decide_at
    attempt(place.engine, lambda tx: notify(tx, wishes, policy=POLICY, now=now))


def _people(tx: Tx) -> list[PersonId]:
    run = new_id().hex[-8:]
    agreed = Consent(channel=ChannelName.EMAIL, granted=True, source="lab", at=MONDAY)
    known = [
        Profile(
            reference=f"flood-{run}-{number}",
            zone=ZONE.key,
            contacts={
                ChannelName.EMAIL: f"flood-{run}-{number}@shopper.example",
                ChannelName.SMS: f"+86138{number:08}",
            },
            consents=(agreed,),
        )
        for number in range(PEOPLE)
    ]
    return people.upsert(tx, known, locale="en", zone=ZONE.key, now=MONDAY)


def _wish(news: News, who: PersonId, run: str) -> Wish:
    return Wish(
        dispatch=f"{run}:{news.name}",
        notice=news.notice,
        person_id=who,
        variables={"title": "Tea", "body": "Fresh from the hill.", "order_number": news.name},
        decide_at=news.at,
    )


def _figures(bells: Sequence[Bell]) -> tuple[Figures, int]:
    times = Counter((bell.person, bell.channel, bell.news) for bell in bells)
    twice = sum(count - 1 for count in times.values())
    at_night = sum(_wakes(bell) for bell in bells)
    over = _over_cap(bells)
    figures = {
        "people": PEOPLE,
        "events": len(week()),
        "bells": len(bells),
        "most_to_one": max(Counter(bell.person for bell in bells).values(), default=0),
        "twice": twice,
        "at_night": at_night,
        "offers_over_cap": over,
    }
    return figures, twice + at_night + over


def _wakes(bell: Bell) -> bool:
    """Say whether a bell rings at night that could have waited; what is urgent could not."""
    hour = bell.at.astimezone(ZONE).hour
    return (hour >= NIGHT[0] or hour < NIGHT[1]) and not find(bell.notice).is_urgent


def _over_cap(bells: Sequence[Bell]) -> int:
    """Count the offers that came when the person had heard three in the 24 hours before."""
    heard: dict[int, list[datetime]] = defaultdict(list)
    over = 0
    for at, person, _ in sorted({(b.at, b.person, b.news) for b in bells if _is_offer(b)}):
        heard[person] = [before for before in heard[person] if before > at - timedelta(days=1)]
        over += len(heard[person]) >= MOST
        heard[person].append(at)
    return over


def _is_offer(bell: Bell) -> bool:
    return find(bell.notice).is_capped


LAB = Lab(name="flood", told="bells", naive=naive, ours=ours, shown=naive_way)
