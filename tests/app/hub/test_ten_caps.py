"""Ten caps at once, rolling and calendar: never passed, and nothing refused without a full one."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.transaction import begin
from app.hub.bounds import Bounds, Cap
from app.hub.cap_rules import Limit, Over, Per, Row, caps_of
from app.hub.catalogue import ANNOUNCEMENT, Kind
from app.hub.decide import decide
from app.hub.memory import remembered
from app.hub.pressure import MOST_ENTRIES, Entry, about, add, heard, pack, seconds_of, unpack
from app.hub.verdict import Answer, Downgrade, Send, Skip, Wait
from app.people.choices import Category
from tests.app.hub.ledger import CAPS, Heard, breaches
from tests.app.hub.stage import POLICY, enter, queued, tell, wish
from tests.cast import ANA, BEN, DEE
from tests.dice import dice
from tests.shop import MORNING, Shop
from tests.together import together

BOUNDS = Bounds(cap=Cap(30), caps=CAPS)
START = datetime(2026, 3, 2, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "America/New_York", "Pacific/Kiritimati")
THREADS = 4


def lines(answer: Answer, at: datetime) -> list[Heard]:
    """Say what an answer lets a person hear, and when."""
    match answer:
        case Send(channels) | Downgrade(channels):
            return [Heard(at, frozenset(channels))]
        case Wait(until, channels, at_once):
            return [Heard(at, frozenset(at_once)), Heard(until, frozenset(channels))]
    return []


def live(moments: list[timedelta], zone: str) -> list[Heard]:
    """Write to one person at each moment; return what they heard of it."""
    person, account = replace(ANA, zone=zone), list[Heard]()
    row: tuple[int, ...] = ()
    for moment in sorted(moments):
        at = START + moment
        answer = decide(ANNOUNCEMENT, person, row, BOUNDS, at).answer
        entries = heard(answer, ANNOUNCEMENT, at)
        row = remembered(add(row, entries), BOUNDS, now_seconds=seconds_of(at))
        assert len(row) <= MOST_ENTRIES
        account += lines(answer, at)
        _check_that_room_was_used(answer, at, account, zone)
    assert breaches(account, zone) == []
    return account


def _check_that_room_was_used(
    answer: Answer, at: datetime, account: list[Heard], zone: str
) -> None:
    """See that a line which did not come at once would have been one too many."""
    if isinstance(answer, Skip):
        line, everywhere = frozenset({"inapp"}), frozenset(ANNOUNCEMENT.channels)
        assert any(breaches([*account, Heard(at, those)], zone) for those in (line, everywhere))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.timedeltas(timedelta(0), timedelta(days=40)), max_size=60),
    st.sampled_from(ZONES),
)
def test_no_cap_of_ten_is_passed_whenever_a_person_is_written_to(
    moments: list[timedelta], zone: str
):
    live(moments, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_a_row_that_forgets_forgets_nothing_that_counts(zone: str):
    chance = dice(7)
    moments = [timedelta(minutes=chance.randrange(40 * 24 * 60)) for _ in range(300)]

    account = live(moments, zone)

    assert len(account) > MOST_ENTRIES


def test_many_who_write_to_the_same_people_at_once_pass_none_of_ten_caps(shop: Shop):
    people = (ANA, BEN, DEE)
    with begin(shop.engine) as tx:
        enter(tx, *(replace(who, consents=ANA.consents) for who in people))
    policy = replace(POLICY, bounds=BOUNDS)

    def work(thread: int) -> None:
        for number in range(25):
            at = MORNING + timedelta(hours=number, minutes=thread)
            named = [
                wish(who, "announcement", dispatch=f"{thread}-{number}", at=at) for who in people
            ]
            with begin(shop.engine) as tx:
                tell(tx, *named, policy=policy, now=at)

    together(*(lambda thread=thread: work(thread) for thread in range(THREADS)))

    told: dict[tuple[UUID, UUID, datetime], set[str]] = defaultdict(set)
    with begin(shop.engine) as tx:
        for row in queued(tx):
            told[row.person_id, row.verdict_id, row.due_at].add(row.channel)
    for who in people:
        account = [
            Heard(at, frozenset(on)) for (one, _, at), on in told.items() if one == who.person_id
        ]
        assert breaches(account, who.zone) == []
        assert account


def test_a_row_outgrows_its_length_rather_than_let_a_cap_be_passed():
    month = Limit("a month", "bells", 30, Per.ROLLING_MONTH)
    rows = [Row(month, Kind.MARKETING, Category.OFFERS, Over.DROP)]
    rows += [
        Row(
            Limit(f"all {at}", "bells", 30, Per.ROLLING_MONTH),
            Kind.ORDER,
            at,
            Over.DROP,
        )
        for at in Category
    ]
    bounds = Bounds(cap=Cap(30), caps=caps_of(rows))
    marks = [about(Kind.MARKETING, Category.OFFERS), *(about(Kind.ORDER, at) for at in Category)]
    now = seconds_of(START)
    row = sorted(pack(Entry(now - 60 * number, mark, 2)) for number in range(40) for mark in marks)

    kept = remembered(row, bounds, now_seconds=now)

    counted = Counter(unpack(number).about for number in kept)
    assert counted == dict.fromkeys(marks, 30)
