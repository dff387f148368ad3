"""A campaign from its countdown to its last person: everybody once, at their own time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.campaigns import change, reach, reach_store, slot_store, store, told_store
from app.campaigns.campaign import CampaignMoved, CampaignUnready, State, Timing
from app.campaigns.launch import Turn, next_due, run_due
from app.campaigns.segment import Segment
from app.db.transaction import begin
from app.house import House
from app.people.choices import ChannelName
from bench.crowd import ZONES
from tests.app.campaigns.crowd import act, count, draft, gather, scheduled, told_twice, wall
from tests.shop import MORNING, Shop

A_DAY = timedelta(days=1)


def run_all(house: House) -> int:
    total = 0
    while done := run_due(house):
        total += done
    return total


def test_everybody_is_decided_about_once_and_those_who_agreed_are_told(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 600)
    campaign_id = scheduled(shop, draft())

    run_all(house)

    with begin(shop.engine) as tx:
        assert store.find(tx, campaign_id).state is State.FINISHED
        assert told_store.tally(tx, campaign_id) == {
            "send": 360,
            "no_consent": 60,
            "no_address": 60,
            "cap_reached": 60,
            "not_wanted": 60,
        }
        assert count(tx, "SELECT count(*) FROM verdict") == 600
        assert count(tx, "SELECT count(*) FROM message WHERE state = 'queued'") == 360 * 3
        assert told_twice(tx) == 0


def test_what_was_weighed_before_is_what_comes_after_by_reason(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 1200, zones=ZONES)
    early = wall("2026-03-03T07:30")
    with begin(shop.engine) as tx:
        campaign_id = change.write(tx, draft(timing=Timing.PERSON, wall=early), act())
        reach.ask(tx, campaign_id, settings=house.settings, now=MORNING)
    run_all(house)
    with begin(shop.engine) as tx:
        before = reach_store.latest(tx, campaign_id)
        change.schedule(tx, campaign_id, act(), settings=house.settings)

    while (due := _next(shop)) is not None:
        shop.clock.set(due)
        run_all(house)

    assert before is not None
    assert before.is_counted
    assert before.weighed == 1200
    with begin(shop.engine) as tx:
        assert told_store.tally(tx, campaign_id) == before.outcomes
        assert before.outcomes["quiet_hours"] > 600
        assert store.find(tx, campaign_id).state is State.FINISHED
        assert told_twice(tx) == 0


def _next(shop: Shop) -> datetime | None:
    with begin(shop.engine) as tx:
        return next_due(tx, shop.clock.now(), shop.clock.now() + A_DAY * 3)


def test_each_zone_is_told_when_its_own_clocks_show_the_time(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 80, zones=ZONES)
    campaign_id = scheduled(shop, draft(timing=Timing.PERSON, wall=wall("2026-03-03T09:00")))

    stops = []
    while (due := _next(shop)) is not None:
        stops.append(due)
        shop.clock.set(due)
        run_all(house)

    with begin(shop.engine) as tx:
        slots = {slot.zone: slot.due_at for slot in slot_store.of(tx, campaign_id)}
        decided: dict[str, datetime] = dict(
            tx.execute(
                text(
                    "SELECT DISTINCT zone, decided_at FROM verdict"
                    " JOIN person ON person.id = person_id"
                )
            ).all()
        )
    assert {zone: slots[zone] for zone in ZONES} == decided
    assert sorted(set(decided.values())) == stops
    assert f"{slots['Asia/Kathmandu']:%H:%M}" == "03:15"


def test_nobody_is_told_before_the_countdown_is_over_and_an_abort_leaves_nothing(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 20)
    campaign_id = scheduled(shop, draft(), countdown_seconds=60)

    assert run_all(house) == 0
    with begin(shop.engine) as tx:
        assert 50 < store.seconds_left(tx, campaign_id) <= 60
        change.abort(tx, campaign_id, act(why="the price is wrong"))
    assert run_all(house) == 0

    with begin(shop.engine) as tx:
        assert store.find(tx, campaign_id).state is State.DRAFT
        assert slot_store.of(tx, campaign_id) == []
        assert count(tx, "SELECT count(*) FROM verdict") == 0
        moved = store.moves(tx, campaign_id)[-1]
    assert (moved.became, moved.by, moved.why) == (
        State.DRAFT,
        "staff:mei@shop.example",
        "the price is wrong",
    )


def test_what_has_begun_cannot_be_aborted(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 20)
    campaign_id = scheduled(shop, draft())
    run_all(house)

    with begin(shop.engine) as tx, pytest.raises(CampaignMoved):
        change.abort(tx, campaign_id, act())


def test_cancelling_withdraws_what_is_queued_and_decides_about_nobody_further(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 1200)
    campaign_id = scheduled(shop, draft())
    turn = Turn(house)
    turn.step()
    with begin(shop.engine) as tx:
        tally = told_store.tally(tx, campaign_id)
        change.cancel(tx, campaign_id, act(why="the tea is not here"))
    turn.give_back()

    run_all(house)

    assert sum(tally.values()) == 500
    with begin(shop.engine) as tx:
        assert told_store.tally(tx, campaign_id) == tally
        assert told_store.messages_by_state(tx, campaign_id) == {"cancelled": tally["send"] * 3}
        assert store.withdrawing(tx) == []


def test_a_message_given_back_after_the_cancellation_is_withdrawn_too(
    house: House, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 20)
    campaign_id = scheduled(shop, draft())
    run_all(house)
    with begin(shop.engine) as tx:
        tx.execute(
            text(
                "UPDATE message SET state = 'sending', not_before = clock_timestamp() + '1 min'"
                " WHERE id = (SELECT min(id::text)::uuid FROM message)"
            )
        )
        change.cancel(tx, campaign_id, act())
    run_all(house)
    with begin(shop.engine) as tx:
        assert store.withdrawing(tx) == [campaign_id]
        tx.execute(text("UPDATE message SET state = 'queued' WHERE state = 'sending'"))

    run_all(house)

    with begin(shop.engine) as tx:
        assert set(told_store.messages_by_state(tx, campaign_id)) == {"cancelled"}
        assert store.withdrawing(tx) == []


def test_a_pace_is_kept_to_the_person(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 300)
    campaign_id = scheduled(shop, draft(pace=61))

    decided = []
    for _ in range(4):
        run_all(house)
        for _ in range(30):
            shop.clock.advance(timedelta(seconds=2))
            run_all(house)
        with begin(shop.engine) as tx:
            decided.append(sum(told_store.tally(tx, campaign_id).values()))

    assert decided == pytest.approx([61, 122, 183, 244], abs=10)


def test_who_moves_between_zones_is_still_told_once(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 40, zones=("Asia/Shanghai", "Europe/Lisbon"))
    campaign_id = scheduled(shop, draft(timing=Timing.PERSON, wall=wall("2026-03-03T09:00")))
    first = _next(shop)
    assert first is not None
    shop.clock.set(first)
    run_all(house)
    with begin(shop.engine) as tx:  # everybody swaps places, five leave for where no slot is
        tx.execute(
            text(
                "UPDATE person SET zone = CASE zone WHEN 'Asia/Shanghai' THEN 'Europe/Lisbon'"
                " ELSE 'Asia/Shanghai' END"
            )
        )
        tx.execute(
            text(
                "UPDATE person SET zone = 'Pacific/Auckland' WHERE id IN"
                " (SELECT id FROM person WHERE zone = 'Asia/Shanghai' LIMIT 5)"
            )
        )

    while (due := _next(shop)) is not None:
        shop.clock.set(due)
        run_all(house)

    with begin(shop.engine) as tx:
        assert store.find(tx, campaign_id).state is State.FINISHED
        assert sum(told_store.tally(tx, campaign_id).values()) == 40
        assert told_twice(tx) == 0


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        (replace(draft(), words={}), ("zh_missing", "en_missing")),
        (replace(draft(segment=Segment(locale="en")), words={}), ("en_missing",)),
        (draft(timing=Timing.SHOP), ("time_missing",)),
        (draft(timing=Timing.SHOP, wall=wall("2026-03-01T09:00")), ("time_past",)),
        (draft(segment=Segment(zone="Asia/Tokyo")), ("nobody",)),
        (draft(segment=Segment(consented_on=ChannelName.SMS)), ("nobody",)),
    ],
)
def test_what_is_unfinished_cannot_be_scheduled(shop: Shop, written, faults) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 20)

    with pytest.raises(CampaignUnready) as refused:
        scheduled(shop, written)

    assert refused.value.faults == faults


Press = Callable[..., object]


def test_pressing_twice_is_no_error(house: House, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        gather(tx, 20)
    campaign_id = scheduled(shop, draft(pace=6))
    Turn(house).step()
    presses: tuple[Press, ...] = (change.pause, change.resume, change.pause, change.cancel)
    for press in presses:
        for _ in range(2):
            with begin(shop.engine) as tx:
                press(tx, campaign_id, act())

    with begin(shop.engine) as tx:
        became = [move.became for move in store.moves(tx, campaign_id)]
    assert became == ["draft", "scheduled", "running", "paused", "running", "paused", "cancelled"]
