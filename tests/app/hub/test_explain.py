"""Every verdict the hub can reach has words, in both languages, that name the reason."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.hub.bounds import Bounds
from app.hub.catalogue import ANNOUNCEMENT, NOTICES, ORDER_SHIPPED, OUT_FOR_DELIVERY, Notice
from app.hub.decide import decide
from app.hub.explain import explain
from app.hub.question import Standing
from app.hub.verdict import Verdict
from app.people.choices import ChannelName
from app.people.hours import Window
from app.people.recipient import Recipient
from orders_core.ids import PersonId, new_id

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # noon in Shanghai
NIGHT = NOON + timedelta(hours=12)


def person(**given: Any) -> Recipient:
    facts: dict[str, Any] = {
        "person_id": PersonId(new_id()),
        "name": "Lin",
        "locale": "zh",
        "zone": "Asia/Shanghai",
        "addresses": dict.fromkeys(ChannelName, ("somewhere",)),
        "consents": {ChannelName.EMAIL: True, ChannelName.PUSH: True, ChannelName.INAPP: True},
        "preferences": {},
    }
    return Recipient(**{**facts, **given})


def row(notice: Notice, verdict: Verdict, at: datetime) -> Any:
    """Return a verdict as it comes back from the database."""
    return SimpleNamespace(
        notice=notice.name,
        answer=verdict.word,
        because=verdict.because,
        decided_by=verdict.decided_by,
        until=verdict.until,
        trace=[[step.rule, str(step.outcome), dict(step.inputs)] for step in verdict.trace],
        decided_at=at,
    )


def said(notice: Notice, who: Recipient, now: datetime = NOON, **more: Any) -> list[str]:
    """Return the headline and every rule's answer, in English."""
    verdict = decide(notice, who, (), more.pop("bounds", Bounds()), now, **more)
    explained = explain(row(notice, verdict, now), locale="en", zone=who.zone, channels=["email"])
    return [explained.headline, *(asked.answer for asked in explained.asked)]


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("now", [NOON, NIGHT], ids=["noon", "night"])
@pytest.mark.parametrize("name", sorted(NOTICES))
def test_every_notice_can_be_explained(name: str, now: datetime, locale: str) -> None:
    verdict = decide(NOTICES[name], person(), (), Bounds(), now)

    explained = explain(row(NOTICES[name], verdict, now), locale=locale, zone="Asia/Shanghai")

    assert explained.headline
    assert len(explained.asked) == len(verdict.trace)
    assert all(asked.question and asked.answer for asked in explained.asked)


def test_the_night_is_named_with_its_end() -> None:
    headline, *answers = said(ORDER_SHIPPED, person(), NIGHT)

    assert headline == "Held until 3 Mar, 08:00. It is night where they live: quiet hours."
    assert "Yes: the shop’s quiet hours in Asia/Shanghai. Bells wait until 3 Mar, 08:00." in answers


@pytest.mark.parametrize(
    ("own", "locked", "expected"),
    [
        ((20, 10), False, "Yes: the quiet hours they chose, in Asia/Shanghai. Bells wait until"),
        ((8, 22), True, "Always: in Asia/Shanghai the hours that hold bells leave no time"),
    ],
)
def test_it_is_said_whose_hours_hold(own: tuple[int, int], locked: bool, expected: str) -> None:  # noqa: FBT001
    start, end = own
    who = person(quiet=Window(time(start), time(end)))

    answers = said(ORDER_SHIPPED, who, NIGHT, bounds=Bounds(is_quiet_locked=locked))

    assert any(answer.startswith(expected) for answer in answers)


def test_the_law_is_named_where_the_law_holds() -> None:
    by_sms = replace(ANNOUNCEMENT, channels=(ChannelName.SMS,))
    agreed = person(consents={ChannelName.SMS: True}, quiet=Window(time(0), time(0)))

    headline, *_, answer = said(by_sms, agreed, NIGHT)

    assert headline.endswith("The law allows no advertising by SMS at this hour of theirs.")
    assert answer.startswith("The law allows no advertising by SMS at this hour in Asia/Shanghai.")


def test_a_missing_consent_names_the_channels() -> None:
    headline, *answers = said(ANNOUNCEMENT, person(consents={}))

    assert headline == "It advertises, and they have not agreed to that."
    assert "Not on inbox, e-mail, push." in answers


def test_news_that_is_old_names_what_has_moved_on() -> None:
    standing = Standing(order_status="delivered")
    headline, first, *_ = said(OUT_FOR_DELIVERY, person(), standing=standing)

    assert headline == "The order had moved on, so this would have been old news."
    assert first == "No, the order is already: Delivered."


def test_a_channel_without_an_address_and_one_switched_off_are_named() -> None:
    who = person(
        addresses={ChannelName.INAPP: ("x",), ChannelName.EMAIL: ("x",)},
        preferences={("delivery", "email"): False},
    )
    answers = said(ORDER_SHIPPED, who)

    assert "They switched “Delivery” off on e-mail." in answers
    assert "None for SMS." in answers


def test_a_rule_of_the_future_is_shown_by_its_code_rather_than_not_at_all() -> None:
    old = SimpleNamespace(
        notice="x",
        answer="skip",
        because="bored",
        decided_by="mood",
        until=None,
        trace=[["mood", "skip", {}]],
        decided_at=NOON,
    )

    explained = explain(old, locale="zh", zone="UTC")

    assert explained.headline == "bored"
    assert explained.asked[0].question == "mood"
