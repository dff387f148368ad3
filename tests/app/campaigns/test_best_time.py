"""On one day each person is told in an hour of their own; what that brings is measured fairly."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.campaigns import best_time, change, reach, reach_store, slot_store, store, told_store
from app.campaigns.best import HOURS, end_of, first_pass, hour_of_pass, named_hour, next_pass
from app.campaigns.best_store import erase, newest_shares, opens_of
from app.campaigns.campaign import CampaignId, State, Timing
from app.campaigns.launch import next_due, run_due
from app.db.transaction import begin
from app.house import House
from ml.chance.slice import choose
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.campaigns.crowd import act, count, draft, gather, scheduled, told_twice, wall
from tests.shop import MORNING, Shop

DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
NAMED = wall("2026-03-03T10:00")
EVENING = 19
ON_THE_DAY = draft(timing=Timing.BEST, wall=NAMED)


def opened(tx: Tx, hour: int, *, times: int = 20, of_every: int = 1) -> None:
    """Let every n-th person have opened something at an hour of these last days."""
    first = (MORNING - 30 * DAY).astimezone(ZONE).replace(hour=hour)
    people = list(tx.scalars(text("SELECT id FROM person ORDER BY id")))[::of_every]
    rows = [
        {"id": new_id(), "person": one, "at": first + n * DAY}
        for one in people
        for n in range(times)
    ]
    tx.execute(
        text(
            "INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, read_at)"
            " VALUES (:id, :person, 'announcement', 't', 'b', :at, :at)"
        ),
        rows,
    )


def reads(tx: Tx, who: PersonId, *times: datetime) -> None:
    """Let somebody open something at each of these times."""
    for at in times:
        tx.execute(
            text(
                "INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, read_at)"
                " VALUES (:id, :person, 'announcement', 't', 'b', :at, :at)"
            ),
            {"id": new_id(), "person": who, "at": at},
        )


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "Pacific/Apia"]
)
def test_what_was_opened_is_counted_by_the_hour_of_the_week_on_ones_own_clock(
    tx: Tx, zone: str
) -> None:
    gather(tx, 1, zones=(zone,))
    [who] = tx.scalars(text("SELECT id FROM person"))
    days = [MORNING - n * timedelta(hours=53) for n in range(1, 41)]
    reads(tx, PersonId(who), *days, MORNING, MORNING - 200 * DAY)
    local = [at.astimezone(ZoneInfo(zone)) for at in days]

    found = opens_of(tx, [who], before=MORNING)

    assert found == {who: Counter(at.weekday() * 24 + at.hour for at in local)}


def test_who_opens_a_hundred_times_weighs_no_more_for_all_than_who_opens_twice(tx: Tx) -> None:
    gather(tx, 2)
    heavy, light = tx.scalars(text("SELECT id FROM person")).all()
    monday = (MORNING - 7 * DAY).astimezone(ZONE).replace(hour=0)
    reads(tx, heavy, *(monday + timedelta(hours=9, minutes=n % 60) for n in range(100)))
    reads(tx, light, monday + timedelta(hours=18), monday + timedelta(hours=42))

    assert newest_shares(tx, before=MORNING) == {9: 1.0, 18: 0.5, 42: 0.5}
    assert newest_shares(tx, before=monday + timedelta(hours=10)) == {9: 1.0}


def play(shop: Shop, house: House, *, until: datetime | None = None) -> list[datetime]:
    """Let the clock go from due slot to due slot; return when something was due."""
    times: list[datetime] = []
    while True:
        while run_due(house):
            pass
        now = shop.clock.now()
        with begin(shop.engine) as tx:
            due = next_due(tx, now, until or now + 3 * DAY)
        if due is None:
            return times
        times.append(shop.clock.set(due))


def hours(tx: Tx, campaign_id: CampaignId) -> Counter[int]:
    rows = tx.execute(
        text(
            "SELECT extract(hour FROM told_at AT TIME ZONE 'Asia/Shanghai')::int AS hour"
            " FROM campaign_time WHERE campaign_id = :id"
        ),
        {"id": campaign_id},
    )
    return Counter(row.hour for row in rows)


def test_each_is_told_in_their_own_hour_once_and_who_has_none_in_the_hour_named(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 120)
        opened(tx, EVENING, of_every=2)
    campaign_id = scheduled(shop, ON_THE_DAY)

    play(shop, house)

    with begin(shop.engine) as tx:
        told = hours(tx, campaign_id)
        assert told[EVENING] > 45
        assert told[NAMED.hour] > 50
        assert sum(told.values()) == 120
        assert set(told) <= set(HOURS)
        assert store.find(tx, campaign_id).state is State.FINISHED
        assert sum(told_store.tally(tx, campaign_id).values()) == 120
        assert told_twice(tx) == 0
        kept = "SELECT count(*) FROM campaign_time WHERE hour <> extract(hour FROM told_at"
        assert count(tx, kept + " AT TIME ZONE 'Asia/Shanghai')") == 0


def test_what_was_left_to_chance_is_kept_with_how_likely_it_was(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 40)
        opened(tx, EVENING)
    campaign_id = scheduled(shop, ON_THE_DAY)

    play(shop, house)

    with begin(shop.engine) as tx:
        for row in tx.execute(text("SELECT * FROM campaign_time")):
            again = choose(
                str(campaign_id),
                str(row.person_id),
                best=row.best,
                named=NAMED.hour,
                among=HOURS,
            )
            assert (row.hour, row.propensity) == (again.taken, again.propensity)
            assert row.best == EVENING


def test_what_was_weighed_before_says_the_hours_that_come_after(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 60)
        opened(tx, EVENING, of_every=2)
        campaign_id = change.write(tx, ON_THE_DAY, act())
        reach.ask(tx, campaign_id, settings=house.settings, now=MORNING)
    play(shop, house)
    with begin(shop.engine) as tx:
        before = reach_store.latest(tx, campaign_id)
        change.schedule(tx, campaign_id, act(), settings=house.settings)

    play(shop, house)

    assert before is not None
    foreseen = {datetime.fromisoformat(at).astimezone(ZONE).hour for at in before.hours}
    with begin(shop.engine) as tx:
        assert told_store.tally(tx, campaign_id) == before.outcomes
        assert {NAMED.hour, EVENING} <= foreseen <= set(hours(tx, campaign_id))


def test_on_a_day_that_is_half_over_who_was_due_before_is_told_at_once(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 50)
    shop.clock.set(MORNING + 5 * timedelta(hours=1))
    campaign_id = scheduled(shop, replace(ON_THE_DAY, wall=wall("2026-03-02T10:00")))

    times = play(shop, house)

    with begin(shop.engine) as tx:
        assert hours(tx, campaign_id)[15] > 40
        assert store.find(tx, campaign_id).state is State.FINISHED
    assert times[0].astimezone(ZONE).hour == 16


def test_a_pass_taken_over_by_another_worker_is_not_put_off_by_the_first(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 30)
    campaign_id = scheduled(shop, ON_THE_DAY)
    now = shop.clock.set(first_pass(NAMED, "Asia/Shanghai"))
    with begin(shop.engine) as tx:
        change.begin(tx, campaign_id, now=now)
        slow = slot_store.claim(tx, now=now)
        tx.execute(text("UPDATE campaign_slot SET lease_until = clock_timestamp()"))
    with begin(shop.engine) as tx:
        slot_store.claim(tx, now=now)
        assert slow is not None
        slot_store.again(tx, slow, due_at=now + 9 * DAY)

        assert count(tx, "SELECT count(*) FROM campaign_slot WHERE due_at > :at", at=now + DAY) == 0


@pytest.mark.parametrize(("typed", "hour"), [("06:00", 8), ("10:30", 10), ("23:00", 20)])
def test_the_hour_for_all_is_one_in_which_the_law_lets_advertise(typed: str, hour: int) -> None:
    assert named_hour(wall(f"2026-03-03T{typed}")) == hour


def test_the_passes_go_through_the_day_and_through_a_change_of_the_clocks() -> None:
    named, zone = wall("2026-03-29T10:00"), "Europe/Berlin"
    passes = [first_pass(named, zone)]
    while (later := next_pass(named, passes[-1], zone)) is not None:
        passes.append(later)

    assert [hour_of_pass(named, at, zone) for at in passes] == list(HOURS)
    assert passes[-1] < end_of(named, zone)
    assert hour_of_pass(named, passes[-1] + DAY, zone) == HOURS[-1]


def outcomes(tx: Tx, campaign_id: CampaignId, people: Sequence[tuple[int, float, bool]]) -> None:
    """Write what came of people: the hour chosen, its propensity, and whether it was opened."""
    for hour, propensity, is_opened in people:
        who, verdict_id, message_id = new_id(), new_id(), new_id()
        told_at = MORNING - 3 * DAY
        tx.execute(
            text("INSERT INTO campaign_time VALUES (:c, :p, :h, 19, :s, :at)"),
            {"c": campaign_id, "p": who, "h": hour, "s": propensity, "at": told_at},
        )
        tx.execute(
            text("INSERT INTO campaign_verdict VALUES (:c, :p, :v, 'send')"),
            {"c": campaign_id, "p": who, "v": verdict_id},
        )
        tx.execute(
            text(
                "INSERT INTO message (id, verdict_id, person_id, notice, channel, address, kind,"
                " lane, locale, variables, queued_at, due_at, expires_at, category) VALUES (:m,"
                " :v, :p, 'announcement', 'inapp', '', 'marketing', 3, 'en', '{}', :at, :at, :at,"
                " 'offers')"
            ),
            {"m": message_id, "v": verdict_id, "p": who, "at": told_at},
        )
        tx.execute(
            text(
                "INSERT INTO inbox_item (id, person_id, notice, title, body, arrived_at, read_at)"
                " VALUES (:m, :p, 'announcement', 't', 'b', :at, :read)"
            ),
            {
                "m": message_id,
                "p": who,
                "at": told_at,
                "read": told_at + timedelta(hours=1 if is_opened else 50),
            },
        )


def best_campaign(tx: Tx) -> CampaignId:
    return change.write(tx, ON_THE_DAY, act())


def test_a_gain_is_measured_on_those_who_had_two_days_to_open_it(tx: Tx) -> None:
    campaign_id = best_campaign(tx)
    own = [(EVENING, 0.9, n % 2 == 0) for n in range(180)]
    named = [(NAMED.hour, 0.054, n % 10 == 0) for n in range(20)]
    outcomes(tx, campaign_id, own + named)
    campaign = store.find(tx, campaign_id)

    early = best_time.measured(tx, campaign, now=MORNING - 2 * DAY)
    times = best_time.measured(tx, campaign, now=MORNING)

    assert early is not None
    assert early.gain is None
    assert times is not None
    assert (times.chosen, times.known) == (200, 200)
    assert times.gain is not None
    assert (times.gain.best_share, times.gain.named_share) == (0.5, 0.1)
    assert times.gain.can_tell
    assert times.gain.low > 0


def test_a_campaign_that_chose_no_hours_measures_none(tx: Tx) -> None:
    campaign_id = change.write(tx, draft(), act())

    assert best_time.measured(tx, store.find(tx, campaign_id), now=MORNING) is None


def test_who_is_erased_leaves_no_hour_behind(tx: Tx) -> None:
    outcomes(tx, best_campaign(tx), [(EVENING, 0.9, True)])
    [who] = tx.scalars(text("SELECT person_id FROM campaign_time"))

    erase(tx, who)

    assert count(tx, "SELECT count(*) FROM campaign_time") == 0
