"""One machine, one command: engines, schema, every process, and an orderly end."""

import contextlib
import fcntl
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from app.db.engine import make_engine
from app.db.engines import addresses, engines_of
from app.db.engines.engines import Engines
from app.db.engines.ground import make_home
from app.db.migrate import migrate
from app.db.preflight import look_at_broker, look_at_postgres, look_at_valkey
from app.entry import credentials as own
from app.entry import demo_clock
from app.entry.child import LISTENER
from app.entry.children import Children
from app.entry.front_door import open_door
from app.entry.plugs import Plugs, plugs
from app.entry.roster import environment, roles
from app.entry.shift import Served, Shift, Wish
from app.errors import EngineFailed, EngineUnreachable
from app.settings import DEFAULT_SECRET, Settings

__all__ = ["STOP_SECONDS", "Wish", "only_one", "serve"]

STOP_SECONDS = 8.5  # of the ten that are promised; the rest is for the engines

Say = Callable[[str], None]


def serve(settings: Settings, wish: Wish, *, say: Say) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    stop = _listen_for_the_end()
    started = time.monotonic()
    door = open_door(settings, takes_free_port=wish.takes_free_port)
    with only_one(settings.home), door as (listener, at_port):
        engines = engines_of(settings, say=say)
        try:
            served = _equip(_open_engines(at_port, engines, say=say), say=say)
            children = _children(served, wish, listener, say=say)
            with _clock(served.settings, say=say), _plugs(served.settings) as opened:
                shift = Shift(children, engines, served, wish, say, opened, started)
                code = shift.run(stop)
                say("stopping")
                children.stop(within_seconds=STOP_SECONDS)
        finally:
            engines.stop()
    say("stopped")
    return code


@contextmanager
def only_one(home: Path) -> Iterator[None]:
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


def _equip(settings: Settings, *, say: Say) -> Served:
    """Give a demo or test its own secret, staff and key; production was given its secret."""
    if settings.mode == "production":
        return Served(settings=settings)
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
        return Served(settings=settings, api_key=made.api_key)
    own_secret = settings.model_copy(update={"secret_key": SecretStr(made.secret_key)})
    return Served(settings=own_secret, api_key=made.api_key)


@contextmanager
def _clock(settings: Settings, *, say: Say) -> Iterator[None]:
    """Let a demo's business time run while the block does, and stand still from then on."""
    if settings.mode != "demo":
        yield
        return
    engine = make_engine(settings.database_url, pool_size=1)
    try:
        shown = demo_clock.wind(engine).astimezone(ZoneInfo(settings.shop_zone))
        say(f"the shop's clock shows {shown:%Y-%m-%d %H:%M}, {settings.shop_zone}")
        yield
        with contextlib.suppress(SQLAlchemyError, EngineUnreachable):
            demo_clock.rest(engine)
    finally:
        engine.dispose()


@contextmanager
def _plugs(settings: Settings) -> Iterator[Plugs]:
    """Open the plugs of a demo; others have none."""
    if settings.mode != "demo":
        yield Plugs()
        return
    with plugs(settings.home) as opened:
        yield opened


def _children(served: Served, wish: Wish, listener: socket.socket, *, say: Say) -> Children:
    told = {LISTENER: str(listener.fileno()), "ORDERBELL_API_KEY": served.api_key}
    return Children(
        roles=roles(served.settings, simulates=wish.simulates),
        environ={**environment(served.settings), **told},
        say=say,
        logs=wish.logs,
        inherited=[listener.fileno()],
    )


def _listen_for_the_end() -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    return stop
