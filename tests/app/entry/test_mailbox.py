"""The mailbox keeps every letter that the shop sends, readable and by message."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.db.transaction import begin
from app.entry.mailbox import mailbox, message_id_of, read
from app.messages import capture_store
from app.messages.capture_store import Captured
from app.settings import Settings
from channels.contract import Accepted, Envelope, TryLater
from channels.email.channel import Email
from channels.email.server import MailServer
from tests.channels.email.post_office import free_port
from tests.poll import until
from tests.shop import MORNING, Shop


@pytest.fixture
def port(shop: Shop) -> Iterator[int]:
    settings = Settings(smtp_port=free_port())
    with mailbox(settings, shop.engine, shop.clock) as port:
        yield port


def server(port: int) -> MailServer:
    return MailServer(host="127.0.0.1", port=port, sender="Orderbell <news@shop.example>")


def kept(shop: Shop) -> list[Captured]:
    with begin(shop.engine) as tx:
        return list(capture_store.page(tx))


def test_a_letter_of_ours_is_kept_with_text_html_headers_and_its_message(
    shop: Shop, port: int
) -> None:
    message_id = uuid4()
    envelope = Envelope(
        message_id=message_id,
        channel="email",
        to="ana@example.org",
        title="订单 100482 已发货",
        text="您好。\n\n您的订单已发货。\n",
        html="<p>您好。</p>\n",
        headers={"Auto-Submitted": "auto-generated"},
    )
    channel = Email("email", server(port))

    outcomes = channel.send([envelope])

    channel.close()
    (letter,) = kept(shop)
    assert outcomes == [Accepted("2.0.0 stored")]
    assert (letter.channel, letter.address, letter.message_id) == (
        "email",
        "ana@example.org",
        message_id,
    )
    assert (letter.subject, letter.body, letter.html) == (
        "订单 100482 已发货",
        "您好。\n\n您的订单已发货。\n",
        "<p>您好。</p>\n",
    )
    assert ("Auto-Submitted", "auto-generated") in letter.headers
    assert letter.captured_at == MORNING


def test_a_letter_to_two_people_is_kept_for_each(shop: Shop, port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="shop.example") as line:
        line.sendmail("a@b.example", ["ana@c.example", "ben@c.example"], "Subject: Hi\r\n\r\nText")

    assert {letter.address for letter in kept(shop)} == {"ana@c.example", "ben@c.example"}
    assert {letter.body.strip() for letter in kept(shop)} == {"Text"}
    assert {letter.message_id for letter in kept(shop)} == {None}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all",
        b"Subject: =?nope?q?x?=\r\nContent-Type: text/plain; charset=nope\r\n\r\n\xff\xfe",
        b"Subject: a\x00b\r\n\r\nnul \x00 and \xed\xa0\x80",
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\nnever opened",
        b"Message-ID: <not-ours@x>\r\n\r\nx",
    ],
)
def test_a_letter_that_makes_no_sense_is_kept_all_the_same(
    shop: Shop, port: int, raw: bytes
) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="shop.example") as line:
        line.sendmail("a@b.example", ["ana@c.example"], raw)

    assert len(kept(shop)) == 1


def test_a_letter_is_refused_for_now_while_the_database_is_away(shop: Shop, port: int) -> None:
    with begin(shop.engine) as tx:
        tx.execute(text("ALTER TABLE captured RENAME TO elsewhere"))
    channel = Email("email", server(port))
    envelope = Envelope(
        message_id=uuid4(), channel="email", to="ana@example.org", title="t", text="x"
    )

    (refused,) = channel.send([envelope])

    channel.close()
    assert isinstance(refused, TryLater)


def test_the_process_ends_within_seconds_of_sigterm(shop: Shop) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.entry.mailbox import main; main()"],
        env={
            **os.environ,
            "DATABASE_URL": shop.url,
            "REDIS_URL": shop.valkey_url,
            "ORDERBELL_SMTP_PORT": str(port),
        },
    )
    try:
        until(lambda: answers(port), within_seconds=30, what="the mailbox answers")
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)

        assert process.wait(10) == 0
        assert time.monotonic() - started < 5
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="x.example", timeout=2):
            return True
    except OSError:
        return False


def test_only_our_own_message_ids_are_read() -> None:
    ours = UUID("019ab000-0000-7000-8000-000000000001")

    assert message_id_of(read(f"Message-ID: <{ours}@shop.example>\r\n\r\n".encode())) == ours
    assert message_id_of(read(b"Message-ID: <CAF@mail.example>\r\n\r\n")) is None
    assert message_id_of(read(b"\r\n")) is None
