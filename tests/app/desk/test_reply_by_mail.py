"""An answer by mail finds its order: the letter as sent over SMTP, answered to its Reply-To."""

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from app.db.transaction import begin
from app.desk import cases_api, replies_api
from app.jobs.lanes import Lane
from app.messages.deliver import Delivery, drain
from app.messages.reply_to import ReplyTo, reply_to_of
from app.messages.tables import message
from app.people.choice_store import choices_of
from app.people.choices import Category, ChannelName
from app.settings import Settings
from app.templating.render import Renderer
from app.templating.samples import sample
from channels.email.channel import Email
from channels.email.server import MailServer
from orders_core.ids import OrderId, new_id, show
from tests.app.hub.stage import enter, tell, wish
from tests.buying import MUG, bought, fill, rows
from tests.cast import ANA, BEN
from tests.channels.email.post_office import PostOffice, free_port
from tests.doors import Doors, open_doors
from tests.shop import Shop

TEMPLATES = Path(__file__).parents[3] / "templates"
DOMAIN = "reply.shop.example"
MAIL, OTHER = "ana@mail.example", "eve@elsewhere.example"
MAIL_OFFERS = (Category.OFFERS, ChannelName.EMAIL)


@dataclass(frozen=True)
class Post:
    """Ana has a letter about each of two orders; what is mailed to us comes in by the API."""

    doors: Doors
    office: PostOffice
    orders: tuple[OrderId, OrderId]
    letters: tuple[EmailMessage, EmailMessage]

    def answer(self, to: str, text: str, *, sender: str = MAIL, **more: str) -> Any:
        """Write an answer in a mail program and hand over what arrives, as a provider does."""
        letter = EmailMessage()
        letter["From"], letter["To"] = sender, to
        letter["Subject"] = more.pop("subject", "")
        letter.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.office.port) as line:
            line.send_message(letter)
        came = self.office.letters[-1]
        body = {
            "text": came.get_content().strip(),
            "to": came["To"],
            "sender": came["From"],
            "subject": came["Subject"],
        }
        return self.doors.call("POST", "/v1/replies", body | more)

    def reply_to(self, number: int) -> str:
        return str(self.letters[number]["Reply-To"])

    def cases(self) -> int:
        with begin(self.doors.shop.engine) as tx:
            return rows(tx, "support_case", "true")


def sent(shop: Shop, settings: Settings, office: PostOffice) -> list[EmailMessage]:
    """Send what is due by SMTP; return the letters, in the order of their messages."""
    server = MailServer(host="127.0.0.1", port=office.port, sender="Orderbell <n@shop.example>")
    channel = Email("email", server)
    delivery = Delivery(
        engine=shop.engine,
        clock=shop.clock,
        channels={"email": channel},
        renderer=Renderer.of_folder(TEMPLATES),
        replies=reply_to_of(settings),
    )
    drain(delivery, Lane(1), at_most_seconds=20)
    channel.close()
    return sorted(office.letters, key=lambda letter: str(letter["Message-ID"]))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    yield office
    controller.stop()


def told(shop: Shop) -> tuple[OrderId, OrderId]:
    with begin(shop.engine) as tx:
        enter(tx, ANA, BEN)
        fill(tx, {MUG: 9})
        orders = bought(tx, (MUG, 1)), bought(tx, (MUG, 2))
        now, facts = shop.clock.now(), sample("order_placed", "zh")
        for order in orders:
            news = wish(ANA, "order_placed", order_id=order, dispatch=str(order), at=now)
            tell(tx, replace(news, variables=facts), now=now)
        tx.execute(message.delete().where(message.c.channel != "email"))
    return orders


@pytest.fixture
def post(shop: Shop, office: PostOffice) -> Iterator[Post]:
    orders = told(shop)
    with open_doors(shop, replies_api.router, cases_api.router, reply_domain=DOMAIN) as doors:
        settings = Settings(mode="test", reply_domain=DOMAIN)
        first, second = sent(shop, settings, office)
        yield Post(doors, office, orders, (first, second))


def test_an_answer_to_its_reply_to_becomes_a_case_with_the_order(post: Post) -> None:
    """No subject, no header that names it, and a later letter to the same address."""
    answer = post.answer(post.reply_to(0), "杯子碎了").json()

    case = post.doors.get(f"/v1/cases/{answer['case']['id']}")
    assert answer["outcome"] == "case"
    assert (case["order"], case["person"]) == (
        show("ord", post.orders[0]),
        show("per", ANA.person_id),
    )
    assert "Reply-To" not in case["entries"][0]["text"]


def test_each_letter_has_an_address_of_its_own(post: Post) -> None:
    answers = [post.answer(post.reply_to(number), "碎了").json() for number in (0, 1)]

    orders = [post.doors.get(f"/v1/cases/{one['case']['id']}")["order"] for one in answers]
    assert orders == [show("ord", one) for one in post.orders]


def test_whoever_writes_from_another_address_is_heard_and_the_agent_reads_that(post: Post) -> None:
    """The signed address goes before what the letter says of itself."""
    header = str(post.letters[1]["Message-ID"])
    answer = post.answer(
        post.reply_to(0), "碎了", sender=OTHER, subject="Re: another order", in_reply_to=header
    ).json()

    case = post.doors.get(f"/v1/cases/{answer['case']['id']}")
    assert case["order"] == show("ord", post.orders[0])
    assert "e•••@elsewhere.example" in case["entries"][0]["text"]


def test_goodbye_from_another_address_is_of_whoever_got_the_letter(post: Post) -> None:
    answer = post.answer(post.reply_to(0), "退订", sender=BEN.addresses["email"][0]).json()

    assert (answer["outcome"], answer["people"]) == ("unsubscribed", [show("per", ANA.person_id)])
    with begin(post.doors.shop.engine) as tx:
        assert not choices_of(tx, ANA.person_id)[MAIL_OFFERS]


def altered(address: str) -> str:
    local, _, domain = address.partition("@")
    last = "a" if local[-1] != "a" else "q"
    return f"{local[:-1]}{last}@{domain}"


def test_a_forged_address_is_an_ordinary_reply_of_nobody_we_know(post: Post) -> None:
    forged = altered(post.reply_to(0))
    of_another = ReplyTo(b"another secret", domain=DOMAIN)

    for to in (forged, of_another.address(new_id()), f"help@{DOMAIN}"):
        refused = post.answer(to, "杯子碎了", sender=OTHER)
        assert (refused.status_code, post.cases()) == (404, 0)


def test_a_forged_address_leaves_a_letter_to_what_else_names_it(post: Post) -> None:
    header = str(post.letters[0]["Message-ID"])
    forged = altered(post.reply_to(1))

    unheard = post.answer(forged, "碎了", sender=OTHER, in_reply_to=header).json()
    heard = post.answer(forged, "碎了", in_reply_to=header).json()

    assert (unheard["outcome"], unheard["because"]) == ("ignored", "other_sender")
    case = post.doors.get(f"/v1/cases/{heard['case']['id']}")
    assert case["order"] == show("ord", post.orders[0])


def test_a_machine_that_answers_there_is_not_heard(post: Post) -> None:
    answer = post.answer(post.reply_to(0), "I am away", subject="Out of office: hello").json()

    assert (answer["outcome"], post.cases()) == ("ignored", 0)


def test_a_letter_that_is_no_longer_kept_is_answered_like_any_other(post: Post) -> None:
    with begin(post.doors.shop.engine) as tx:
        tx.execute(message.delete())

    assert post.answer(post.reply_to(0), "碎了").status_code == 404


def test_the_same_letter_sent_again_is_answered_at_the_same_address(
    shop: Shop, post: Post, office: PostOffice
) -> None:
    with begin(shop.engine) as tx:
        [first, _] = tx.scalars(select(message.c.id).order_by(message.c.id))
        again = {"state": "queued", "settled_at": None}
        tx.execute(update(message).where(message.c.id == first).values(again))
    before = post.reply_to(0)
    office.letters.clear()
    [letter] = sent(shop, Settings(mode="test", reply_domain=DOMAIN), office)

    assert letter["Reply-To"] == before


def test_without_the_setting_no_letter_says_where_it_is_answered(
    shop: Shop, office: PostOffice
) -> None:
    told(shop)
    letters = sent(shop, Settings(mode="test"), office)
    signed = reply_to_of(Settings(mode="test", reply_domain=DOMAIN))
    assert signed is not None
    named = UUID(str(letters[0]["Message-ID"]).strip("<>").partition("@")[0])

    assert [letter["Reply-To"] for letter in letters] == [None, None]
    with open_doors(shop, replies_api.router) as doors:
        refused = doors.call("POST", "/v1/replies", {"text": "x", "to": signed.address(named)})
        assert refused.status_code == 404
