"""The mailbox of demo mode: a mail server on loopback that keeps every letter and passes none on.

It says that it took a letter only once the letter is stored, as a mail server must. Some addresses
misbehave by name, for whoever tests what becomes of a message.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast
from uuid import UUID

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.db.transaction import begin
from app.errors import EngineUnreachable
from app.messages import capture
from app.messages.capture import Captured
from app.settings import Settings
from channels.fake.actors import Part, part_of
from orders_core.clock import Clock

LOOPBACK = "127.0.0.1"
LARGEST_BYTES = 10 * 1024 * 1024
POOL = 4
REFUSALS: Mapping[Part | None, str] = {
    Part.BOUNCE: "550 5.1.1 a test address: nobody lives there",
    Part.REJECT: "554 5.7.1 a test address: the text is not wanted",
    Part.SLOW: "451 4.7.0 a test address: too busy now",
}

log = structlog.get_logger()


class Keeper:
    """aiosmtpd's handler: stores each letter once per recipient."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take the recipient, unless it is a test address that plays a refusal."""
        del server, session
        if refusal := REFUSALS.get(part_of("email", address)):
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Store the letter; 451 asks the sender to come back when the database is away."""
        del session
        try:
            await asyncio.to_thread(self._store, envelope)
        except (SQLAlchemyError, EngineUnreachable) as fault:
            log.warning("letter_not_stored", error=type(fault).__name__)
            return "451 4.3.0 not stored, try again"
        if any(part_of("email", to) is Part.TIMEOUT for to in envelope.rcpt_tos):
            cast("asyncio.Transport", server.transport).abort()  # taken, and nobody hears of it
        return "250 2.0.0 stored"

    def _store(self, envelope: Envelope) -> None:
        letter = read(cast("bytes", envelope.content))
        now = self._clock.now()
        copies = [
            Captured(
                channel="email",
                address=address,
                message_id=message_id_of(letter),
                subject=str(letter["Subject"] or ""),
                body=part(letter, "plain") or "",
                html=part(letter, "html"),
                headers=tuple((name, str(value)) for name, value in letter.items()),
                captured_at=now,
            )
            for address in envelope.rcpt_tos
        ]
        with begin(self._engine) as tx:
            capture.store(tx, copies)
            capture.complain(tx, copies)


def read(content: bytes) -> EmailMessage:
    """Read a letter, however odd: what cannot be read is kept as far as it can."""
    return message_from_bytes(content, EmailMessage, policy=policy.default)


def part(letter: EmailMessage, kind: str) -> str | None:
    """Return the text of the letter's `plain` or `html` part, with plain line ends."""
    body = letter.get_body((kind,))
    if body is None:
        return None
    raw = cast("bytes", body.get_payload(decode=True) or b"")
    charset = body.get_content_charset() or "utf-8"
    try:
        text = raw.decode(charset, "replace")
    except LookupError:
        text = raw.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def message_id_of(letter: EmailMessage) -> UUID | None:
    """Return the id of our message that the Message-ID carries; None if it is not one of ours."""
    name = str(letter["Message-ID"] or "").strip().removeprefix("<").partition("@")[0]
    try:
        return UUID(name)
    except ValueError:
        return None


@contextmanager
def mailbox(settings: Settings, engine: Engine, clock: Clock) -> Iterator[int]:
    """Keep a mailbox open in this process while the block runs; yields its port.

    Raises:
        OSError: If the port is taken.
    """
    controller = Controller(
        Keeper(engine, clock),
        hostname=LOOPBACK,
        port=settings.smtp_port,
        data_size_limit=LARGEST_BYTES,
        ident="Orderbell mailbox",
    )
    controller.start()
    try:
        yield settings.smtp_port
    finally:
        controller.stop()


def main() -> None:
    """Run the mailbox until SIGTERM."""
    from app.entry.standing import Stop, open_house

    stop = Stop().listen()
    house = open_house("mailbox", pool_size=POOL)
    with mailbox(house.settings, house.engine, house.clock):
        stop.wait()
    house.engine.dispose()
