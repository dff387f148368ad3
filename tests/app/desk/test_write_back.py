"""What people write back to a message of ours: a case, goodbye, or a machine that is not heard."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from app.db.transaction import begin
from app.desk import cases_api, replies_api
from app.desk.written_back import (
    Unheard,
    address_of,
    is_automatic,
    message_named,
    own_words,
)
from app.jobs.lanes import Lane
from app.messages.deliver import Delivery, drain
from app.messages.tables import message
from app.people.choice_store import choices_of
from app.people.choices import Category, ChannelName
from app.people.stop_words import means_stop
from app.templating.render import Renderer
from app.templating.samples import sample
from orders_core.ids import OrderId, new_id, show
from tests.app.hub.stage import enter, tell, wish
from tests.app.messages.desk import Provider
from tests.buying import MUG, bought, fill, rows
from tests.cast import ANA, CHIYO
from tests.doors import Doors, open_doors
from tests.shop import Shop

TEMPLATES = Path(__file__).parents[3] / "templates"
MAIL = "ana@mail.example"
NOTICE = "order_shipped"
SMS_OFFERS, MAIL_OFFERS = (
    (Category.OFFERS, ChannelName.SMS),
    (Category.OFFERS, ChannelName.EMAIL),
)


@dataclass(frozen=True)
class Stage:
    """Ana was told of her order in every channel that the news has."""

    doors: Doors
    order: OrderId
    sent: Mapping[str, UUID]

    def back(self, text: str, **more: Any) -> Any:
        """Write back, to the e-mail unless something else is named."""
        named = (
            {} if {"message", "in_reply_to", "channel"} & more.keys() else {"message": self.mail}
        )
        return self.doors.call("POST", "/v1/replies", {"text": text, **named, **more})

    @property
    def mail(self) -> str:
        return show("msg", self.sent["email"])

    def cases(self) -> int:
        with begin(self.doors.shop.engine) as tx:
            return rows(tx, "support_case", "true")

    def wants(self, cell: tuple[Category, ChannelName]) -> bool:
        with begin(self.doors.shop.engine) as tx:
            return choices_of(tx, ANA.person_id)[cell]


@pytest.fixture
def stage(shop: Shop) -> Iterator[Stage]:
    with begin(shop.engine) as tx:
        enter(tx, ANA, CHIYO)
        fill(tx, {MUG: 9})
        order = bought(tx, (MUG, 1))
        [made] = tell(tx, wish(ANA, "order_placed", order_id=order))
        one = tx.execute(select(message).where(message.c.verdict_id == made.id)).mappings()
        first = dict(next(iter(one)))
        tx.execute(message.delete())
        ids = {channel: new_id() for channel in ("sms", "email")}
        facts = {"notice": NOTICE, "lane": 1, "variables": sample(NOTICE, "zh")}
        for channel, id_ in ids.items():
            where = {"channel": channel, "address": ANA.addresses[channel][0]}
            tx.execute(insert(message).values(first | facts | {"id": id_} | where))
    provider = Provider()
    delivery = Delivery(
        engine=shop.engine,
        clock=shop.clock,
        channels=dict.fromkeys(ids, provider),
        renderer=Renderer.of_folder(TEMPLATES),
    )
    drain(delivery, Lane(1), at_most_seconds=20)
    with open_doors(shop, replies_api.router, cases_api.router) as doors:
        yield Stage(doors, order, ids)


def test_a_reply_is_a_case_with_the_order_and_what_was_answered(stage: Stage) -> None:
    answer = stage.back("收到的杯子碎了\n\n> 您的订单", sender=f"Ana <{MAIL}>").json()

    assert (answer["outcome"], answer["is_new"], answer["because"]) == ("case", True, None)
    case = stage.doors.get(f"/v1/cases/{answer['case']['id']}")
    assert (case["order"], case["person"]) == (show("ord", stage.order), show("per", ANA.person_id))
    first, received = case["entries"]
    words, _, quote = first["text"].partition("\n\n")
    assert words == "收到的杯子碎了"
    assert quote.startswith("> ")
    assert len(quote) > len("> ")
    assert received["verdict"].startswith("ver_")  # case_received


def test_what_is_quoted_makes_nothing_urgent(stage: Stage) -> None:
    case = stage.back("在吗\n> 投诉 12315").json()["case"]

    assert "angry" not in case["signals"]


def test_a_further_reply_goes_on_in_the_same_case(stage: Stage) -> None:
    first, again = stage.back("碎了").json(), stage.back("请问何时补发").json()

    assert (first["is_new"], again["is_new"]) == (True, False)
    assert first["case"]["id"] == again["case"]["id"]


def test_an_e_mail_is_found_by_in_reply_to(stage: Stage) -> None:
    header = f"<{stage.sent['email']}@shop.example>"

    assert stage.back("碎了", in_reply_to=header).json()["message"] == stage.mail


def test_an_sms_is_found_by_whom_it_went_to(stage: Stage) -> None:
    """Chiyo has the same number, and another waits for Ana: the latest that left is meant."""
    with begin(stage.doors.shop.engine) as tx:
        left = select(message).where(message.c.id == stage.sent["sms"])
        waiting = {"id": new_id(), "state": "queued"}
        tx.execute(insert(message).values(dict(tx.execute(left).mappings().one()) | waiting))
    answer = stage.back("在吗", channel="sms", sender=ANA.addresses["sms"][0]).json()

    assert answer["message"] == show("msg", stage.sent["sms"])


def test_what_answers_no_message_of_ours_is_refused(stage: Stage) -> None:
    for named in (
        {"message": show("msg", UUID(int=7))},
        {"in_reply_to": "<hello@elsewhere.example>"},
        {"channel": "sms", "sender": "+8613900000000"},
    ):
        reply = stage.back("在吗", **named)
        assert (reply.status_code, reply.json()["code"], stage.cases()) == (404, "not_found", 0)


def test_goodbye_ends_offers_on_that_channel_alone_and_says_where(stage: Stage) -> None:
    answer = stage.back(" TD。", message=show("msg", stage.sent["sms"])).json()

    assert (answer["outcome"], answer["case"], stage.cases()) == ("unsubscribed", None, 0)
    assert (stage.wants(SMS_OFFERS), stage.wants(MAIL_OFFERS)) == (False, True)
    with begin(stage.doors.shop.engine) as tx:
        assert rows(tx, "choice", "door = 'reply' AND said_by = 'person'") > 0


def test_what_nobody_wrote_opens_nothing(stage: Stage) -> None:
    for more, because in (
        ({"headers": {"Auto-Submitted": "auto-replied"}}, Unheard.AUTOMATIC),
        ({"sender": "eve@elsewhere.example"}, Unheard.OTHER_SENDER),
        ({"text": "> 您的订单"}, Unheard.EMPTY),
    ):
        wanted: dict[str, Any] = {"text": "我不在办公室", **more}
        answer = stage.back(**wanted).json()
        assert (answer["outcome"], answer["because"]) == ("ignored", because)
    with begin(stage.doors.shop.engine) as tx:
        assert (stage.cases(), rows(tx, "incoming", "true")) == (0, 0)


def test_a_machine_does_not_say_goodbye(stage: Stage) -> None:
    stage.back("STOP", headers={"Precedence": "bulk"})

    assert stage.wants(MAIL_OFFERS)


def test_a_reply_handed_over_twice_is_taken_once(stage: Stage) -> None:
    first, again = (stage.back("碎了", id="mail-7731") for _ in range(2))

    assert first.json() == again.json()
    with begin(stage.doors.shop.engine) as tx:
        assert rows(tx, "incoming", "about = 'delivery'") == 1
        assert rows(tx, "case_entry", "author = 'shopper'") == 1


def test_a_reply_that_each_try_hands_over_under_a_key_of_its_own_is_one_contact(
    stage: Stage,
) -> None:
    """Its provider's id says that it is the same reply, however long its tries are apart."""
    body = {"text": "碎了", "message": stage.mail, "id": "mail-7731"}
    for key in ("try-1", "try-2"):
        answer = stage.doors.call("POST", "/v1/replies", body, **{"Idempotency-Key": key})
        assert answer.status_code == 202
        stage.doors.shop.clock.advance(timedelta(hours=1))

    with begin(stage.doors.shop.engine) as tx:
        assert rows(tx, "case_entry", "author = 'shopper'") == 1
        assert rows(tx, "incoming", "true") == 1


@pytest.mark.parametrize(
    ("headers", "sender", "subject", "expected"),
    [
        ({}, MAIL, "Re: 您的包裹", False),
        ({"Auto-Submitted": "no"}, MAIL, "", False),
        ({"auto-submitted": "auto-generated; x=y"}, MAIL, "", True),
        ({"Precedence": "first-class"}, MAIL, "", False),
        ({"Precedence": "auto_reply"}, MAIL, "", True),
        ({"X-Autoreply": "yes"}, MAIL, "", True),
        ({"X-Autorespond": ""}, MAIL, "", True),
        ({"List-Id": "<news.example>"}, MAIL, "", True),
        ({"Return-Path": "<>"}, MAIL, "", True),
        ({"Return-Path": "<ana@mail.example>"}, MAIL, "", False),
        ({"Content-Type": "multipart/report; report-type=delivery-status"}, MAIL, "", True),
        ({}, "MAILER-DAEMON@mx.example", "", True),
        ({}, "no-reply@mail.example", "", True),
        ({}, MAIL, "Out of office: Re: 您的包裹", True),
        ({}, MAIL, "自动回复: 您的包裹", True),
    ],
)
def test_machines_are_known_by_what_they_write(
    headers: dict[str, str], sender: str, subject: str, *, expected: bool
) -> None:
    assert is_automatic(headers, sender=sender, subject=subject) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("碎了", "碎了"),
        ("broken\r\n\r\nOn Mon, 2 Mar 2026 at 09:00, Shop <a@b> wrote:\r\n> hello", "broken"),
        ("碎了\n在 2026年3月2日 09:00，小满杂货 写道：\n您好", "碎了"),
        ("碎了\n------------------ 原始邮件 ------------------\n您好", "碎了"),
        ("broken\n-----Original Message-----\nFrom: shop", "broken"),
        ("broken\n-- \nAna", "broken"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("> only theirs", ""),
    ],
)
def test_only_their_own_words_are_kept(text: str, words: str) -> None:
    assert own_words(text) == words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("退订", True),
        ("回T", True),
        ("Stop.", True),
        ("T", True),
        ("请不要退订", False),
        ("", False),
    ],
)
def test_goodbye_is_nothing_but_goodbye(words: str, *, expected: bool) -> None:
    assert means_stop(words) is expected


def test_names_are_read_from_what_mail_programs_write() -> None:
    one = new_id()

    assert message_named(f" <{one}@shop.example> ") == one
    assert message_named("<x@y>") is None
    assert address_of("Ana <ana@mail.example>") == MAIL
    assert address_of("+8613800138000") == "+8613800138000"
