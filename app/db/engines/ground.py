"""Where the engines live: the folder of their data, of their sockets, and the user who runs them.

PostgreSQL refuses to run as root. Started by root it therefore runs as an ordinary user of the
machine, who must be able to reach its data and programs. Where a private folder bars the way
(root's own home does), both go to `/var/lib/orderbell`; no folder of yours is opened to others.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.db.engines.programs import PostgresPrograms
from app.errors import EngineFailed, EngineMissing

ROOT = 0
SYSTEM_HOME = Path("/var/lib/orderbell")
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
CANDIDATES = ("postgres", "embedded_postgres", "nobody")


@dataclass(frozen=True)
class Runner:
    """The user of the machine under whom PostgreSQL runs; `switch` only when root starts it."""

    name: str
    uid: int
    gid: int
    switch: bool

    @property
    def child_uid(self) -> int | None:
        """The user a child must change to, if any."""
        return self.uid if self.switch else None

    @property
    def child_gid(self) -> int | None:
        """The group a child must change to, if any."""
        return self.gid if self.switch else None

    @property
    def child_groups(self) -> list[str | int] | None:
        """The further groups a child keeps: none, when it changes."""
        return [] if self.switch else None


@dataclass(frozen=True)
class Ground:
    """The folders of one home's engines."""

    home: Path
    data: Path
    sockets: Path
    programs: Path
    runner: Runner


def make_home(home: Path) -> None:
    """Make the home: nobody else lists it, and as root PostgreSQL's user may walk through it."""
    if not home.exists():
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == ROOT else 0o700)


def lay(home: Path, programs: PostgresPrograms) -> Ground:
    """Make the folders of the engines under `home`, private to the user who runs them.

    Raises:
        EngineFailed: If a folder belongs to somebody else.
    """
    home = home.resolve()
    runner = _runner()
    reachable = not runner.switch or may_pass(home, runner)
    base = home if reachable else _system_base(home)
    ground = Ground(
        home=home,
        data=base / "postgres",
        sockets=_socket_folder(base, "run"),
        programs=_reachable_programs(programs, runner),
        runner=runner,
    )
    _private(ground.data, runner)
    _private(ground.sockets, runner)
    return ground


def lay_sockets(home: Path) -> Path:
    """Make the folder of Valkey's socket, which runs as whoever starts it."""
    us = ourselves()
    folder = _socket_folder(home.resolve(), "valkey")
    _private(folder, us)
    return folder


def ourselves() -> Runner:
    """Return the user who starts us, who need not have a name."""
    return Runner("", os.geteuid(), os.getegid(), switch=False)


def forget(home: Path) -> None:
    """Remove what `home` keeps outside of itself: the folders of its sockets and of its data."""
    home = home.resolve()
    note = home / "postgres.elsewhere"
    elsewhere = [Path(note.read_text())] if note.exists() else []
    for base in [home, *elsewhere]:
        for folder in (
            _socket_folder(base, "run"),
            _socket_folder(base, "valkey"),
            base / "postgres",
        ):
            shutil.rmtree(folder, ignore_errors=True)
    for base in elsewhere:
        shutil.rmtree(base, ignore_errors=True)
    note.unlink(missing_ok=True)


def may_pass(path: Path, runner: Runner) -> bool:
    """Say whether the user may walk down to `path`, `path` included."""
    return all(_may_enter(folder, runner) for folder in (path, *path.parents))


def _may_enter(folder: Path, runner: Runner) -> bool:
    facts = folder.stat()
    if facts.st_uid == runner.uid:
        return bool(facts.st_mode & 0o100)
    if facts.st_gid == runner.gid:
        return bool(facts.st_mode & 0o010)
    return bool(facts.st_mode & 0o001)


def _runner() -> Runner:
    uid = os.geteuid()
    if uid != ROOT:
        return Runner(_name(uid), uid, os.getegid(), switch=False)
    for name in CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(name, found.pw_uid, found.pw_gid, switch=True)
    raise EngineMissing(
        "PostgreSQL does not run as root and this machine has no user named "
        f"{' or '.join(CANDIDATES)}; add one, or start Orderbell as an ordinary user"
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise EngineMissing(
            f"PostgreSQL needs a user with a name and uid {uid} has none in /etc/passwd; "
            "start Orderbell as a named user, or set DATABASE_URL"
        ) from None


def _system_base(home: Path) -> Path:
    """Return the folder outside of `home`, which a note in `home` names: it may have been moved."""
    note = home / "postgres.elsewhere"
    base = Path(note.read_text()) if note.exists() else SYSTEM_HOME / _short(home)
    base.mkdir(parents=True, exist_ok=True)
    for folder in (SYSTEM_HOME, base):
        folder.chmod(0o755)
    note.write_text(str(base))
    return base


def _socket_folder(base: Path, name: str) -> Path:
    """Choose a folder whose sockets' names fit in the 107 bytes that the system allows."""
    plain = base / name
    if len(os.fsencode(plain)) <= LONGEST_SOCKET_FOLDER:
        return plain
    return Path(tempfile.gettempdir()).resolve() / f"orderbell-{name}-{_short(base)}"


def _reachable_programs(programs: PostgresPrograms, runner: Runner) -> Path:
    """Return the folder of the programs, or of a copy where the user may not reach the original."""
    if not runner.switch or may_pass(programs.bin, runner):
        return programs.bin
    copy = SYSTEM_HOME / f"programs-{_short(programs.bin)}"
    inner = programs.bin.relative_to(programs.root)
    if not (copy / "complete").exists():
        for part in {inner.parts[0], "embedded_postgres.libs"}:
            if (programs.root / part).exists():
                shutil.copytree(programs.root / part, copy / part, dirs_exist_ok=True)
        for folder in (SYSTEM_HOME, copy):
            folder.chmod(0o755)
        (copy / "complete").touch()
    return copy / inner


def _private(folder: Path, runner: Runner) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    facts = folder.lstat()
    if folder.is_symlink() or facts.st_uid not in {os.geteuid(), runner.uid}:
        raise EngineFailed(
            f"{folder} belongs to another user of this machine; "
            "start Orderbell as that user, or set ORDERBELL_HOME to a folder of your own"
        )
    folder.chmod(0o700)
    if runner.switch:
        os.chown(folder, runner.uid, runner.gid)


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
