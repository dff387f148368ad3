"""What promotions teach about the next one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.load.events import Event, Held, Uplift
from ml.load.uplift import Learnt

FIRST = datetime(2024, 11, 11, tzinfo=UTC)
NEXT = Event(starts_at=FIRST + timedelta(weeks=100), ends_at=FIRST + timedelta(weeks=101))


def event(week: int = 0, *, kind: str = "", shop: str = "", **how: float) -> Event:
    starts_at = FIRST + timedelta(weeks=week)
    return Event(
        starts_at=starts_at, ends_at=starts_at + timedelta(days=1), kind=kind, shop=shop, **how
    )


def times(*ratios: float, usual: float = 200, kind: str = "", shop: str = "") -> list[Held]:
    return [
        Held(event=event(at, kind=kind, shop=shop), came=usual * ratio, usual=usual)
        for at, ratio in enumerate(ratios)
    ]


def learn(held: list[Held], of: Event = NEXT) -> Uplift:
    return Learnt(held).of(of)


def test_before_the_first_promotion_the_prior_stands_and_is_wide():
    first = learn([])
    low, high = first.interval()

    assert first.mean == pytest.approx(2.5, abs=0.05)
    assert (first.own_used, first.others_used) == (0, 0)
    assert low < 1.2
    assert high > 4


def test_one_own_promotion_outweighs_the_prior():
    found = learn(times(4.0))

    assert abs(found.mean - 4.0) < abs(found.mean - learn([]).mean)
    assert found.interval()[0] < 4.0 < found.interval()[1]
    assert found.own_used == 1


def test_promotions_that_agree_make_it_narrow():
    def width(count: int) -> float:
        low, high = learn(times(*[3.0] * count)).interval()
        return high - low

    assert width(8) < width(3) < width(1) < width(0)
    assert learn(times(*[3.0] * 8)).mean == pytest.approx(3.0, abs=0.1)


def test_promotions_that_differ_keep_it_wide():
    agreeing, differing = learn(times(3, 3, 3, 3)), learn(times(1.2, 5, 2, 4))

    assert differing.spread > agreeing.spread


def test_a_promotion_that_cannot_be_compared_teaches_nothing():
    nothing = [Held(event=event(), came=40, usual=0), Held(event=event(), came=9, usual=4.9)]

    assert learn(nothing) == learn([])


def test_a_promotion_of_few_contacts_teaches_less():
    few, many = learn(times(6.0, usual=6)), learn(times(6.0, usual=600))

    assert learn([]).mean < few.mean < many.mean


def test_other_shops_teach_a_first_promotion_and_it_says_so():
    others = [
        replace(one, event=replace(one.event, shop=shop))
        for shop in ("north", "south", "west")
        for one in times(4.0, 4.2)
    ]

    first = learn(others, event(90, shop="ours"))

    assert first.mean == pytest.approx(4, abs=0.4)
    assert (first.own_used, first.others_used) == (0, 6)
    assert first.spread < learn([]).spread


def test_a_kind_never_held_leans_on_the_others_and_stays_wider_than_one_that_was():
    held = [*times(5.0, 5.2, 4.9, kind="double_11"), *times(1.4, 1.5, 1.4, kind="may_day")]

    seen, unseen = (learn(held, event(90, kind=kind)) for kind in ("double_11", "first_bell"))

    assert 1.5 < unseen.mean < 5
    assert seen.mean == pytest.approx(5, abs=0.3)
    assert unseen.spread > 1.5 * seen.spread


def test_a_shop_that_always_brings_more_than_others_does_so_with_a_new_kind():
    held = [
        Held(event=event(at, kind=kind, shop=shop), came=ratio * 500, usual=500)
        for at, kind in enumerate(("spring", "summer", "autumn", "winter"))
        for shop, ratio in (("loud", 4.0), ("calm", 1.6), ("quiet", 1.5))
    ]

    loud, calm = (learn(held, event(90, kind="doors", shop=shop)) for shop in ("loud", "calm"))

    assert loud.mean > 1.3 * calm.mean


def test_many_shops_on_one_day_say_less_than_as_many_days():
    shops = [f"shop-{at}" for at in range(6)]
    one_day = [Held(event=event(0, shop=shop), came=900, usual=300) for shop in shops]
    six_days = [
        Held(event=event(at, shop=shop), came=900, usual=300) for at, shop in enumerate(shops)
    ]

    assert (
        learn(one_day, event(90, shop="ours")).spread
        > learn(six_days, event(90, shop="ours")).spread
    )


def test_where_shops_hardly_differ_days_are_not_believed_to_differ_much_either():
    def learnt(*ratios: float) -> Uplift:
        return learn(
            [
                Held(event=event(0, shop=f"shop-{at}"), came=3000 * ratio, usual=3000)
                for at, ratio in enumerate(ratios * 4)
            ],
            event(52, shop="shop-0"),
        )

    assert learnt(1.49, 1.5, 1.51).spread < 0.5 * learnt(0.7, 1.5, 3.2).spread


def test_more_people_told_and_a_deeper_discount_bring_more():
    held = [
        Held(event=event(at, audience_share=share, discount_share=off), came=times * 400, usual=400)
        for at, (share, off, times) in enumerate(
            [(0.1, 0.1, 1.4), (0.9, 0.1, 2.2), (0.1, 0.4, 2.1), (0.9, 0.4, 3.6)] * 2
        )
    ]

    small = learn(held, event(90, audience_share=0.1, discount_share=0.1))
    large = learn(held, event(90, audience_share=0.9, discount_share=0.4))

    assert small.mean == pytest.approx(1.4, rel=0.15)
    assert large.mean == pytest.approx(3.6, rel=0.15)


def test_a_promotion_that_ended_later_is_not_looked_at():
    early, late = times(3.0, 3.1), [Held(event=event(50), came=2000, usual=200)]
    known_by = FIRST + timedelta(weeks=20)

    asked = Learnt([*early, *late], known_by=known_by).of(NEXT)

    assert asked == learn(early)
    assert asked.own_used == 2


@given(
    st.lists(
        st.builds(Held, event=st.just(event()), came=st.floats(0, 5000), usual=st.floats(0, 2000)),
        max_size=8,
    )
)
def test_it_lies_between_all_that_was_seen_and_inside_its_interval(held: list[Held]):
    found = learn(held)
    seen = [
        learn([]).interval(0.01)[0],
        *((one.came + 0.5) / (one.usual + 0.5) for one in held if one.usual >= 5),
    ]
    low, high = found.interval()
    middle = (low * high) ** 0.5

    assert min(seen) * 0.99 <= middle <= max(seen) * 1.02
    assert low <= found.mean <= high
