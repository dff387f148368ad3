"""The two fixtures of the suite: `tx`, which is rolled back, and `shop`, a database of its own.

One pair of engines serves the whole run: the first worker that needs it starts it, the rest attach,
and the last one out stops it.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from app.db.engine import make_engine
from app.db.engines import Engines, Urls
from app.db.engines.ground import forget
from app.db.migrate import migrate
from orders_core.tx import Tx
from tests.shop import Shop, create_database, drop_database, url_of

TEMPLATE = "template_shop"
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
}
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - no secret lies there
VALKEY_DATABASES = 16_384

_shops = count(1)


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """Engines for the whole run, shared by its workers; quick to write, for nothing has to last."""
    with _one_worker_at_a_time(tmp_path_factory, "engines"):
        home = _home_of_run(tmp_path_factory)
        own = Engines(
            home, postgres_options=FAST, valkey_options={"databases": str(VALKEY_DATABASES)}
        )
        urls = own.start()
    yield urls
    with _one_worker_at_a_time(tmp_path_factory, "engines"):
        if own.stop():
            forget(home)
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def template(engines: Urls, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database to clone from, made by the first worker that asks."""
    with _one_worker_at_a_time(tmp_path_factory, "template"):
        if create_database(engines.database, TEMPLATE):
            engine = make_engine(url_of(engines.database, TEMPLATE), pool_size=1)
            migrate(engine)
            engine.dispose()
    return TEMPLATE


@pytest.fixture(scope="session")
def reading_room(engines: Urls, template: str) -> Iterator[Engine]:
    """The database of all `tx` tests of this worker; each takes back what it wrote."""
    name = f"tx_{uuid4().hex[:12]}"
    create_database(engines.database, name, template=template)
    engine = make_engine(url_of(engines.database, name), pool_size=2)
    yield engine
    engine.dispose()
    drop_database(engines.database, name)


@pytest.fixture
def tx(reading_room: Engine) -> Iterator[Tx]:
    """One connection in a transaction that is rolled back."""
    with reading_room.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def shop(engines: Urls, template: str) -> Iterator[Shop]:
    """A migrated database of the test's own, for commits, several connections and processes."""
    name = f"shop_{uuid4().hex[:12]}"
    create_database(engines.database, name, template=template)
    opened = Shop.open(
        url_of(engines.database, name), engines=engines, valkey_database=_valkey_database()
    )
    yield opened
    opened.close()
    drop_database(engines.database, name)


def _quick_folder() -> str | None:
    """Return the memory's own file system where it has room: each shop copies a thousand files."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return str(MEMORY) if has_room and os.access(MEMORY, os.W_OK) else None


def _run_folder(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this run share."""
    own = factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


def _home_of_run(factory: pytest.TempPathFactory) -> Path:
    """Choose one short folder for the run; PostgreSQL's user could not enter pytest's own."""
    note = _run_folder(factory) / "engines.home"
    if not note.exists() or not Path(note.read_text()).exists():
        home = Path(tempfile.mkdtemp(prefix="orderbell-test-", dir=_quick_folder()))
        home.chmod(0o711)
        note.write_text(str(home))
    return Path(note.read_text())


@contextmanager
def _one_worker_at_a_time(factory: pytest.TempPathFactory, what: str) -> Iterator[None]:
    with (_run_folder(factory) / f"{what}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _valkey_database() -> int:
    """Give every shop a numbered Valkey database of its own; wake-ups use the next one."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return worker * (VALKEY_DATABASES // 8) + 2 * next(_shops)
