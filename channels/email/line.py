"""One open connection to the mail server, and what its replies mean for a letter."""

import re
import smtplib
import ssl
import time

from channels.contract import Accepted, GiveUp, Outcome, TryLater, Unknown
from channels.email.compose import Letter
from channels.email.server import MailServer

LOST = OSError  # smtplib's own exceptions are OSErrors too
READY = 220
GO_AHEAD = 354
SERVICE_CLOSING = 421
TAKEN = range(200, 300)
FOR_GOOD = range(500, 600)
DEAD_ADDRESS = frozenset({550, 551, 553, 554})
# 5.7.x says that we are not welcome (a block list, a policy), not that nobody lives there.
POLICY = re.compile(rb"5\.7\.")
LEADING_DOT = re.compile(rb"(?m)^\.")
REF_LENGTH = 120


class Stale(TryLater):
    """The connection was gone before the server heard of the letter: another one may do at once."""


class Line:
    """A connection that was greeted, and logged in where the server is given a user."""

    def __init__(self, server: MailServer) -> None:
        """Connect.

        Raises:
            TryLater: If nobody answers, or the server does not want us now.
        """
        self.used_at = time.monotonic()
        self.letters = 0
        self.is_open = True
        self._smtp = smtplib.SMTP(
            local_hostname=server.sender_address.domain, timeout=server.connect_seconds
        )
        try:
            self._greet(server)
        except smtplib.SMTPResponseException as fault:
            self.close()
            raise TryLater(f"the mail server refused us: {fault.smtp_code}") from None
        except LOST as fault:
            self.close()
            raise TryLater(f"the mail server cannot be reached: {type(fault).__name__}") from None

    def carry(self, letter: Letter, *, until: float) -> Outcome:
        """Hand one letter over, by the monotonic time `until` at the latest."""
        try:
            self._hurry(until)
            refusal = self._refusal("sender", *self._smtp.mail(letter.sender))
        except LOST:
            return self._lost(Stale("the line to the mail server was lost"))
        if refusal is None:
            refusal = self._introduce(letter, until)
        if refusal is not None:
            return refusal
        try:
            return self._hand_over(letter.data, until)
        except LOST:
            return self._lost(Unknown("the line was lost after the letter was sent"))

    def close(self) -> None:
        """Hang up. Nothing is said: a server that has to be told goodbye may never answer."""
        self.is_open = False
        self._smtp.close()

    def _greet(self, server: MailServer) -> None:
        code, _ = self._smtp.connect(server.host, server.port)
        if code != READY:
            raise smtplib.SMTPConnectError(code, b"")
        self._smtp.ehlo_or_helo_if_needed()
        if server.starttls:
            self._smtp.starttls(context=ssl.create_default_context())
            self._smtp.ehlo_or_helo_if_needed()
        if server.user is not None:
            self._smtp.login(server.user, server.password or "")

    def _introduce(self, letter: Letter, until: float) -> Outcome | None:
        try:
            self._hurry(until)
            refusal = self._refusal("recipient", *self._smtp.rcpt(letter.to))
            if refusal is None:
                self._hurry(until)
                code, words = self._smtp.docmd("DATA")
                refusal = None if code == GO_AHEAD else self._refusal("data", code, words)
        except LOST:
            return self._lost(TryLater("the line was lost before the letter was sent"))
        return refusal

    def _hand_over(self, data: bytes, until: float) -> Outcome:
        self._hurry(until)
        self._smtp.send(LEADING_DOT.sub(b"..", data) + b".\r\n")
        code, words = self._smtp.getreply()
        self.used_at = time.monotonic()
        self.letters += 1
        refusal = self._refusal("letter", code, words)
        if refusal is not None:
            return refusal
        return Accepted(words.decode("utf-8", "replace")[:REF_LENGTH])

    def _refusal(self, step: str, code: int, words: bytes) -> Outcome | None:
        if code in TAKEN:
            return None
        reason = f"{step} refused: {code}"
        if code == SERVICE_CLOSING or code < 0:
            return self._lost(Stale(reason) if step == "sender" else TryLater(reason))
        self._forget()
        if code not in FOR_GOOD:
            return TryLater(reason)
        is_dead = step == "recipient" and code in DEAD_ADDRESS and not POLICY.match(words)
        return GiveUp(reason, address_is_dead=is_dead)

    def _forget(self) -> None:
        try:
            self._smtp.rset()
        except LOST:
            self.close()

    def _hurry(self, until: float) -> None:
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("closed")
        self._smtp.sock.settimeout(max(0.01, until - time.monotonic()))

    def _lost(self, outcome: Outcome) -> Outcome:
        self.close()
        return outcome
