"""The one interface to the engines of a home: start them, get their addresses, stop them.

Whoever starts engines that already run is attached to them. The last to stop turns off the light:
every user holds a shared lock on a file of the home, which the system gives back when a process
dies, however it dies.
"""

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from app.db.engines import ground, programs
from app.db.engines.postgres import Postgres
from app.db.engines.valkey import Valkey
from app.errors import EngineFailed

Say = Callable[[str], None]


@dataclass(frozen=True)
class Urls:
    """Where the engines are: PostgreSQL, Valkey, and Valkey as Celery's broker."""

    database: str
    redis: str
    broker: str


class Engines:
    """PostgreSQL and Valkey under `home`; either is left out where the settings name another."""

    def __init__(
        self,
        home: Path,
        *,
        with_postgres: bool = True,
        with_valkey: bool = True,
        postgres_options: Mapping[str, str] | None = None,
        valkey_options: Mapping[str, str] | None = None,
        say: Say = lambda _line: None,
    ) -> None:
        self._home = home
        self._with_postgres, self._with_valkey = with_postgres, with_valkey
        self._postgres_options = postgres_options or {}
        self._valkey_options = valkey_options or {}
        self._say = say
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None
        self._held: IO[bytes] | None = None

    def start(self) -> Urls:
        """Start what does not run yet and return the addresses; two starts at once are safe.

        Raises:
            EngineMissing: If there is no program to start on this machine.
            EngineFailed: If a server ends before it answers.
        """
        ground.make_home(self._home)
        with self._alone():
            self._prepare()
            if self._held is None:
                self._held = self._open("engines.users")
                fcntl.flock(self._held, fcntl.LOCK_SH)
            try:
                for engine in self._engines():
                    engine.start()
            except BaseException:
                self._let_go()
                raise
        return self.urls()

    def mend(self, *, but_valkey: bool = False) -> list[str]:
        """Start again what has died since `start`, and name it; one that is only silent is left."""
        with self._alone():
            dead = [engine for engine in self._engines() if not engine.is_running()]
            if but_valkey:
                dead = [engine for engine in dead if engine is not self._valkey]
            for engine in dead:
                engine.start()
        return [type(engine).__name__ for engine in dead]

    def end_valkey(self) -> bool:
        """End Valkey alone, at once; False where another machine's is used."""
        if self._valkey is None:
            return False
        self._valkey.kill()
        return True

    def erase(self) -> None:
        """End the engines and remove everything that they keep.

        Raises:
            EngineFailed: If somebody else uses them.
        """
        self.stop()
        ground.make_home(self._home)
        with self._alone(), self._open("engines.users") as held:
            if not _try_alone(held):
                raise EngineFailed(f"{self._home} is in use; stop the other Orderbell first")
            self._prepare()
            for engine in self._engines():
                engine.stop()
            ground.forget(self._home)
            self._postgres = self._valkey = None

    def urls(self) -> Urls:
        """Return the addresses; an engine that was left out has an empty one."""
        valkey = self._valkey
        return Urls(
            database=self._postgres.url() if self._postgres else "",
            redis=valkey.url() if valkey else "",
            broker=valkey.broker_url() if valkey else "",
        )

    def stop(self) -> bool:
        """Let go of the engines; the last one to do so ends them. Say whether they were ended."""
        if self._held is None:
            return False
        with self._alone():
            return self._let_go()

    def __enter__(self) -> Urls:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _let_go(self) -> bool:
        held, self._held = self._held, None
        if held is None:
            return False
        with held:
            is_last = _try_alone(held)
            for engine in self._engines():
                engine.stop() if is_last else engine.leave()
        return is_last

    def _engines(self) -> list[Postgres | Valkey]:
        return [engine for engine in (self._valkey, self._postgres) if engine]

    def _prepare(self) -> None:
        if self._postgres or self._valkey:
            return
        if self._with_postgres:
            found = programs.postgres()
            place = ground.lay(self._home, found)
            if not (place.data / "PG_VERSION").exists():
                self._say("first start: creating a database (about 5 s)")
            self._postgres = Postgres(place, found, self._postgres_options)
        if self._with_valkey:
            self._valkey = Valkey(
                ground.lay_sockets(self._home),
                home=self._home,
                program=programs.valkey(),
                options=self._valkey_options,
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._open("engines.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open(self, name: str) -> IO[bytes]:
        return (self._home / name).open("ab")


def _try_alone(held: IO[bytes]) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
