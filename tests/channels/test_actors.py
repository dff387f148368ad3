"""Addresses that misbehave by name: each becomes what the table in the documents says."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.db.transaction import begin
from app.entry.mailbox import mailbox
from app.messages import capture, capture_store, suppression_store
from app.settings import Settings
from app.wiring import open_channels
from channels.contract import Accepted, Envelope, GiveUp, Outcome, TryLater, Unknown
from channels.email.channel import Email
from channels.email.server import MailServer
from channels.fake.actors import NUMBERS, Part, part_of
from channels.fake.channel import Fake
from tests.channels.email.post_office import free_port
from tests.pages_app import settings_of
from tests.shop import Shop

BECOMES = {
    Part.BOUNCE: GiveUp,
    Part.REJECT: GiveUp,
    Part.SLOW: TryLater,
    Part.TIMEOUT: Unknown,
    Part.COMPLAIN: Accepted,
}
ADDRESSES = [
    *(("email", f"{part}@shopper.example", part) for part in Part),
    *(("sms", number, part) for number, part in NUMBERS.items()),
    *(("push", f"test-{part}-1", part) for part in Part),
]
KEPT = {Part.TIMEOUT, Part.COMPLAIN}
PAGE = Path(__file__).parents[2] / "docs/for-developers.md"


def letter(channel: str, to: str) -> Envelope:
    return Envelope(message_id=uuid4(), channel=channel, to=to, title="Tea", text="New.")


@pytest.fixture
def email(shop: Shop) -> Iterator[Email]:
    settings = Settings(smtp_port=free_port())
    with mailbox(settings, shop.engine, shop.clock) as port:
        sender = "Orderbell <news@shop.example>"
        channel = Email("email", MailServer(host="127.0.0.1", port=port, sender=sender))
        yield channel
        channel.close()


def send(shop: Shop, email: Email, channel: str, to: str) -> Outcome:
    record = capture.outbox_record(shop.engine, shop.clock, has_actors=True)
    way = email if channel == "email" else Fake(channel, record, has_actors=True)
    [outcome] = way.send([letter(channel, to)])
    return outcome


def test_every_part_can_be_played_on_every_channel() -> None:
    assert {(channel, part) for channel, _, part in ADDRESSES} == {
        (channel, part) for channel in ("email", "sms", "push") for part in Part
    }
    for channel, address, part in ADDRESSES:
        assert part_of(channel, address) is part


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("email", "bouncer@shop.example"),
        ("email", "ana.bounce@shop.example"),
        ("email", "bounce"),
        ("sms", "+8613900000551"),
        ("sms", "bounce@shop.example"),
        ("push", "bounce"),
        ("push", "device-7"),
        ("inapp", "bounce@shop.example"),
    ],
)
def test_whoever_only_sounds_alike_behaves(channel: str, address: str) -> None:
    assert part_of(channel, address) is None


def test_a_mark_tells_many_of_one_kind_apart() -> None:
    assert part_of("email", "Bounce+42@shop.example") is Part.BOUNCE


def test_each_becomes_what_its_name_says(shop: Shop, email: Email) -> None:
    for channel, address, part in ADDRESSES:
        outcome = send(shop, email, channel, address)

        assert type(outcome) is BECOMES[part], (channel, part, outcome)
        if isinstance(outcome, GiveUp):
            assert outcome.address_is_dead == (part is Part.BOUNCE), (channel, part)
    with begin(shop.engine) as tx:
        left = {(one.channel, one.address) for one in capture_store.page(tx)}
        spam = {
            (channel, address)
            for channel, address, _ in ADDRESSES
            if (found := suppression_store.find(tx, channel, address))
            and found.reason == "complaint"
        }
    assert left == {(channel, address) for channel, address, part in ADDRESSES if part in KEPT}
    assert spam == {(c, address) for c, address, part in ADDRESSES if part is Part.COMPLAIN}


def test_a_neighbour_in_the_same_batch_is_not_spoiled(shop: Shop, email: Email) -> None:
    names = ("ana@shopper.example", "timeout@shopper.example", "lin@shopper.example")

    outcomes = email.send([letter("email", name) for name in names])

    assert [type(outcome) for outcome in outcomes] == [Accepted, Unknown, Accepted]


def test_where_people_are_real_they_are_addresses_like_any_other(shop: Shop) -> None:
    clock = shop.clock
    mail = MailServer(host="127.0.0.1", port=1, sender="Orderbell <news@shop.example>")
    settings = settings_of(shop, mode="production", secret_key="k" * 32, smtp_host=mail.host)
    channels = open_channels(settings, engine=shop.engine, clock=clock)

    for channel, address, _ in ADDRESSES:
        if channel != "email":
            assert type(channels[channel].send([letter(channel, address)])[0]) is Accepted
    with begin(shop.engine) as tx:
        assert all(suppression_store.find(tx, one, to) is None for one, to, _ in ADDRESSES)


def test_the_documents_name_every_one() -> None:
    page = PAGE.read_text(encoding="utf-8")

    for part in Part:
        assert f"`{part}@…`" in page
        assert f"`test-{part}-…`" in page
    assert set(re.findall(r"\+86139\d{8}", page)) == set(NUMBERS)
