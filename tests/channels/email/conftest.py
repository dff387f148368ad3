"""The post office and the channel that writes to it."""

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from channels.email.channel import Email
from channels.email.server import MailServer
from tests.channels.email.post_office import PostOffice, free_port


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    yield office
    controller.stop()


@pytest.fixture
def mail_server(post_office: PostOffice) -> MailServer:
    return MailServer(
        host="127.0.0.1",
        port=post_office.port,
        sender="Orderbell <news@shop.example>",
        connect_seconds=2,
        send_seconds=1,
    )


@pytest.fixture
def email(mail_server: MailServer) -> Iterator[Email]:
    channel = Email("email", mail_server)
    yield channel
    channel.close()
