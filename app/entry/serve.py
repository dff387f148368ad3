"""One machine, one command: engines, schema, every process, and an orderly end."""

import fcntl
import http.client
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from app.db.engine import make_engine
from app.db.engines import addresses, engines_of
from app.db.engines.engines import Engines
from app.db.engines.ground import make_home
from app.db.migrate import migrate
from app.db.preflight import look_at_broker, look_at_postgres, look_at_valkey
from app.entry import credentials as own
from app.entry.child import LISTENER, listen
from app.entry.children import Children
from app.entry.roster import environment, has_own_mailbox, needed_first, roles
from app.errors import ConfigError, EngineFailed, EngineUnreachable
from app.settings import DEFAULT_SECRET, EVERYWHERE, Settings

STOP_SECONDS = 8.5  # of the ten that are promised; the rest is for the engines
TEND_SECONDS = 0.1
MEND_SECONDS = 3.0
SLOW_SECONDS = 60.0
PORTS_TO_TRY = 20
LOOPBACK = "127.0.0.1"

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How to serve. `logs`: a folder for what the processes say, else they say it here."""

    simulates: bool = False
    takes_free_port: bool = False
    logs: Path | None = None
    when_ready: Callable[[str], object] = lambda _url: None


def serve(settings: Settings, wish: Wish, *, say: Say) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    stop = _listen_for_the_end()
    started = time.monotonic()
    with _only_one(settings.home), _open_door(settings, wish) as (listener, at_port):
        engines = engines_of(settings, say=say)
        try:
            named = _open_engines(at_port, engines, say=say)
            complete, key = _equip(named, say=say)
            children = _children(complete, wish, listener, api_key=key, say=say)
            shift = _Shift(children, engines, complete, wish, say, started)
            code = shift.run(stop)
            say("stopping")
            children.stop(within_seconds=STOP_SECONDS)
        finally:
            engines.stop()
    say("stopped")
    return code


@dataclass
class _Shift:
    """The time between start and stop: tend the children, mend the engines, tell when ready."""

    children: Children
    engines: Engines
    settings: Settings
    wish: Wish
    say: Say
    started: float
    is_ready: bool = False

    def run(self, stop: threading.Event) -> int:
        """Stay until told to stop, or until a child says that it can never run."""
        first = needed_first(self.children.roles)
        self.children.start(first)
        mended = warned = time.monotonic()
        while not stop.wait(TEND_SECONDS):
            code = self.children.tend()
            if code is not None:
                return code
            if time.monotonic() - mended > MEND_SECONDS:
                self._mend()
                mended = time.monotonic()
            if not self.is_ready and answers(self.settings.host, self.settings.port):
                self.is_ready = True
                self.children.start([r.name for r in self.children.roles if r.name not in first])
                self._tell()
            if not self.is_ready and time.monotonic() - warned > SLOW_SECONDS:
                self.say("still not ready; the processes' own words say why")
                warned = time.monotonic()
        return 0

    def _tell(self) -> None:
        took = time.monotonic() - self.started
        self.say(f"ready after {took:.1f} s: {self.settings.public_url}")
        self.wish.when_ready(self.settings.public_url)

    def _mend(self) -> None:
        try:
            for name in self.engines.mend():
                self.say(f"{name} had died and was started again")
        except EngineFailed as fault:
            self.say(str(fault))


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
def _only_one(home: Path) -> Iterator[None]:
    """Let one supervisor serve a home at a time.

    Raises:
        EngineFailed: If another one does.
    """
    make_home(home)
    with (home / "serve.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EngineFailed(f"{home} is already being served; stop that one first") from None
        yield


@contextmanager
def _open_door(settings: Settings, wish: Wish) -> Iterator[tuple[socket.socket, Settings]]:
    """Open the web's socket; a demo takes the next free port when its own is busy.

    Raises:
        ConfigError: If the port is taken, or the host is none of this machine's.
    """
    reason = None
    for port in _from(settings.port) if wish.takes_free_port else [settings.port]:
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


def _open_engines(settings: Settings, engines: Engines, *, say: Say) -> Settings:
    urls = addresses(settings, engines.start())
    engine = make_engine(urls.database, pool_size=1)
    try:
        warnings = look_at_postgres(engine)
        migrate(engine)
    finally:
        engine.dispose()
    for look, url in ((look_at_valkey, urls.redis), (look_at_broker, urls.broker)):
        try:
            warnings += look(url)
        except EngineUnreachable as fault:  # the shop does without it for a while
            warnings.append(f"{fault}; until it is back, workers look for themselves")
    for warning in warnings:
        say(f"warning: {warning}")
    return settings.model_copy(
        update={"database_url": urls.database, "redis_url": urls.redis, "broker_url": urls.broker}
    )


def _equip(settings: Settings, *, say: Say) -> tuple[Settings, str]:
    """Give a demo or test its own secret, operator and key; production was given its secret."""
    if settings.mode == "production":
        return settings, ""
    known = own.recall(settings.home)
    engine = make_engine(settings.database_url, pool_size=1)
    try:
        made = own.enrol(engine, known or own.invent())
    finally:
        engine.dispose()
    if made != known:
        own.keep(settings.home, made)
        say(f"operator {made.operator}, password {made.password}")
        say(f"API key {made.api_key}")
    say(f"password and key are in {settings.home / own.FILE}")
    if settings.secret_key.get_secret_value() != DEFAULT_SECRET:
        return settings, made.api_key
    return settings.model_copy(update={"secret_key": SecretStr(made.secret_key)}), made.api_key


def _children(
    settings: Settings, wish: Wish, listener: socket.socket, *, api_key: str, say: Say
) -> Children:
    told = {LISTENER: str(listener.fileno()), "ORDERBELL_API_KEY": api_key}
    return Children(
        roles=roles(settings, simulates=wish.simulates),
        environ={**environment(settings), **told},
        say=say,
        logs=wish.logs,
        inherited=[listener.fileno()],
    )


def _listen_for_the_end() -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    return stop
