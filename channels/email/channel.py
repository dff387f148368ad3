"""Email over SMTP."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from channels.contract import Envelope, GiveUp, Outcome, TryLater
from channels.email.compose import Letter, compose
from channels.email.line import Stale
from channels.email.pool import Pool
from channels.email.server import MailServer
from channels.means import Means

SHARE = 5  # letters that go over one line; more of them go over several at a time
LINES = 4


class Email:
    """Sends letters through one mail server over connections that are kept open. Thread-safe."""

    def __init__(self, name: str, server: MailServer) -> None:
        self.name = name
        self._sender = server.sender_address
        self._seconds = server.send_seconds
        self._pool = Pool(server)
        self._lines = ThreadPoolExecutor(LINES, thread_name_prefix="mail")

    def send(self, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """Send each envelope; those that the server leaves no time for are told to try later.

        A few go over one line, one after the other; many over several lines at once.
        """
        until = time.monotonic() + self._seconds
        if len(envelopes) <= SHARE:
            return self._send_in_turn(envelopes, until)
        shares = [envelopes[at : at + SHARE] for at in range(0, len(envelopes), SHARE)]
        going = [self._lines.submit(self._send_in_turn, share, until) for share in shares]
        return [outcome for share in going for outcome in share.result()]

    def close(self) -> None:
        """Hang up."""
        self._lines.shutdown()
        self._pool.close()

    def _send_in_turn(self, envelopes: Sequence[Envelope], until: float) -> list[Outcome]:
        return [self._send_one(envelope, until) for envelope in envelopes]

    def _send_one(self, envelope: Envelope, until: float) -> Outcome:
        if time.monotonic() >= until:
            return TryLater("the mail server is too slow for this many letters at once")
        try:
            return self._carry(compose(envelope, self._sender), until)
        except (GiveUp, TryLater) as refusal:
            return refusal

    def _carry(self, letter: Letter, until: float) -> Outcome:
        line, is_used = self._pool.take()
        outcome = line.carry(letter, until=until)
        if is_used and isinstance(outcome, Stale):
            line = self._pool.fresh()
            outcome = line.carry(letter, until=until)
        self._pool.give_back(line)
        return outcome


def build(name: str, means: Means) -> Email:
    """Build the channel on the mail server that the means name."""
    return Email(name, means.mail)
