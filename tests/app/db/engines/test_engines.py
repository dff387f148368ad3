"""The embedded engines: started, joined, mended, stopped without a trace."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from app.db.engines import Engines, Urls, addresses, attached, programs
from app.db.engines.ground import LONGEST_SOCKET_FOLDER, Runner, forget, may_pass
from app.db.engines.process import is_alive
from app.errors import EngineFailed, EngineTooOld
from app.settings import load
from tests.poll import until

QUICK = {"fsync": "off", "shared_buffers": "16MB"}
ROOT = Path(__file__).parents[4]


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that PostgreSQL's user may walk to; pytest's own folders are private."""
    with tempfile.TemporaryDirectory(prefix="ob-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"
        forget(Path(folder) / "home")


def open_engines(home: Path) -> Engines:
    return Engines(home, postgres_options=QUICK)


def processes_of(home: Path) -> list[str]:
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout
    return [line for line in listed.splitlines() if str(home) in line]


def ask(urls: Urls, statement: str) -> str:
    with psycopg.connect(urls.database.replace("+psycopg", "")) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return str(row[0])


def test_they_start_answer_and_leave_no_process(home: Path):
    engines = open_engines(home)
    urls = engines.start()

    assert int(ask(urls, "SHOW server_version_num")) >= 150_000
    assert ask(urls, "SHOW listen_addresses") == ""
    assert ask(urls, "SHOW synchronous_commit") == "on"
    assert ask(urls, "SHOW server_encoding") == "UTF8"
    with redis.Redis.from_url(urls.redis) as valkey:
        assert valkey.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert valkey.config_get("port") == {"port": "0"}
    assert engines.stop()
    assert processes_of(home) == []


def test_a_second_start_is_quick_and_finds_what_was_written(home: Path):
    engines = open_engines(home)
    with psycopg.connect(engines.start().database.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    engines.stop()

    started = time.monotonic()
    urls = engines.start()
    took = time.monotonic() - started

    assert ask(urls, "SELECT n FROM kept") == "7"
    assert took < 2
    engines.stop()


def test_who_comes_second_joins_and_the_last_one_out_stops(home: Path):
    first, second = open_engines(home), open_engines(home)

    assert first.start() == second.start()
    assert not first.stop()
    assert ask(second.urls(), "SELECT 1") == "1"
    assert second.stop()
    assert processes_of(home) == []


START = """
import sys; from pathlib import Path; from app.db.engines import Engines
print(Engines(Path(sys.argv[1])).start().database, flush=True); sys.stdin.read()
"""


def start_elsewhere(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_processes_starting_at_once_share_one_pair_of_servers(home: Path):
    with start_elsewhere(home) as one, start_elsewhere(home) as other:
        said = [child.stdout.readline() for child in (one, other) if child.stdout]

        assert said[0] == said[1] != ""
        masters = [line for line in processes_of(home) if "postgres -D" in line]
        assert len(masters) == 1
        one.kill()
        other.kill()
    engines = open_engines(home)
    engines.start()

    assert engines.stop()
    assert processes_of(home) == []


def test_servers_whose_starter_was_killed_are_taken_over(home: Path):
    with start_elsewhere(home) as starter:
        assert starter.stdout is not None
        starter.stdout.readline()
        starter.kill()
    engines = open_engines(home)

    assert ask(engines.start(), "SELECT 1") == "1"
    assert engines.stop()
    assert processes_of(home) == []


def test_a_server_that_died_is_started_again_and_one_that_is_silent_is_not(home: Path):
    engines = open_engines(home)
    urls = engines.start()
    valkey = int((home / "valkey" / "valkey.pid").read_text())

    os.kill(valkey, signal.SIGSTOP)
    assert engines.mend() == []
    os.kill(valkey, signal.SIGKILL)
    until(lambda: not is_alive(valkey))

    assert engines.mend() == ["Valkey"]
    with redis.Redis.from_url(urls.redis) as client:
        assert client.ping()
    engines.stop()


def test_a_pid_file_that_now_names_another_program_is_no_hindrance(home: Path):
    engines = open_engines(home)
    engines.start()
    engines.stop()
    data = next(path.parent for path in [*home.glob("*/PG_VERSION")])
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n5432\n\n\n\n\n")

    assert ask(engines.start(), "SELECT 1") == "1"
    engines.stop()


def test_data_of_another_major_version_is_refused_with_both_named(home: Path):
    engines = open_engines(home)
    engines.start()
    engines.stop()
    next(iter(home.glob("*/PG_VERSION"))).write_text("13\n")

    with pytest.raises(EngineTooOld, match="found 13"):
        engines.start()
    assert processes_of(home) == []


def test_a_home_whose_path_is_too_long_for_a_socket_works_all_the_same(home: Path):
    deep = home.joinpath(*["a-folder-with-a-long-name"] * 5)
    engines = open_engines(deep)
    urls = engines.start()

    assert len(str(deep)) > LONGEST_SOCKET_FOLDER
    assert ask(urls, "SELECT 1") == "1"
    with redis.Redis.from_url(urls.redis) as valkey:
        assert valkey.ping()
    engines.erase()


def test_to_erase_is_refused_while_somebody_uses_them(home: Path):
    user, other = open_engines(home), open_engines(home)
    urls = user.start()

    with pytest.raises(EngineFailed, match="in use"):
        other.erase()
    assert ask(urls, "SELECT 1") == "1"
    user.stop()
    other.erase()
    assert list(home.glob("*/PG_VERSION")) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has such a home")
def test_root_may_keep_its_home_in_a_private_folder(home: Path):
    private = home / "private"
    private.mkdir(parents=True)
    private.chmod(0o700)
    engines = open_engines(private / "home")

    assert ask(engines.start(), "SELECT 1") == "1"
    assert private.stat().st_mode & 0o777 == 0o700
    engines.erase()
    assert processes_of(private) == []


def test_a_folder_is_passable_only_for_whom_it_is(tmp_path: Path):
    tmp_path.chmod(0o750)
    owner = Runner("", os.geteuid(), os.getegid(), switch=False)
    stranger = Runner("", 4_000_001, 4_000_001, switch=True)

    assert may_pass(tmp_path, owner)
    assert not may_pass(tmp_path, stranger)


def test_named_engines_are_used_and_none_is_started(home: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL"):
        monkeypatch.setenv(name, f"{name.split('_', maxsplit=1)[0].lower()}://elsewhere/0")
    settings = load(home=home)

    with attached(settings) as named:
        assert processes_of(home) == []
    assert addresses(named, Urls("", "", "")).broker == "broker://elsewhere/0"


def test_a_named_valkey_is_the_broker_too_unless_another_is_named(home: Path):
    settings = load(home=home, redis_url="redis://cache/0")

    assert addresses(settings, Urls("embedded", "", "")).broker == "redis://cache/0"
    assert addresses(settings, Urls("embedded", "", "")).database == "embedded"


def test_servers_on_path_are_used_in_the_same_way(home: Path, monkeypatch: pytest.MonkeyPatch):
    folders = [str(programs.postgres().bin), str(programs.valkey().path.parent)]
    monkeypatch.setenv("PATH", os.pathsep.join([*folders, os.environ["PATH"]]))
    monkeypatch.setattr(programs, "find_spec", lambda _name: None)
    engines = open_engines(home)

    assert ask(engines.start(), "SELECT 1") == "1"
    assert engines.stop()
    assert processes_of(home) == []


ORDINARY = """
import sys; from pathlib import Path; from app.db.engines import Engines
engines = Engines(Path(sys.argv[1])); engines.start(); print(engines.stop())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="changes to another user")
def test_an_ordinary_user_starts_and_stops_them_too(home: Path):
    python = Path("/usr/bin") / f"python3.{sys.version_info.minor}"
    if not python.exists():
        pytest.skip("no Python here that another user may run")
    home.parent.chmod(0o777)
    packages = Path(psycopg.__file__).parents[1]

    done = subprocess.run(
        [python, "-c", ORDINARY, str(home)],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{packages}"},
        user="nobody",
        group=pwd.getpwnam("nobody").pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "True\n", done.stderr
    assert home.stat().st_mode & 0o777 == 0o700
    assert processes_of(home) == []
