"""The launcher's second half: makes `.venv` and installs what a requirements file pins.

Runs under the system's Python before anything is installed, hence the standard library alone and no
import of ours. Packages are checked against the hashes in the file, whatever index they come from.
"""

import collections
import configparser
import contextlib
import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

UNAVAILABLE = 69
UV_PINS = "requirements-uv.txt"
PIP_INSTALL = ("install", "--no-input", "--progress-bar", "off", "--disable-pip-version-check")
FLICKER_SECONDS, TOLD_SECONDS = 0.2, 2.0
LAST_WORDS = 20
MEGA = 1_000_000
UNITS = {"B": 1, "kB": 1_000, "MB": MEGA, "GB": 1_000 * MEGA}
UNITS |= {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
ANNOUNCED = re.compile(r"^\s*Downloading (\S+) \(([\d.]+) ?([kKMG]?i?B)\)$")
ARRIVED = re.compile(r"^\s*Downloaded (\S+)$")
PIP_KEYS = (
    "index-url",
    "extra-index-url",
    "find-links",
    "no-index",
    "cert",
    "trusted-host",
    "proxy",
)


class CannotPrepare(Exception):
    """The environment cannot be made on this machine; the sentence says what is missing."""


def main(arguments: Sequence[str]) -> int:
    """Prepare the environment of `root` for a requirements file; return the exit code."""
    root, requirements = Path(arguments[0]), arguments[1]
    try:
        with _alone(root / ".venv.lock"):
            if not is_ready(root, requirements):
                prepare(root, requirements)
    except CannotPrepare as fault:
        say(str(fault))
        return UNAVAILABLE
    except OSError as fault:
        say(f"cannot prepare {root / '.venv'}: {fault.strerror}")
        return UNAVAILABLE
    return 0


def prepare(root: Path, requirements: str) -> None:
    """Make `.venv` where there is none that works, and install what the file pins."""
    started = time.monotonic()
    folder = root / ".venv"
    if not _works(folder):
        say("preparing .venv (only when its requirements change)")
        venv.create(folder, clear=folder.exists(), symlinks=True, with_pip=False)
    count = sum(1 for line in _lines(root / requirements) if "==" in line)
    say(f"installing {count} packages")
    install(root, folder, requirements)
    _stamp(root, requirements).write_text(checksum(root / requirements))
    say(f"ready after {time.monotonic() - started:.0f} s")


def install(root: Path, folder: Path, requirements: str) -> None:
    """Install with a pinned uv, else with pip.

    Raises:
        CannotPrepare: If there is neither, or the last of them fails.
    """
    python = folder / "bin" / "python"
    pinned = ["--require-hashes", "-r", str(root / requirements)]
    pip = _pip(python)
    uv = _uv(root, folder, pip)
    if uv and _fetch([*uv, "pip", "install", "--python", str(python), *pinned], uv_environment()):
        return
    if pip is None:
        raise CannotPrepare(
            _what_is_missing() if uv is None else "uv could not install the packages"
        )
    if uv:
        say("uv could not install them; trying pip")
    if not _fetch([*pip, *PIP_INSTALL, *pinned], os.environ):
        raise CannotPrepare("the packages could not be installed; the lines above say why")


class Meter:
    """Adds up what uv or pip says it downloads.

    uv announces many packages at once and tells each that arrived; pip fetches one after the other,
    so that the next one tells that the last arrived. Metadata and what comes from a cache is not
    announced, and does not count.
    """

    def __init__(self) -> None:
        self._sizes: dict[str, float] = {}
        self._arrived: set[str] = set()

    def hear(self, line: str) -> None:
        """Take one line that the installer wrote."""
        announced = ANNOUNCED.match(line)
        if announced:
            name, number, unit = announced.groups()
            if "/" in name or name.endswith((".whl", ".gz")):
                self._arrived = set(self._sizes)
            self._sizes[name] = float(number) * UNITS[unit] / MEGA
        elif arrived := ARRIVED.match(line):
            self._arrived.add(arrived.group(1))
        elif line.startswith(("Installing collected", "Prepared ")):
            self._arrived = set(self._sizes)

    @property
    def megabytes(self) -> tuple[float, float]:
        """How much has arrived, and how much was announced so far; MB."""
        came = sum(size for name, size in self._sizes.items() if name in self._arrived)
        return came, sum(self._sizes.values())

    def says(self) -> str:
        """Return how far it has come, in a line; an empty one while nothing is downloaded."""
        came, whole = self.megabytes
        return f"downloaded {came:.1f} of {whole:.1f} MB" if whole else ""


def is_ready(root: Path, requirements: str) -> bool:
    """Say whether the file's present content is what was installed last."""
    stamp = _stamp(root, requirements)
    return (
        _works(root / ".venv")
        and stamp.exists()
        and stamp.read_text() == checksum(root / requirements)
    )


def checksum(path: Path) -> str:
    """Return what `cksum < path` prints, which the launcher compares on every start."""
    with path.open("rb") as content:
        done = subprocess.run(["cksum"], stdin=content, capture_output=True, text=True, check=True)  # noqa: S607
    return done.stdout.strip()


def uv_environment() -> dict[str, str]:
    """Return the environment for uv, to which the user's settings of pip are handed on.

    uv reads none of pip's settings; what the user told uv itself comes first.
    """
    pip = pip_settings(os.environ)
    asked = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(pip.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"} else "",
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "ALL_PROXY": pip.get("proxy", ""),
    }
    if asked["UV_INDEX"]:
        asked["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # as pip does; the hashes decide anyway
    own = {**os.environ, "VIRTUAL_ENV": ""}
    return {**{name: value for name, value in asked.items() if value}, **own}


def pip_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Read pip's settings of this user: its files in pip's order, then the environment."""
    found: dict[str, str] = {}
    for path in _pip_files(environ):
        parser = configparser.RawConfigParser()
        with contextlib.suppress(configparser.Error, OSError, UnicodeDecodeError):
            parser.read(path, encoding="utf-8")
            for section in ("global", "install"):
                if parser.has_section(section):
                    found.update({k: v for k, v in parser.items(section) if k in PIP_KEYS})
    for key in PIP_KEYS:
        value = environ.get(f"PIP_{key.upper().replace('-', '_')}")
        if value:
            found[key] = value
    return found


def _pip_files(environ: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environ.get("HOME", "/nonexistent"))
    for folder in reversed(environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")):
        yield Path(folder) / "pip" / "pip.conf"
    yield Path("/Library/Application Support/pip/pip.conf")
    yield Path("/etc/pip.conf")
    yield home / ".pip" / "pip.conf"
    yield home / "Library" / "Application Support" / "pip" / "pip.conf"
    yield Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
    if environ.get("PIP_CONFIG_FILE"):
        yield Path(environ["PIP_CONFIG_FILE"])


def _uv(root: Path, folder: Path, pip: Sequence[str] | None) -> list[str] | None:
    own = folder / "bin" / "uv"
    if own.exists():
        return [str(own)]
    if pip is None:
        found = shutil.which("uv")
        return [found] if found else None
    pins = ["--require-hashes", "-r", str(root / UV_PINS)]
    brought = _fetch([*pip, *PIP_INSTALL, *pins], os.environ)
    return [str(own)] if brought and own.exists() else None


def _pip(python: Path) -> list[str] | None:
    """Find a pip for the new environment: the wheel beside ensurepip, else this Python's own."""
    for folder in _wheel_folders():
        wheels = sorted(folder.glob("pip-*.whl"))
        if wheels:
            return [str(python), str(wheels[-1] / "pip")]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(python)]
    return None


def _wheel_folders() -> Iterator[Path]:
    said = sysconfig.get_config_var("WHEEL_PKG_DIR")
    if said:
        yield Path(said)
    spec = importlib.util.find_spec("ensurepip")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "_bundled"


def _what_is_missing() -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"{sys.executable} has neither ensurepip nor pip, and there is no uv; "
        f"on Debian or Ubuntu: apt install python{version}-venv"
    )


def _run(command: Sequence[str], environ: Mapping[str, str]) -> bool:
    return subprocess.run(list(command), env=dict(environ), check=False).returncode == 0  # noqa: S603


def _fetch(command: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Run an installer and tell how many MB it has downloaded; where it fails, what it said."""
    meter, told, words = Meter(), Told(), collections.deque[str](maxlen=LAST_WORDS)
    with subprocess.Popen(  # noqa: S603 - a program of our own choice, no shell
        list(command),
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as installer:
        for line in installer.stdout or ():
            meter.hear(line.rstrip())
            words.append(line.rstrip())
            told.tell(meter.says())
    told.tell(meter.says(), is_last=True)
    if installer.returncode == 0:
        return True
    for line in words:
        say(line)
    return False


class Told:
    """Tells a line that changes: over itself on a terminal, else now and then anew."""

    def __init__(self) -> None:
        self._last, self._at = "", 0.0
        self._is_terminal = sys.stderr.isatty()

    def tell(self, line: str, *, is_last: bool = False) -> None:
        """Tell it if it says something new and the last time lies back far enough."""
        is_due = is_last or time.monotonic() - self._at >= (
            FLICKER_SECONDS if self._is_terminal else TOLD_SECONDS
        )
        if line and line != self._last and is_due:
            start = "\r\x1b[K" if self._is_terminal else ""
            sys.stderr.write(f"{start}orderbell: {line}{'' if self._is_terminal else chr(10)}")
            self._last, self._at = line, time.monotonic()
        if is_last and self._is_terminal and self._last:
            sys.stderr.write("\n")
        sys.stderr.flush()


def _works(folder: Path) -> bool:
    """Say whether the environment's Python starts: it does not when the system's was replaced."""
    python = folder / "bin" / "python"
    return python.exists() and _run([str(python), "-I", "-c", "import encodings"], os.environ)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _stamp(root: Path, requirements: str) -> Path:
    return root / ".venv" / f"installed-{requirements}"


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one start prepare at a time; the system gives the lock back when its holder dies."""
    with path.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is preparing .venv; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(line: str) -> None:
    """Tell the user what takes the time."""
    sys.stderr.write(f"orderbell: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
