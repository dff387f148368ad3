"""A mail server that never forgets: every accepted letter is on disk before it is acknowledged."""

import os
import sys
import threading
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK"


class DurableSink:
    """Writes one line per accepted letter: its Message-ID."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the letter, then say so."""
        letter = message_from_bytes(bytes(envelope.original_content or b""))
        os.write(self._file, f"{letter['Message-ID'].strip()}\n".encode())
        os.fsync(self._file)
        return ACCEPTED


def main(port: str, path: str) -> None:
    """Serve on loopback until standard input closes, which is when the parent is gone."""
    controller = Controller(DurableSink(Path(path)), hostname="127.0.0.1", port=int(port))
    controller.start()
    threading.Thread(target=sys.stdin.read, name="parent").run()
    controller.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
