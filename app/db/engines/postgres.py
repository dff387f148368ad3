"""Our own PostgreSQL: one cluster under the home, on a unix socket, let in by the system's user."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from urllib.parse import quote

import psycopg

from app.db.engines import process
from app.db.engines.ground import Ground
from app.db.engines.programs import PostgresPrograms
from app.errors import EngineFailed, EngineTooOld

ROLE = "orderbell"
DATABASE = "orderbell"
LOG_BYTES = 10_000_000
BUILTIN_LOCALE_SINCE = 17
OPTIONS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    "wal_compression": "off",  # pages compressed by pglz cost more than the rows on them
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
}


class Postgres:
    """The server of one home: started when it does not answer, attached to when it does."""

    def __init__(
        self, ground: Ground, programs: PostgresPrograms, options: Mapping[str, str]
    ) -> None:
        self._ground = ground
        self._major = programs.major
        self._options = {**OPTIONS, "unix_socket_directories": str(ground.sockets), **options}
        self._log = ground.home / "postgres.log"
        self._child: subprocess.Popen[bytes] | None = None

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database in this server."""
        return f"postgresql+psycopg://{ROLE}@/{database}?host={quote(str(self._ground.sockets))}"

    def start(self) -> None:
        """Make the cluster when there is none, then the server when none answers."""
        if self._answers():
            return
        if self.is_running():
            self._await(None)
            return
        process.bury(self._child)
        if not (self._ground.data / "PG_VERSION").exists():
            self._create_cluster()
        self._check_major()
        self._let_in()
        self._forget_dead_server()
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        settings = [
            part for name, value in self._options.items() for part in ("-c", f"{name}={value}")
        ]
        self._child = process.launch(
            [str(self._ground.programs / "postgres"), "-D", str(self._ground.data), *settings],
            log=self._log,
            cwd=self._ground.data,
            runner=self._ground.runner,
        )
        self._await(self._child)
        self._create_database()

    def is_running(self) -> bool:
        """Say whether the server's process is there, whether it answers or not."""
        pid = self.pid()
        return pid is not None and self._is_ours(pid) and process.is_alive(pid)

    def stop(self) -> None:
        """End the server, open connections or not; committed work is on disk."""
        pid = self.pid()
        if pid is not None and self._is_ours(pid):
            process.stop(pid, politely=signal.SIGINT, child=self._child)
        self._child = None

    def leave(self) -> None:
        """Let go of the server while others use it."""
        process.leave_running(self._child)
        self._child = None

    def pid(self) -> int | None:
        """Return the server's process number as its pid file says."""
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            return int((self._ground.data / "postmaster.pid").read_text().splitlines()[0])
        return None

    def _await(self, child: subprocess.Popen[bytes] | None) -> None:
        process.await_answer(
            self._answers,
            self.is_running if child is None else lambda: child.poll() is None,
            name="PostgreSQL",
            log=self._log,
        )

    def _answers(self) -> bool:
        try:
            with self._connect("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    @staticmethod
    def _is_ours(pid: int) -> bool:
        """Tell a server from another program that got its number; where nothing tells, believe."""
        return process.program_of(pid) in {"postgres", None}

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._ground.sockets),
            user=ROLE,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def _create_cluster(self) -> None:
        is_builtin = self._major >= BUILTIN_LOCALE_SINCE
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if is_builtin
            else ["--locale=C"]
        )
        for leftover in self._ground.data.iterdir():  # of a start that was cut off
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        runner = self._ground.runner
        made = subprocess.run(  # noqa: S603 - a program of our own choice, no shell
            [
                str(self._ground.programs / "initdb"),
                *("-D", str(self._ground.data), "-U", ROLE, "--encoding=UTF8", "--auth=reject"),
                *("--no-instructions", "--no-sync", *locale),
            ],
            cwd=self._ground.data,
            env=process.PLAIN,
            capture_output=True,
            text=True,
            check=False,
            user=runner.child_uid,
            group=runner.child_gid,
            extra_groups=runner.child_groups,
        )
        if made.returncode:
            raise EngineFailed(f"initdb ended with code {made.returncode}:\n{made.stderr.strip()}")

    def _check_major(self) -> None:
        found = (self._ground.data / "PG_VERSION").read_text().strip()
        if found != str(self._major):
            raise EngineTooOld(
                f"PostgreSQL data in {self._ground.data} (dump it with its own version first)",
                needs=str(self._major),
                found=found,
            )

    def _let_in(self) -> None:
        """Let in the user who starts us, whose uid the system vouches for, and nobody else."""
        us = pwd.getpwuid(os.geteuid()).pw_name
        self._write("pg_hba.conf", "local all all peer map=orderbell\n")
        self._write("pg_ident.conf", f'orderbell "{us}" {ROLE}\n')

    def _write(self, name: str, text: str) -> None:
        path = self._ground.data / name
        path.write_text(text)
        if self._ground.runner.switch:
            os.chown(path, self._ground.runner.uid, self._ground.runner.gid)

    def _forget_dead_server(self) -> None:
        """Drop the pid file of a server that died when its number now names another program."""
        pid = self.pid()
        if pid is not None and not self._is_ours(pid):
            (self._ground.data / "postmaster.pid").unlink(missing_ok=True)

    def _create_database(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if known is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
