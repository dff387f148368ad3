"""Inside a supervised process: the role it plays, and that it never outlives its supervisor."""

import contextlib
import os
import runpy
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LIFELINE = "ORDERBELL_LIFELINE_FD"
LISTENER = "ORDERBELL_LISTENER_FD"
WEB_SHUTDOWN_SECONDS = 2
BACKLOG = 2048
AUTOGROUP = Path("/proc/self/autogroup")
BEHIND = 10  # how much nicer than the rest a process is whose work may wait


def web() -> None:
    """Serve HTTP on the supervisor's socket, or on one of our own."""
    import uvicorn

    from app.settings import load

    settings = load()
    config = uvicorn.Config(
        "app.entry.web:make_app",
        factory=True,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=WEB_SHUTDOWN_SECONDS,
    )
    given = os.environ.get(LISTENER)
    listener = socket.socket(fileno=int(given)) if given else listen(settings.host, settings.port)
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Open the socket that web processes share.

    Raises:
        OSError: If the port is taken or the host is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def relay() -> None:
    """Look what is due and wake the workers."""
    from app.entry import relay as role

    role.main()


def worker_fast() -> None:
    """Handle events and deliver what is urgent (L0, L1)."""
    from app.entry import worker as role

    role.main("fast")


def worker_bulk() -> None:
    """Deliver what may wait (L2, L3), with the time that the others leave."""
    from app.entry import worker as role

    stand_back()
    role.main("bulk")


def worker_slow() -> None:
    """Learn and compute what takes long, with the time that the others leave."""
    from app.entry import worker as role

    stand_back()
    role.main("slow")


def stand_back() -> None:
    """Leave the processor to the others wherever they want it.

    Linux may weigh sessions instead of processes; a supervised process is one by itself.
    """
    os.nice(BEHIND)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):  # this system weighs processes alone
            AUTOGROUP.write_text(str(BEHIND))


def scheduler() -> None:
    """Stand for leader and run the slots that are due."""
    from app.entry import scheduler as role

    role.main()


def mailbox() -> None:
    """Take the mail that leaves, for the dev outbox."""
    from app.entry import mailbox as role

    role.main()


def simulator() -> None:
    """Play the shop's customers; it speaks HTTP only and no room may import it."""
    sys.argv = ["app.demo"]
    runpy.run_module("app.demo", run_name="__main__", alter_sys=True)


ROLES: Mapping[str, Callable[[], None]] = {
    "web": web,
    "relay": relay,
    "worker-fast": worker_fast,
    "worker-bulk": worker_bulk,
    "worker-slow": worker_slow,
    "scheduler": scheduler,
    "mailbox": mailbox,
    "simulator": simulator,
}


def main(arguments: Sequence[str]) -> int:
    """Play the role that the first argument names; return the exit code."""
    from app.entry.failing import told

    hold_lifeline(os.environ.get(LIFELINE))
    return told(ROLES[arguments[0]])


def hold_lifeline(descriptor: str | None) -> None:
    """End this process when the other end of the pipe closes: the supervisor is gone, however."""
    if descriptor:
        threading.Thread(
            target=_watch, args=[int(descriptor)], name="lifeline", daemon=True
        ).start()


def _watch(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
