"""The rest of the page: steps, money, what comes next, the goods, and what was told."""

from typing import Any

import pytest

from app.hub.catalogue import NOTICES
from app.hub.decide import RULES
from app.hub.verdict import Because
from app.messages.message import State
from app.story import mask
from app.story.facts import UNPAID, Decided, Facts, Sent
from app.story.story import Story
from app.story.tell import tell
from app.words.say import knows
from orders_core.ids import new_id
from tests.app.story.orders import (
    DAY,
    HOUR,
    NOW,
    SHANGHAI,
    checkpoint,
    facts,
    order,
    parcel,
)

MIRRORED: dict[str, Any] = {
    "mirrored": True,
    **dict.fromkeys(("paid_at", "shipped_at", "delivered_at", "cancelled_at")),
}


def story(known: Facts, locale: str = "en") -> Story:
    return tell(known, now=NOW, locale=locale, zone=SHANGHAI)


def stands(known: Facts) -> list[str]:
    return [f"{step.name} {step.stand}" for step in story(known).steps]


def decided(answer: str = "send", *sent: Sent, **given: Any) -> Decided:
    return Decided(
        **{
            "id": new_id(),
            "notice": "order_paid",
            "answer": answer,
            "because": None,
            "until": None,
            "trace": (),
            "at": NOW - HOUR,
            "sent": sent,
            **given,
        }
    )


def sent(channel: str, state: str = "sent") -> Sent:
    at = NOW - HOUR
    settled = None if state == "queued" else at
    return Sent(id=new_id(), channel=channel, state=state, due_at=at, settled_at=settled)


def test_the_steps_are_done_up_to_where_the_order_is() -> None:
    assert stands(facts(order("paid"))) == [
        "placed done",
        "paid now",
        "shipped ahead",
        "delivered ahead",
    ]
    assert stands(facts(order("delivered")))[-1] == "delivered now"


def test_a_cancelled_order_ends_there() -> None:
    assert stands(facts(order("cancelled"))) == ["placed done", "cancelled now"]
    paid = order("cancelled", paid_at=NOW - HOUR)
    assert stands(facts(paid)) == ["placed done", "paid done", "cancelled now"]


def test_a_step_that_nobody_reported_is_not_claimed() -> None:
    known = facts(order("shipped", **MIRRORED))

    assert stands(known)[1] == "paid untold"
    assert [step.at for step in story(known).steps[1:3]] == [None, None]


def test_a_carrier_that_has_the_goods_has_them() -> None:
    leg = parcel("in_transit")
    said = {leg.id: (checkpoint("announced", 9), checkpoint("picked_up", 8, "杭州"))}
    steps = story(facts(order("paid"), leg, checkpoints=said)).steps

    assert (steps[2].stand, steps[2].at) == ("now", NOW - 8 * HOUR)
    arrived = story(facts(order("shipped"), parcel("delivered"))).steps[3]
    assert (arrived.stand, arrived.at) == ("now", NOW - 6 * HOUR)


@pytest.mark.parametrize(
    ("known", "payment", "words"),
    [
        (facts(order("placed")), "unpaid", "Not paid yet."),
        (facts(order("paid")), "paid", "Paid."),
        (facts(order("shipped", **MIRRORED)), "untold", "No payment was reported to us."),
        (facts(order("cancelled")), "not_charged", "No payment was taken."),
        (
            facts(order("cancelled", paid_at=NOW - HOUR)),
            "refund_due",
            "Paid; CN¥168.00 is to be refunded.",
        ),
        (
            facts(order("cancelled", **{**MIRRORED, "paid_at": NOW})),
            "refund_elsewhere",
            "Paid; the refund is made where it was bought.",
        ),
    ],
)
def test_the_money_is_told_as_far_as_it_is_known(known: Facts, payment: str, words: str) -> None:
    told = story(known)

    assert (told.payment, told.paid) == (payment, words)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (facts(order("placed"), pay_by=NOW + HOUR), "Pay by 15:00"),
        (facts(order("placed"), pay_by=NOW - HOUR), "The time to pay ended today at 13:00"),
        (facts(order("placed")), "When a payment arrives"),
        (facts(order("paid")), "no shipping day is fixed"),
        (facts(order("paid"), parcel("announced")), "快燕速运 collects it next"),
        (facts(order("shipped")), "once a tracking number is known"),
        (facts(order("shipped"), parcel("in_transit")), "Nobody has named a day yet"),
        (
            facts(order("shipped"), parcel("in_transit", expected_at=NOW + 2 * DAY)),
            "Expected Thursday 12 Nov.",
        ),
        (
            facts(order("shipped"), parcel("in_transit", expected_at=NOW - DAY)),
            "The day that was named has passed",
        ),
        (facts(order("shipped"), parcel("at_station", pickup_code="1")), "with the pickup code"),
        (facts(order("shipped"), parcel("at_station")), "at the pickup point"),
        (facts(order("shipped"), parcel("exception")), "Somebody has to look at it"),
        (facts(order("shipped"), parcel("attempt_failed")), "decides about a further attempt"),
        (facts(order("delivered")), "if it is not in your hands"),
        (facts(order("cancelled"), cancelled_because=UNPAID), "Nothing more happens"),
        (facts(order("cancelled", paid_at=NOW)), "CN¥168.00 goes back to you"),
        (facts(order("cancelled", **{**MIRRORED, "paid_at": NOW})), "where you bought it"),
    ],
)
def test_what_happens_next_is_said_with_its_day_or_that_there_is_none(
    known: Facts, words: str
) -> None:
    assert words in " ".join(story(known).next)


def test_no_bell_is_promised_about_a_muted_order() -> None:
    for status in ("placed", "paid", "shipped"):
        legs = (parcel("in_transit"),) if status == "shipped" else ()
        loud = " ".join(story(facts(order(status), *legs)).next)
        quiet = " ".join(story(facts(order(status), *legs, is_muted=True)).next)

        assert "you hear" in loud
        assert "you hear" not in quiet


def test_scans_stand_newest_first_and_times_of_a_parcel_name_both_days() -> None:
    leg = parcel("in_transit", promised_at=NOW, expected_at=NOW + 2 * DAY)
    said = {leg.id: (checkpoint("picked_up", 9, "杭州"), checkpoint("in_transit", 6, "上海"))}
    [told] = story(facts(order("shipped"), leg, checkpoints=said)).parcels

    assert [scan.place for scan in told.scans] == ["上海", "杭州"]
    assert told.days == "Promised Tuesday 10 Nov; expected Thursday 12 Nov."
    assert told.day == (NOW + 2 * DAY).date()


def test_a_parcel_that_arrived_is_no_day_to_note() -> None:
    [told] = story(facts(order("shipped"), parcel("delivered", expected_at=NOW))).parcels

    assert (told.day, told.days) == (None, "")


def test_carriers_are_written_as_names() -> None:
    legs = [parcel("announced", carrier=name) for name in ("sf", "camel logistics", "快燕速运")]

    assert [one.carrier for one in story(facts(order("paid"), *legs)).parcels] == [
        "SF Express",
        "Camel Logistics",
        "快燕速运",
    ]


def test_goods_are_named_in_the_language_of_the_page() -> None:
    known = facts(order("paid"), pictured=frozenset({"TEA"}))
    [tea] = story(known, "zh").items

    assert (tea.title, tea.line_minor, tea.has_picture) == ("龙井茶", 16_800, True)
    assert story(known).items[0].title == "Longjing tea"


def test_what_was_told_is_told_with_its_channels_and_its_reason() -> None:
    known = facts(order("paid"), decided=(decided("send", sent("sms"), sent("inapp")),))
    [told] = story(known).notices

    assert told.because == "Because the payment arrived."
    assert [(way.channel, way.state) for way in told.ways] == [("inapp", "sent"), ("sms", "sent")]


def test_what_was_held_says_until_when_and_why() -> None:
    night = decided("wait", sent("push", "queued"), because="quiet_hours", until=NOW + 18 * HOUR)
    [told] = story(facts(order("paid"), decided=(night,))).notices

    assert told.because == "Held until tomorrow, 08:00. It was night where you are."
    assert told.ways[0].at == NOW - HOUR


def test_what_was_not_told_says_why() -> None:
    skipped = decided("skip", because="not_wanted")
    [told] = story(facts(order("paid"), decided=(skipped,))).notices

    assert (told.because, told.sign) == ("You switched this kind of message off.", "bad")


@pytest.mark.parametrize(
    ("rule", "inputs", "words"),
    [
        ("preference", {"off": ["push"]}, "Not by push: you switched it off there."),
        ("suppression", {"dead": ["email"]}, "Not by e-mail: the address cannot be reached."),
        ("reachable", {"missing": ["sms", "push"]}, "Not by push, SMS: no address there."),
        ("mute", {"off": ["sms"]}, "Not by SMS: you muted this order."),
        (
            "consent",
            {"email": True, "push": None},
            "Not by push: you have not agreed to advertising there.",
        ),
    ],
)
def test_a_channel_that_was_left_out_says_why(
    rule: str, inputs: dict[str, Any], words: str
) -> None:
    one = decided("send", sent("inapp"), trace=((rule, "narrow", inputs), ("cap", "pass", {})))
    [told] = story(facts(order("paid"), decided=(one,))).notices

    assert list(told.left_out) == [words]


def test_every_reason_rule_notice_and_state_has_words_for_the_shopper() -> None:
    wanted = {f"story.because.{code}" for code in Because}
    wanted |= {f"story.left_out.{rule}" for rule, _ in RULES}
    wanted |= {f"story.why.{name}" for name in NOTICES}
    wanted |= {f"story.state.{state}" for state in State}

    assert [key for key in sorted(wanted) if not knows(key)] == []


def test_a_mask_keeps_back_what_would_prove_it() -> None:
    assert mask.name("林小满") == "林••"
    assert mask.phone("+8613812345678") == "+86••••••••"
    assert mask.email("lin@mail.example") == "l••@mail.example"
    assert mask.without_digits("派件员 138-1234-5678 给林小满", name="林小满") == "派件员 ••• 给••"
    assert mask.parcel_number("SF139048") == "••"


def test_strangers_are_told_the_order_and_nobodys_name() -> None:
    leg = parcel("at_station", pickup_code="8842")
    said = {leg.id: (checkpoint("at_station", 1, "驿站", words="林小满 5678", pickup_code="8842"),)}
    known = facts(
        order("shipped"),
        leg,
        checkpoints=said,
        decided=(decided("send", sent("sms")),),
        is_muted=True,
    ).for_strangers()
    told = story(known)

    assert told.truth == "Waits to be fetched at 杭州."
    assert (told.who.name, told.who.phones, told.who.emails) == ("", [], [])
    assert (told.notices, told.tells, told.is_muted) == ([], False, False)
    assert told.parcels[0].scans[0].words == ""
    assert told.parcels[0].number == "••7654"
    assert not any("you" in sentence for sentence in told.next)


def test_until_it_is_proven_a_carriers_words_keep_names_and_numbers_back() -> None:
    leg = parcel("in_transit")
    said = {leg.id: (checkpoint("in_transit", 1, words="林小满 13812345678 待派"),)}
    known = facts(order("shipped"), leg, checkpoints=said).until_proven()

    assert story(known).parcels[0].scans[0].words == "•• ••• 待派"


def test_an_order_that_has_ended_cannot_be_muted() -> None:
    assert story(facts(order("shipped"))).can_ring
    assert not story(facts(order("delivered"))).can_ring
