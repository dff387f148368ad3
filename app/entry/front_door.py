"""The web's own socket: opened before anything starts, on a port that is free."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from app.entry.child import listen
from app.entry.roster import has_own_mailbox
from app.errors import ConfigError
from app.settings import EVERYWHERE, Settings

PORTS_TO_TRY = 20
LOOPBACK = "127.0.0.1"


def answers(host: str, port: int) -> bool:
    """Say whether the web process is ready for traffic."""
    line = http.client.HTTPConnection(LOOPBACK if host in EVERYWHERE else host, port, timeout=1)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == http.client.OK
    except OSError:
        return False
    except http.client.HTTPException:
        return False
    finally:
        line.close()


@contextmanager
def open_door(
    settings: Settings, *, takes_free_port: bool
) -> Iterator[tuple[socket.socket, Settings]]:
    """Open the web's socket; a demo takes the next free port when its own is busy.

    Raises:
        ConfigError: If the port is taken, or the host is none of this machine's.
    """
    reason = None
    for port in _from(settings.port) if takes_free_port else [settings.port]:
        try:
            listener = listen(settings.host, port)
        except OSError as fault:
            reason = reason or fault.strerror
            continue
        with listener:
            yield listener, _at_port(settings, port)
        return
    place = f"{settings.host}:{settings.port}"
    raise ConfigError([f"ORDERBELL_PORT: cannot listen on {place} ({reason}); name another"])


def _at_port(settings: Settings, port: int) -> Settings:
    head, _, tail = settings.public_url.rpartition(":")
    is_local = "public_url" not in settings.model_fields_set and tail == str(settings.port)
    url = f"{head}:{port}" if is_local else settings.public_url
    mail = settings.smtp_port
    if has_own_mailbox(settings):
        mail = next(port for port in _from(mail) if _is_free(LOOPBACK, port))
    return settings.model_copy(update={"port": port, "public_url": url, "smtp_port": mail})


def _from(port: int) -> range:
    return range(port, port + PORTS_TO_TRY)


def _is_free(host: str, port: int) -> bool:
    try:
        listen(host, port).close()
    except OSError:
        return False
    return True
