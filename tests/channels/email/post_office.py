"""A real SMTP server on loopback whose every answer a test may script."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Letter

Answer = Callable[[SMTP], Awaitable[str]]


@dataclass
class PostOffice:
    """Takes letters; `at_mail`, `at_rcpt` and `at_data` hold what to answer, first one first."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    peers: list[object] = field(default_factory=list)
    rcpts: list[str] = field(default_factory=list)
    at_mail: list[str | Answer] = field(default_factory=list)
    at_rcpt: list[str | Answer] = field(default_factory=list)
    at_data: list[str | Answer] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd names its hooks after the verbs
        self, server: SMTP, session: Session, envelope: Letter, address: str, options: list[str]
    ) -> str:
        envelope.mail_options.extend(options)
        envelope.mail_from = address
        if session.peer not in self.peers:
            self.peers.append(session.peer)
        return await self._answer(server, self.at_mail, "250 OK")

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Letter, address: str, options: list[str]
    ) -> str:
        del session, options
        answer = await self._answer(server, self.at_rcpt, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            self.rcpts.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Letter
    ) -> str:
        del session
        content = cast("bytes", envelope.content)
        answer = await self._answer(server, self.at_data, f"250 taken as {len(self.raw)}")
        if answer.startswith("2"):
            self.raw.append(content)
            self.letters.append(message_from_bytes(content, EmailMessage, policy=policy.default))
        return answer

    async def _answer(self, server: SMTP, script: list[str | Answer], default: str) -> str:
        if not script:
            return default
        answer = script.pop(0)
        return answer if isinstance(answer, str) else await answer(server)


async def hang_up(server: SMTP) -> str:
    """Cut the connection instead of answering."""
    cast("asyncio.Transport", server.transport).abort()
    return "421 never heard"


async def say_nothing(server: SMTP) -> str:
    """Keep the connection and leave the question open for longer than anybody waits."""
    del server
    await asyncio.sleep(3)
    return "250 too late"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return cast("int", sock.getsockname()[1])
